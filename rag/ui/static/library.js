element.addEventListener('click', ev => {
  const button = ev.target.closest('button'); if (!button) return;
  if (button.matches('.sb-inspect')) { window.sbOpener = button; trigger('inspect', {id: button.dataset.id}); }
  if (button.matches('.sb-remove') && window.confirm(button.dataset.sure)) trigger('removal', {id: button.dataset.id});
});
