() => {
  const remembered = localStorage.getItem('sourcebound-theme');
  if (remembered) document.body.classList.toggle('dark', remembered === 'dark');
  // Gradio labels a message with its markup, which a screen reader would spell out.
  const unlabel = () => document.querySelectorAll('#chat [aria-label*="<div"]').forEach(node => node.removeAttribute('aria-label'));
  new MutationObserver(unlabel).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label']});
  document.addEventListener('click', ev => {
    const control = ev.target.closest?.('[data-sb]'); if (!control) return;
    if (control.dataset.sb === 'theme') {
      const dark = document.body.classList.toggle('dark');
      localStorage.setItem('sourcebound-theme', dark ? 'dark' : 'light');
    }
    if (control.dataset.sb === 'language') {
      const address = new URL(location.href);
      address.searchParams.set('lang', control.dataset.to);
      location.href = address;
    }
  });
}
