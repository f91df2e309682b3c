// Runs before the first paint, so that a chosen theme never flashes. A file of its own, because the content policy
// allows no script inside the page. The key is shared with ui/use-theme.ts.
try {
  const theme = JSON.parse(localStorage.getItem('theme') ?? 'null')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is refused: the machine's theme holds.
}
