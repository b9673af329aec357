let asked = null;
const dialog = () => element.querySelector('dialog');
const link = () => document.querySelector(`a[href="#do-${asked.rating}-${asked.turn}"]`);
document.addEventListener('click', ev => {
  const act = ev.target.closest?.('a[href^="#do-good-"], a[href^="#do-bad-"]'); if (!act) return;
  ev.preventDefault();
  const [, rating, turn] = act.getAttribute('href').split('-');
  asked = {rating, turn};
  if (act.classList.contains('sb-on')) { trigger('rate', {turn, rating: ''}); return; }
  trigger('rate', asked);
  dialog().querySelector('textarea').value = '';
  dialog().querySelector('h2').textContent = dialog().dataset[rating];
  dialog().showModal();
}, true);
element.addEventListener('click', ev => {
  if (ev.target.closest('.sb-save')) trigger('rate', {...asked, note: dialog().querySelector('textarea').value});
  if (ev.target.closest('button') || ev.target === dialog()) dialog().close();
});
element.addEventListener('close', () => link()?.focus(), true);
