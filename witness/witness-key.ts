// The witness's own key and name: made on the first start, kept in its data folder. Must not know what is cosigned.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import type { NoteSigner } from '../core/ledger/note.ts';
import { formatVerifierKey, isKeyName, SIGNATURE_TYPES, verifierKeyOf } from '../core/ledger/verifier-key.ts';
import type { VerifierKey } from '../core/ledger/verifier-key.ts';
import { readIfThere, writeDurably } from './durable-file.ts';
import { WitnessError } from './witness-error.ts';

export interface WitnessKey extends NoteSigner {
  readonly verifierKey: VerifierKey;
  /** What a log's operator and every reader is given. */
  readonly vkey: string;
}

interface KeyFile {
  name: string;
  privateKey: string;
}

/** @param name needed on the first start; later it must be the same or left out. @throws WitnessError */
export async function openWitnessKey(dataDir: string, name: string | undefined): Promise<WitnessKey> {
  const path = join(dataDir, 'witness-key.json');
  const stored = await readIfThere(path);
  if (stored !== undefined) {
    const key = keyOf(readKeyFile(stored, path));
    if (name !== undefined && name !== key.name)
      throw new WitnessError(`This data folder belongs to the witness ${key.name}. Leave --name out.`);
    return key;
  }
  if (name === undefined)
    throw new WitnessError('A new witness needs a name: --name witness.hospital.example');
  if (!isKeyName(name) || name.length > 200 || name.includes(','))
    throw new WitnessError('A name is an address without scheme: no space, plus or comma.');
  const { privateKey } = generateKeyPairSync('ed25519');
  const file: KeyFile = { name, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string };
  await writeDurably(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return keyOf(file);
}

function readKeyFile(text: string, path: string): KeyFile {
  try {
    const file = JSON.parse(text) as KeyFile;
    createPrivateKey(file.privateKey);
    if (isKeyName(file.name)) return file;
  } catch {
    // Said below, without what the file holds.
  }
  throw new WitnessError(
    `${path} is damaged. Put it back from your backup: a new key would be another witness.`,
  );
}

function keyOf(file: KeyFile): WitnessKey {
  const privateKey = createPrivateKey(file.privateKey);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = new Uint8Array(Buffer.from(x ?? '', 'base64url'));
  const verifierKey = verifierKeyOf(file.name, SIGNATURE_TYPES.cosignatureV1, publicKey);
  return {
    name: file.name,
    publicKey,
    verifierKey,
    vkey: formatVerifierKey(verifierKey),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}
