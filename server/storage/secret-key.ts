// A key of this installation that seals what must not be readable from a copy of the database. Lives in the data folder, one file a purpose.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface SecretKey {
  /** AES-256-GCM; `context` must be the same when it is opened. */
  seal(plain: string, context: string): Buffer;
  /** Throws when the text was sealed with another key or for another context, or was altered. */
  open(sealed: Uint8Array, context: string): string;
}

const nonceLength = 12;
const tagLength = 16;

/** Reads the key, or makes it; several processes at once end up with the same one. */
export async function openSecretKey(dataDir: string, purpose: string): Promise<SecretKey> {
  const folder = join(dataDir, 'keys');
  const path = join(folder, `${purpose}.key`);
  const secret = (await readKey(path)) ?? (await makeKey(folder, path));
  if (secret.length !== 32) throw new TypeError('a key file is not 32 bytes long');
  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce);
      cipher.setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, nonceLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(-tagLength));
      const body = decipher.update(sealed.subarray(nonceLength, -tagLength));
      return Buffer.concat([body, decipher.final()]).toString('utf8');
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
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(32));
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
  return readFile(path);
}
