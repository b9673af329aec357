element.addEventListener('click', ev => {
  const button = ev.target.closest('button'); if (!button) return;
  if (button.matches('.sb-inspect')) { window.sbOpener = button; trigger('inspect', {id: button.dataset.id}); }
  if (button.matches('.sb-only')) trigger('only', {id: button.dataset.id});
  if (button.matches('.sb-remove') && window.confirm(button.dataset.sure)) trigger('removal', {id: button.dataset.id});
});
// The component's label says other words than it shows, which confuses speech input.
const unlabel = () => {
  const upload = document.getElementById('upload');
  if (!upload) { setTimeout(unlabel, 300); return; }
  const strip = () => upload.querySelectorAll('button.upload-container').forEach(b => b.removeAttribute('aria-label'));
  strip(); new MutationObserver(strip).observe(upload, {childList: true, subtree: true, attributes: true, attributeFilter: ['aria-label']});
};
unlabel();
