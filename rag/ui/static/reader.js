const settle = () => {
  const dialog = element.querySelector('dialog'); if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  const mark = dialog.querySelector('#sb-current');
  const body = dialog.querySelector('.sb-page-text');
  if (mark) { mark.scrollIntoView({block: 'center'}); mark.focus({preventScroll: true}); }
  else if (body) { body.scrollTop = 0; body.focus({preventScroll: true}); }
};
element.addEventListener('click', ev => {
  const dialog = element.querySelector('dialog');
  if (dialog && (ev.target.closest('.sb-close') || ev.target === dialog)) dialog.close();
});
element.addEventListener('keydown', ev => {
  if (ev.key !== 'ArrowLeft' && ev.key !== 'ArrowRight') return;
  const steps = element.querySelectorAll('dialog[open] button.sb-open');
  if (steps.length === 2) steps[ev.key === 'ArrowLeft' ? 0 : 1].click();
});
element.addEventListener('close', () => { window.sbOpener?.focus?.(); }, true);
watch('value', settle);
