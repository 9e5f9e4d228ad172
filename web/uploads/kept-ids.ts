// Which unfinished upload belongs to which files, kept on this device so that it goes on after the page was loaded anew. By fingerprints
// alone: neither a name of a file nor a number of a person is kept.

const KEY = 'uploads-under-way';
const MOST = 200;
/** As long as the server keeps them. */
const KEPT_MS = 7 * 86_400_000;

type Kept = Record<string, readonly [id: string, atMs: number]>;

function read(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Kept) : {};
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  try {
    if (Object.keys(kept).length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Storage is closed: after a reload such a file begins anew.
  }
}

export function keptId(fingerprint: string): string | undefined {
  return read()[fingerprint]?.[0];
}

export function keepId(fingerprint: string, id: string, nowMs: number): void {
  const fresh = Object.entries(read())
    .filter(([, [, atMs]]) => nowMs - atMs < KEPT_MS)
    .slice(1 - MOST);
  write({ ...Object.fromEntries(fresh), [fingerprint]: [id, nowMs] });
}

export function forgetId(fingerprint: string): void {
  const { [fingerprint]: _gone, ...rest } = read();
  write(rest);
}
