// Visits that are not in the record yet, on this device: drafts, and what was signed and waits to be sent. Each is encrypted under a key that
// cannot be read out; signing out, or somebody else signing in, deletes the key and all of them. Knows no page and no server.
import type { Category } from '../../core/access/categories.ts';
import type { VisitDraft } from '../../core/visit/draft.ts';
import type { Signing } from '../../core/visit/entries.ts';

/** Why a signed visit was not sent: somebody has to look. */
export type Stop =
  | { readonly kind: 'pen' | 'refused' }
  | {
      readonly kind: 'record-changed';
      readonly titles: readonly string[];
      readonly versions: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'findings' };

/** What only the server found: it sees more of the record. By the key of the medicine. */
export interface ServerFinding {
  readonly rule: string;
  readonly words: string;
}

export interface KeptVisit {
  readonly draft: VisitDraft;
  readonly person: { readonly name?: string | undefined; readonly uhid?: string | undefined };
  readonly state: 'open' | 'waiting' | 'stopped' | 'sent';
  readonly signing?:
    undefined | (Omit<Signing, 'covered'> & { readonly covered?: readonly Category[] | undefined });
  /** How often it left without an answer that says what became of it. */
  readonly unanswered: number;
  readonly stop?: Stop | undefined;
  readonly found?: Readonly<Record<string, readonly ServerFinding[]>>;
  /** The Encounter it became. */
  readonly encounter?: string;
  readonly told?: boolean;
  /** Written on without network, where nothing can be signed: it is called to mind until it is. */
  readonly writtenAway?: true;
}
/** As read: `revision` is what a later save is based on. */
export interface Kept extends KeptVisit {
  readonly revision: number;
  readonly savedAt: number;
}

interface Row extends Sealed {
  readonly id: string;
  readonly account: string;
  readonly revision: number;
  readonly savedAt: number;
}

const NAME = 'medallion-visits';
const LONGEST_MS = 7 * 86_400_000;
const MOST = 200;
const CHANNEL = 'medallion-visits';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('storage failed')));
  });

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('keys');
    request.result.createObjectStore('visits', { keyPath: 'id' });
  };
  return done(request);
}

async function withStore<T>(act: (database: IDBDatabase) => Promise<T>): Promise<T> {
  const database = await open();
  // Another window signs out: let it delete.
  database.onversionchange = () => database.close();
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

/** The same where a store was made before; undefined where this device keeps nothing: looking makes none. */
export async function withStoreIfAny<T>(act: (database: IDBDatabase) => Promise<T>): Promise<T | undefined> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.transaction?.abort();
  const database = await done(request).catch(() => undefined);
  if (database === undefined) return undefined;
  database.onversionchange = () => database.close();
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

/** Made when first needed; two windows that make one at once agree on the first. */
export async function keyOf(database: IDBDatabase): Promise<CryptoKey> {
  const known = await done<unknown>(database.transaction('keys').objectStore('keys').get('key'));
  if (known instanceof CryptoKey) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const keys = database.transaction('keys', 'readwrite').objectStore('keys');
  const first = await done<unknown>(keys.get('key'));
  if (first instanceof CryptoKey) return first;
  await done(keys.put(made, 'key'));
  return made;
}

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

/** `what` as JSON, under the key and readable only as that which `bound` names. */
export async function sealed(key: CryptoKey, bound: string, what: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const encode = (text: string) => new TextEncoder().encode(text);
  const made = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: encode(bound) },
    key,
    encode(JSON.stringify(what)),
  );
  return { iv, sealed: made };
}

/** Throws when it was sealed under another key, or as something else. */
async function unsealed<T>(key: CryptoKey, bound: string, row: Sealed): Promise<T> {
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: row.iv, additionalData: new TextEncoder().encode(bound) },
    key,
    row.sealed,
  );
  return JSON.parse(new TextDecoder().decode(plain)) as T;
}

