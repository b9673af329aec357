const legacyCopy = text => {
  const area = document.createElement('textarea');
  area.value = text; document.body.append(area); area.select();
  document.execCommand('copy'); area.remove();
};
watch('value', async () => {
  const box = element.querySelector('[data-kind]'); if (!box) return;
  const text = box.textContent;
  if (box.dataset.kind === 'copy') {
    try { await navigator.clipboard.writeText(text); } catch { legacyCopy(text); }
    const link = document.querySelector(`a[href="#do-copy-${box.dataset.turn}"]`);
    if (link) { const words = link.textContent; link.textContent = '✓ ' + box.dataset.done;
      setTimeout(() => { link.textContent = words; }, 1500); }
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type: 'text/plain'}));
  link.download = box.dataset.name; document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
