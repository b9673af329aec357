const settle = () => {
  const dialog = element.querySelector('dialog'); if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  const mark = dialog.querySelector('#sb-current');
  const body = dialog.querySelector('.sb-page-text');
  if (mark) { mark.scrollIntoView({block: 'center'}); mark.focus({preventScroll: true}); }
  else if (body) { body.scrollTop = 0; body.focus({preventScroll: true}); }
  if (dialog.querySelector('.sb-switch') && localStorage.getItem('sourcebound-view') === 'page') look(dialog, 'page');
};
// The page as printed is drawn when it is first asked for; its SVG is the server's own, numbers and a picture.
const draw = async sheet => {
  if (sheet.dataset.drawn) return;
  sheet.dataset.drawn = '1';
  sheet.classList.add('sb-waiting');
  const answer = await fetch(sheet.dataset.src);
  const text = await answer.text();
  sheet.classList.remove('sb-waiting');
  if (!answer.ok) { sheet.textContent = text; sheet.removeAttribute('role'); return; }
  sheet.replaceChildren(document.importNode(new DOMParser().parseFromString(text, 'image/svg+xml').documentElement, true));
};
const look = async (dialog, view) => {
  const sheet = dialog.querySelector('.sb-printed');
  dialog.classList.toggle('sb-as-printed', view === 'page');
  dialog.querySelectorAll('.sb-switch button').forEach(b => b.setAttribute('aria-pressed', b.dataset.view === view));
  if (view !== 'page') { dialog.querySelector('#sb-current')?.scrollIntoView({block: 'center'}); return; }
  await draw(sheet);
  (sheet.querySelector('.sb-box') ?? sheet).scrollIntoView({block: 'center'});
};
element.addEventListener('click', ev => {
  const dialog = element.querySelector('dialog'); if (!dialog) return;
  const view = ev.target.closest('[data-view]')?.dataset.view;
  if (view) { localStorage.setItem('sourcebound-view', view); look(dialog, view); }
  if (ev.target.closest('.sb-close') || ev.target === dialog) dialog.close();
});
element.addEventListener('keydown', ev => {
  if (ev.key !== 'ArrowLeft' && ev.key !== 'ArrowRight') return;
  const steps = element.querySelectorAll('dialog[open] button.sb-open');
  if (steps.length === 2) steps[ev.key === 'ArrowLeft' ? 0 : 1].click();
});
element.addEventListener('close', () => { window.sbOpener?.focus?.(); }, true);
watch('value', settle);
