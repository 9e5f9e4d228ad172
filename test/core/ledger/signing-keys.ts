// Ed25519 keys for tests, made and used by node:crypto, so that core's verification meets another implementation.
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { NoteSignature, NoteSigner } from '../../../core/ledger/note.ts';
import { SIGNATURE_TYPES, formatVerifierKey, verifierKeyOf } from '../../../core/ledger/verifier-key.ts';
import type { VerifierKey } from '../../../core/ledger/verifier-key.ts';

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export type TestKey = {
  readonly signer: NoteSigner;
  readonly verifierKey: VerifierKey;
  readonly verifierKeyText: string;
  /** Cosigns a checkpoint's text as a witness. */
  readonly cosign: (text: string, timeSeconds: number) => NoteSignature;
};

/** The same name and seed byte always make the same key. */
export function testKey(name: string, seed: number, type: 'log' | 'witness' = 'log'): TestKey {
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, Buffer.alloc(32, seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(-32));
  const signBytes = (message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, privateKey));
  const signatureType = type === 'log' ? SIGNATURE_TYPES.ed25519 : SIGNATURE_TYPES.cosignatureV1;
  const verifierKey = verifierKeyOf(name, signatureType, publicKey);
  return {
    signer: { name, publicKey, sign: signBytes },
    verifierKey,
    verifierKeyText: formatVerifierKey(verifierKey),
    cosign: (text, timeSeconds) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(timeSeconds));
      const message = Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
      const signature = new Uint8Array(Buffer.concat([time, signBytes(message)]));
      return { name, keyId: verifierKey.keyId, signature };
    },
  };
}
