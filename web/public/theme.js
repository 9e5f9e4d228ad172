// Applies the colours kept on this device before the first paint. Nothing personal is kept.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed: the colours follow the device.
}
