// The log's signing keys and name: made on the first start, kept beside the data, never in the database that they must outlive.
// Written only by whoever holds the sequencer's lock; a change of keys is asked for by a second file beside it (see key-rotation.ts).
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoteSigner } from '../../core/ledger/note.ts';
import { formatVerifierKey, SIGNATURE_TYPES, verifierKeyOf } from '../../core/ledger/verifier-key.ts';
import { readIfThere, writeDurably } from './durable-file.ts';

export interface LogKey extends NoteSigner {
  /** The log's name in checkpoints: a URL without scheme, fixed on the first start. */
  origin: string;
  /** Verifier key as `name+id+base64`. */
  vkey: string;
}

/** A change of keys as the key file keeps it: the note, and the entry that puts it into the log. */
export interface KeyChangeRecord {
  note: string;
  entry: {
    entryId: string;
    kind: number;
    recordedAtMs: number;
    statement: string;
    /** Base64. */
    salt: string;
    commitment: string;
  };
}

export interface KeyFile {
  origin: string;
  privateKey: string;
  /** The key before, which still signs beside the present one until then. */
  retiring?: { privateKey: string; untilMs: number; size: number };
  /** Oldest first. */
  changes?: KeyChangeRecord[];
}

/** Itself the present key; `refresh` makes it see what another process has changed. */
export interface LogKeys extends LogKey {
  readonly file: KeyFile;
  refresh(): Promise<void>;
  /** Only for the holder of the sequencer's lock. Durable when it returns. */
  replace(file: KeyFile): Promise<void>;
  /** Who signs a checkpoint of this size, the present key first. */
  signersFor(size: number, nowMs: number): LogKey[];
  /** All that this log ever signed with, as vkeys. */
  allVkeys(): string[];
}

/** The log has signed checkpoints but its key is gone: a new key would make it another log. */
export class LogKeyMissingError extends Error {
  readonly code = 'log-key-missing';
  constructor(path: string) {
    super(`the log has been signed before, but its key ${path} is missing; put it back from your backup`);
    this.name = 'LogKeyMissingError';
  }
}

export function keyFolder(dataDir: string): string {
  return join(dataDir, 'keys');
}

/** Reads the keys, or makes the first one when `mayCreate`. `origin` is used only then. */
export async function openLogKey(dataDir: string, origin: string, mayCreate: boolean): Promise<LogKeys> {
  const path = join(keyFolder(dataDir), 'log-key.json');
  const stored = await readIfThere(path);
  if (stored !== undefined) return createLogKeys(path, stored);
  if (!mayCreate) throw new LogKeyMissingError(path);
  const text = textOf({ origin, privateKey: newPrivateKey() });
  await mkdir(keyFolder(dataDir), { recursive: true, mode: 0o700 });
  await writeDurably(path, text);
  return createLogKeys(path, text);
}

/** PEM of a new Ed25519 key. */
export function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

export function logKeyOf(origin: string, privateKeyPem: string): LogKey {
  const privateKey = createPrivateKey(privateKeyPem);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = new Uint8Array(Buffer.from(x ?? '', 'base64url'));
  return {
    origin,
    name: origin,
    publicKey,
    vkey: formatVerifierKey(verifierKeyOf(origin, SIGNATURE_TYPES.ed25519, publicKey)),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

function createLogKeys(path: string, firstText: string): LogKeys {
  let text = firstText;
  let file = JSON.parse(text) as KeyFile;
  let present = logKeyOf(file.origin, file.privateKey);
  let retiring = retiringOf(file);

  function take(newText: string): void {
    if (newText === text) return;
    file = JSON.parse(newText) as KeyFile;
    present = logKeyOf(file.origin, file.privateKey);
    retiring = retiringOf(file);
    text = newText;
  }

  return {
    get file() {
      return file;
    },
    get origin() {
      return present.origin;
    },
    get name() {
      return present.name;
    },
    get publicKey() {
      return present.publicKey;
    },
    get vkey() {
      return present.vkey;
    },
    sign: (message) => present.sign(message),
    async refresh() {
      const stored = await readIfThere(path);
      if (stored === undefined) throw new LogKeyMissingError(path);
      take(stored);
    },
    async replace(newFile) {
      const newText = textOf(newFile);
      await writeDurably(path, newText);
      take(newText);
    },
    signersFor(size, nowMs) {
      const old = file.retiring;
      // What the old key ruled it must sign, however long ago that was to end.
      return old && retiring && (nowMs < old.untilMs || size <= old.size) ? [present, retiring] : [present];
    },
    allVkeys() {
      const replaced = (file.changes ?? []).map(({ note }) => /^old (.+)$/m.exec(note)?.[1] ?? '');
      return [...replaced, present.vkey];
    },
  };
}

function retiringOf({ origin, retiring }: KeyFile): LogKey | undefined {
  return retiring && logKeyOf(origin, retiring.privateKey);
}

function textOf(file: KeyFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}
