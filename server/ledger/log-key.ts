// The log's signing key and name: made on the first start, kept beside the data, never in the database that it must outlive.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoteSigner } from '../../core/ledger/note.ts';
import { formatVerifierKey, SIGNATURE_TYPES, verifierKeyOf } from '../../core/ledger/verifier-key.ts';

export interface LogKey extends NoteSigner {
  /** The log's name in checkpoints: a URL without scheme, fixed on the first start. */
  origin: string;
  /** Verifier key as `name+id+base64`. */
  vkey: string;
}

/** The log has signed checkpoints but its key is gone: a new key would make it another log. */
export class LogKeyMissingError extends Error {
  readonly code = 'log-key-missing';
  constructor(path: string) {
    super(`the log has been signed before, but its key ${path} is missing; put it back from your backup`);
    this.name = 'LogKeyMissingError';
  }
}

interface KeyFile {
  origin: string;
  privateKey: string;
}

/** Reads the key, or makes one when `mayCreate`. `origin` is used only then. */
export async function openLogKey(dataDir: string, origin: string, mayCreate: boolean): Promise<LogKey> {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'log-key.json');
  const stored = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stored !== undefined) return logKeyOf(JSON.parse(stored) as KeyFile);
  if (!mayCreate) throw new LogKeyMissingError(path);
  const { privateKey } = generateKeyPairSync('ed25519');
  const file: KeyFile = { origin, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return logKeyOf(file);
}

function logKeyOf(file: KeyFile): LogKey {
  const privateKey = createPrivateKey(file.privateKey);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = new Uint8Array(Buffer.from(x ?? '', 'base64url'));
  return {
    origin: file.origin,
    name: file.origin,
    publicKey,
    vkey: formatVerifierKey(verifierKeyOf(file.origin, SIGNATURE_TYPES.ed25519, publicKey)),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

/** Whole and synced under its name, or not there: written beside it first. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.part`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}
