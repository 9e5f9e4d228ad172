// Keeps the shell of the app on the device: its page and its hashed parts, so that a reload without network shows the app and not the browser's
// error. Nothing personal is ever kept or even passes here: only pages and parts of the build are answered, everything else goes its own way.
import { isServerPath } from '../paths.ts';

declare const self: ServiceWorkerGlobalScope;

/** What the build made; put in place of this name by shell-plugin.ts. */
declare const SHELL: {
  /** Changes whenever a byte of the build does. */
  readonly id: string;
  /** What every page needs, the page itself aside. The first is named in the page. */
  readonly first: readonly string[];
  /** Every hashed part there is. */
  readonly parts: readonly string[];
};

// The name stands for the whole list: used once, it is in the script once.
const shell = SHELL;
const CACHE = `shell-${shell.id}`;
/** Every page is this one: the app knows its routes. */
const PAGE = '/';
/** Without a hash in their names: the network's come first. */
const PLAIN = ['/theme.js', '/icon.svg'];
const PARTS: ReadonlySet<string> = new Set(shell.parts);
const LONGEST_MS = 8_000;

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});
self.addEventListener('message', (event) => {
  event.waitUntil(keepToo(partsIn(event.data)));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    // The emergency page and all the server makes: not even looked at, so that a scan is asked for once and by the browser.
    if (!isServerPath(pathname)) event.respondWith(fromNetworkFirst(request, PAGE));
  } else if (PARTS.has(pathname)) event.respondWith(partOf(request, pathname));
  else if (PLAIN.includes(pathname)) event.respondWith(fromNetworkFirst(request, pathname));
});

async function install(): Promise<void> {
  const page = await fetch(PAGE, { cache: 'reload', credentials: 'omit' });
  // While a new build is being put up, page and worker may be of two builds: nothing is kept then, the browser tries again at the next load.
  const [entry = ''] = shell.first;
  if (!page.ok || !(await page.clone().text()).includes(entry)) throw new Error('page and worker differ');
  const cache = await caches.open(CACHE);
  await cache.addAll([...shell.first, ...PLAIN]);
  await cache.put(PAGE, page);
  await self.skipWaiting();
}

/** What was kept of the build before goes; of parts that are in the new one too, or have a successor in it, the new is kept. */
async function activate(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name !== CACHE);
  const stems = new Set<string>();
  for (const name of others)
    for (const { url } of await (await caches.open(name)).keys()) stems.add(stemOf(new URL(url).pathname));
  // A failure here costs comfort without network, never the new build.
  await keepToo(shell.parts.filter((part) => stems.has(stemOf(part)))).catch(() => undefined);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** "/assets/visit-page" of "/assets/visit-page-B8AzgSzj.js". */
const stemOf = (part: string): string => part.replace(/-[\w-]{8}(\.\w+)$/, '$1');

/** A page names what it has loaded: of that only parts of this build count. */
function partsIn(said: unknown): readonly string[] {
  return Array.isArray(said) ? said.filter((one) => typeof one === 'string' && PARTS.has(one)) : [];
}

async function keepToo(parts: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const part of parts) if ((await cache.match(part)) === undefined) await cache.add(part);
}

/** A hashed part never changes: the kept one is the one. */
async function partOf(request: Request, part: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(part);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) await cache.put(part, answer.clone());
  return answer;
}

/** The newest as long as there is a network; the kept one when there is none, or it does not answer. */
async function fromNetworkFirst(request: Request, kept: string): Promise<Response> {
  const asked = fetch(request);
  const late = new Promise<undefined>((resolve) => {
    setTimeout(resolve, LONGEST_MS);
  });
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  return answer ?? (await (await caches.open(CACHE)).match(kept)) ?? asked;
}
