// The server's card keys: seal tokens so that a holder can print the same code again, and sign what a page hands out.
// Live in the data folder, never in the database: whoever steals a copy of the database cannot open one card.
// The file holds 32 bytes for each key, the present one first. Older ones still open and recognise what they made; they go when nothing
// needs them any more (see rotate-card-key.ts).
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes as systemRandomBytes,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrMakeKey, replaceKey } from '../storage/key-file.ts';

export interface CardKey {
  /** AES-256-GCM; `context` must be the same when it is opened. */
  seal(plain: string, context: Uint8Array, nonce: Uint8Array): Buffer;
  /** @throws CardKeyError */
  open(sealed: Uint8Array, context: Uint8Array): string;
  /** HMAC-SHA-256 over the lines of `parts`: what a copy of the database alone cannot make or guess. */
  sign(...parts: readonly string[]): Buffer;
  /** The same with every key there is, the present one first: for what may have been signed before a change of keys. */
  signAll(...parts: readonly string[]): Buffer[];
}

/** One of the keys: what it seals begins with `sealHead`, so that what others sealed can be told apart in the store. */
export interface SingleCardKey extends CardKey {
  readonly sealHead: Buffer;
}

/** The sealed token was made with another key, or was altered. */
export class CardKeyError extends Error {
  override readonly name = 'CardKeyError';
  readonly code = 'card-key';
  constructor() {
    super('a sealed card token cannot be opened with this card key');
  }
}

/** 1: without the name of its key. 2: with it. */
const [unnamedSeal, namedSeal] = [1, 2];
const nonceLength = 12;
const tagLength = 16;
const keyNameLength = 4;
const secretLength = 32;
const mostKeys = 64;

function pathOf(dataDir: string): string {
  return join(dataDir, 'keys', 'card.key');
}

/** Reads the keys of this data folder, or makes the first. Several processes starting at once end up with the same one. */
export async function openCardKey(dataDir: string): Promise<CardKey> {
  const path = pathOf(dataDir);
  const secrets = await readOrMakeKey(path);
  return cardKeys(keysOf(secrets), () => keysOf(readFileSync(path)));
}

/** All keys of a data folder, the present one first. @throws CardKeyError when the file is damaged */
export async function readCardKeys(dataDir: string): Promise<SingleCardKey[]> {
  return keysOf(await readFile(pathOf(dataDir)));
}

/** Puts a new key before the others. Durable when it returns; a crash before leaves the file as it was. */
export async function addCardKey(dataDir: string): Promise<void> {
  const secrets = Buffer.concat([systemRandomBytes(secretLength), await readFile(pathOf(dataDir))]);
  // What could not be read again must not be written.
  keysOf(secrets);
  await replaceKey(pathOf(dataDir), secrets);
}

/** Keeps the present key alone: only when nothing that an older one made is left. */
export async function dropOldCardKeys(dataDir: string): Promise<void> {
  const secrets = await readFile(pathOf(dataDir));
  keysOf(secrets);
  await replaceKey(pathOf(dataDir), secrets.subarray(0, secretLength));
}

function keysOf(secrets: Buffer): SingleCardKey[] {
  const count = secrets.length / secretLength;
  if (!Number.isInteger(count) || count < 1 || count > mostKeys) throw new CardKeyError();
  return Array.from({ length: count }, (_, at) =>
    cardKey(secrets.subarray(at * secretLength, (at + 1) * secretLength)),
  );
}

/** `readAgain` is asked when nothing known fits: another process may have changed the keys. */
function cardKeys(known: readonly SingleCardKey[], readAgain: () => readonly SingleCardKey[]): CardKey {
  let keys = known;
  const tryOpen = (sealed: Uint8Array, context: Uint8Array): string | undefined => {
    for (const key of keys) {
      try {
        return key.open(sealed, context);
      } catch {
        // The next one, then.
      }
    }
    return undefined;
  };
  const present = (): SingleCardKey => {
    const [first] = keys;
    if (!first) throw new CardKeyError();
    return first;
  };
  return {
    seal(plain, context, nonce) {
      keys = readAgain();
      return present().seal(plain, context, nonce);
    },
    open(sealed, context) {
      const opened = tryOpen(sealed, context);
      if (opened !== undefined) return opened;
      keys = readAgain();
      const second = tryOpen(sealed, context);
      if (second === undefined) throw new CardKeyError();
      return second;
    },
    sign: (...parts) => present().sign(...parts),
    signAll(...parts) {
      keys = readAgain();
      return keys.map((key) => key.sign(...parts));
    },
  };
}

/** `secret` is 32 bytes. */
export function cardKey(secret: Uint8Array): SingleCardKey {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32));
  const sealing = derive('medallion card token');
  const signing = derive('medallion card signature');
  const name = createHash('sha256').update(derive('medallion card key name')).digest();
  const sign = (...parts: readonly string[]) =>
    createHmac('sha256', signing).update(parts.join('\n'), 'utf8').digest();
  const sealHead = Buffer.concat([Buffer.of(namedSeal), name.subarray(0, keyNameLength)]);
  return {
    sealHead,
    seal(plain, context, nonce) {
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce.subarray(0, nonceLength));
      cipher.setAAD(context);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([sealHead, nonce.subarray(0, nonceLength), body, cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const headLength = sealed[0] === unnamedSeal ? 1 : sealHead.length;
      const mine = sealed[0] === unnamedSeal || sealHead.equals(sealed.subarray(0, headLength));
      if (!mine || sealed.length <= headLength + nonceLength + tagLength) throw new CardKeyError();
      const bodyAt = headLength + nonceLength;
      const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(headLength, bodyAt), {
        authTagLength: tagLength,
      });
      decipher.setAAD(context);
      decipher.setAuthTag(sealed.subarray(-tagLength));
      try {
        const body = decipher.update(sealed.subarray(bodyAt, -tagLength));
        return Buffer.concat([body, decipher.final()]).toString('utf8');
      } catch {
        throw new CardKeyError();
      }
    },
    sign,
    signAll: (...parts) => [sign(...parts)],
  };
}