/** What lies beside the key under this name. */
export async function openSealed<T>(database: IDBDatabase, name: string): Promise<T | undefined> {
  const keys = database.transaction('keys').objectStore('keys');
  const row = await done<Sealed | undefined>(keys.get(name));
  return row === undefined ? undefined : unsealed<T>(await keyOf(database), name, row);
}

async function openRow(key: CryptoKey, row: Row): Promise<Kept | undefined> {
  try {
    const kept = await unsealed<KeptVisit>(key, `${row.account} ${row.id}`, row);
    return { ...kept, revision: row.revision, savedAt: row.savedAt };
  } catch {
    // Of a key that is gone: nobody reads it any more.
    return undefined;
  }
}

/** The newest first. What is older than a week goes. */
export async function listKept(account: string, nowMs: number): Promise<Kept[]> {
  return withStore(async (database) => {
    const rows = await done<Row[]>(
      database.transaction('visits').objectStore('visits').getAll(undefined, MOST),
    );
    const old = rows.filter(({ savedAt }) => savedAt < nowMs - LONGEST_MS);
    if (old.length > 0) {
      const store = database.transaction('visits', 'readwrite').objectStore('visits');
      await Promise.all(old.map(({ id }) => done(store.delete(id))));
    }
    const key = await keyOf(database);
    const kept = await Promise.all(
      rows.filter((row) => row.account === account && !old.includes(row)).map((row) => openRow(key, row)),
    );
    return kept.filter((one) => one !== undefined).sort((a, b) => b.savedAt - a.savedAt);
  });
}

/**
 * Saves over the revision it was read from (0: it is new) and gives the new one; `undefined` when another window has saved since: then
 * nothing is written over.
 */
export async function saveKept(
  account: string,
  kept: KeptVisit,
  basedOn: number,
  nowMs: number,
): Promise<number | undefined> {
  const { id } = kept.draft;
  const { revision: _revision, savedAt: _savedAt, ...plain } = kept as Kept;
  const saved = await withStore(async (database) => {
    const key = await keyOf(database);
    const under = await sealed(key, `${account} ${id}`, plain);
    const store = database.transaction('visits', 'readwrite').objectStore('visits');
    const standing = (await done<Row | undefined>(store.get(id)))?.revision ?? 0;
    if (standing !== basedOn) return undefined;
    const row: Row = { id, account, revision: basedOn + 1, savedAt: nowMs, ...under };
    await done(store.put(row));
    return row.revision;
  });
  if (saved !== undefined) tell();
  return saved;
}

export async function dropKept(id: string): Promise<void> {
  await withStore((database) =>
    done(database.transaction('visits', 'readwrite').objectStore('visits').delete(id)),
  );
  tell();
}

/** Signing out: key and visits are gone. */
export async function forgetKept(): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    // Held open elsewhere for a moment: the browser deletes it as soon as it is closed there.
    for (const over of ['blocked', 'success', 'error']) request.addEventListener(over, () => resolve());
  });
}

/** Somebody signed in: what another account left here goes, what is theirs stays. */
export async function forgetKeptOfOthers(account: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  const rows = await withStore((database) =>
    done<Row[]>(database.transaction('visits').objectStore('visits').getAll()),
  ).catch(() => []);
  if (rows.some((row) => row.account !== account)) await forgetKept();
}

/** Whether this device keeps anything: a page that did not come over https cannot. */
export const keepsHere = (): boolean =>
  typeof indexedDB !== 'undefined' && typeof crypto !== 'undefined' && 'subtle' in crypto;

function tell(): void {
  const channel = new BroadcastChannel(CHANNEL);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel of this origin alone
  channel.postMessage('changed');
  channel.close();
  for (const watcher of watchers) watcher();
}

const watchers = new Set<() => void>();

/** Whenever a visit was kept, sent or dropped, in this window or another. */
export function watchKept(changed: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', changed);
  watchers.add(changed);
  return () => {
    channel.close();
    watchers.delete(changed);
  };
}
