let wanted = null;
const show = id => {
  const card = document.getElementById(id); if (!card) return false;
  const folded = card.closest('details'); if (folded) folded.open = true;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  card.scrollIntoView({block: 'nearest', behavior: calm ? 'auto' : 'smooth'});
  card.focus({preventScroll: true});
  document.querySelectorAll('.sb-card.sb-flash').forEach(other => other.classList.remove('sb-flash'));
  card.classList.add('sb-flash');
  return true;
};
const target = node => node.closest?.('a[href^="#ev-"]')?.getAttribute('href').slice(1);
const light = (id, on) => {
  document.getElementById(id)?.classList.toggle('sb-lit', on);
  document.querySelectorAll('a.sb-marker').forEach(link => {
    if (link.getAttribute('href') === '#' + id) link.classList.toggle('sb-lit', on);
  });
};
const hovered = ev => target(ev.target) || ev.target.closest?.('.sb-card')?.id;
for (const [name, on] of [['mouseover', true], ['focusin', true], ['mouseout', false], ['focusout', false]])
  document.addEventListener(name, ev => { const id = hovered(ev); if (id) light(id, on); }, true);

document.addEventListener('click', ev => {
  const id = target(ev.target);
  if (id) {
    ev.preventDefault();
    if (!show(id)) { wanted = id; trigger('recall', {turn: id.split('-')[1]}); }
    return;
  }
  const act = ev.target.closest?.('a[href^="#do-"]');
  if (act) {
    ev.preventDefault();
    const [, kind, turn] = act.getAttribute('href').split('-');
    if (kind === 'again' || kind === 'edit') trigger(kind, {turn});
    else if (kind !== 'good' && kind !== 'bad') trigger('export', {kind, turn});
    return;
  }
  const opener = ev.target.closest?.('button.sb-open');
  if (opener && !opener.disabled) {
    if (!opener.closest('dialog')) window.sbOpener = opener;
    trigger('open', {turn: opener.dataset.turn, key: opener.dataset.key});
  }
}, true);
watch('value', () => { if (wanted) { show(wanted); wanted = null; } });
