// Lets the browser keep the shell of the app, so that a reload without network still shows it (service-worker.ts). A browser that cannot, or a page
// that did not come over https, works as before.

/** Registers the worker and names to it what this page loads: parts that came before it answered for the page do not pass it by themselves. */
export function keepShell(): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const loaded = new Set<string>();
  const name = (parts: readonly string[]): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of this origin alone
    serviceWorker.controller?.postMessage(parts);
  };
  // What was under way while the worker took over is an entry only when it has come.
  new PerformanceObserver((list) => {
    const parts = list
      .getEntries()
      .map((one) => new URL(one.name))
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
      .map(({ pathname }) => pathname);
    for (const part of parts) loaded.add(part);
    if (parts.length > 0) name(parts);
  }).observe({ type: 'resource', buffered: true });
  serviceWorker.addEventListener('controllerchange', () => name([...loaded]));
  const register = (): void => {
    // Refused by settings of the browser: as if there were none.
    serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => undefined);
  };
  // After what the page itself needs.
  if (document.readyState === 'complete') register();
  else window.addEventListener('load', register, { once: true });
}
