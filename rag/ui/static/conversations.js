element.addEventListener('click', ev => {
  const button = ev.target.closest('button'); if (!button) return;
  const id = button.dataset.id;
  if (button.matches('.sb-pick')) trigger('pick', {id});
  if (button.matches('.sb-save')) trigger('save', {id});
  if (button.matches('.sb-delete') && window.confirm(button.dataset.sure)) trigger('drop', {id});
  if (button.matches('.sb-rename')) {
    const title = window.prompt(button.dataset.ask, button.dataset.title);
    if (title) trigger('rename', {id, title});
  }
});
