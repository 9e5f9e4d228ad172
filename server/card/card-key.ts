// The server's card key: seals tokens so that a holder can print the same code again, and signs what a page hands out.
// Lives in the data folder, never in the database: whoever steals a copy of the database cannot open one card.
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes as systemRandomBytes,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface CardKey {
  /** AES-256-GCM; `context` must be the same when it is opened. */
  seal(plain: string, context: Uint8Array, nonce: Uint8Array): Buffer;
  /** @throws CardKeyError */
  open(sealed: Uint8Array, context: Uint8Array): string;
  /** HMAC-SHA-256 over the lines of `parts`: what a copy of the database alone cannot make or guess. */
  sign(...parts: readonly string[]): Buffer;
}

/** The sealed token was made with another key, or was altered. */
export class CardKeyError extends Error {
  override readonly name = 'CardKeyError';
  readonly code = 'card-key';
  constructor() {
    super('a sealed card token cannot be opened with this card key');
  }
}

const sealVersion = 1;
const nonceLength = 12;
const tagLength = 16;

/** Reads the key of this data folder, or makes it. Several processes starting at once end up with the same one. */
export async function openCardKey(dataDir: string): Promise<CardKey> {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'card.key');
  const secret = (await readKey(path)) ?? (await makeKey(folder, path));
  if (secret.length !== 32) throw new CardKeyError();
  return cardKey(secret);
}

/** `secret` is 32 bytes. */
export function cardKey(secret: Uint8Array): CardKey {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32));
  const sealing = derive('medallion card token');
  const signing = derive('medallion card signature');
  return {
    seal(plain, context, nonce) {
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce.subarray(0, nonceLength));
      cipher.setAAD(context);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([
        Buffer.of(sealVersion),
        nonce.subarray(0, nonceLength),
        body,
        cipher.getAuthTag(),
      ]);
    },
    open(sealed, context) {
      if (sealed[0] !== sealVersion || sealed.length <= 1 + nonceLength + tagLength) throw new CardKeyError();
      const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(1, 1 + nonceLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(context);
      decipher.setAuthTag(sealed.subarray(-tagLength));
      try {
        const body = decipher.update(sealed.subarray(1 + nonceLength, -tagLength));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        throw new CardKeyError();
      }
    },
    sign(...parts) {
      return createHmac('sha256', signing).update(parts.join('\n'), 'utf8').digest();
    },
  };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole under another name and then linked: a crash leaves no half key, and the first of two processes wins. */
async function makeKey(folder: string, path: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A name of one's own also within one process: a shared file would still be written to after it was linked.
  const temporary = `${path}.${systemRandomBytes(8).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(systemRandomBytes(32));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return readFile(path);
}
