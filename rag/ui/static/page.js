() => {
  const remembered = localStorage.getItem('sourcebound-theme');
  if (remembered) document.body.classList.toggle('dark', remembered === 'dark');
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
