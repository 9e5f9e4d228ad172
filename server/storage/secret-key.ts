// A key of this installation that seals what must not be readable from a copy of the database. Lives in the data folder, one file a purpose.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOrMakeKey } from './key-file.ts';

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
  const secret = await readOrMakeKey(join(dataDir, 'keys', `${purpose}.key`));
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
