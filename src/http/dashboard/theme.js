// Runs before the page is drawn, so that it is never drawn in the other theme first.
{
  const known = localStorage.getItem('honzik:theme')
  if (known === 'light' || known === 'dark') document.documentElement.dataset.theme = known
}
