element.addEventListener('click', ev => {
  const button = ev.target.closest('button[data-kind]');
  if (button) trigger('drop', {kind: button.dataset.kind, value: button.dataset.value});
});
