element.addEventListener('click', ev => {
  const button = ev.target.closest('button.sb-example');
  if (button) trigger('example', {id: button.dataset.id});
});
