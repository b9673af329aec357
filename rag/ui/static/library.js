element.addEventListener('click', ev => {
  const button = ev.target.closest('button'); if (!button) return;
  if (button.matches('.sb-inspect')) { window.sbOpener = button; trigger('inspect', {id: button.dataset.id}); }
  if (button.matches('.sb-remove') && window.confirm(button.dataset.sure)) trigger('removal', {id: button.dataset.id});
});
// The component's label says other words than it shows, which confuses speech input.
const upload = document.getElementById('upload');
const unlabel = () => upload?.querySelectorAll('button.upload-container').forEach(b => b.removeAttribute('aria-label'));
if (upload) { unlabel(); new MutationObserver(unlabel).observe(upload, {childList: true, subtree: true}); }
