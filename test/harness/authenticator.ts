// An authenticator made of software (WebAuthn 3, attestation "none", ES256): answers as a phone would, or wrongly where a test wants it to.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Faults {
  /** Says that it checked finger, face or PIN; true unless told. */
  readonly userVerified?: boolean;
  readonly origin?: string;
  readonly rpId?: string;
  /** Reports this count instead of one more than last time. */
  readonly count?: number;
  readonly userHandle?: string;
  readonly type?: string;
}

export interface Authenticator {
  readonly credentialId: string;
  /** To PublicKeyCredentialCreationOptionsJSON. */
  register(
    options: { challenge: string; rp: { id?: string }; user: { id: string } },
    faults?: Faults,
  ): unknown;
  /** To PublicKeyCredentialRequestOptionsJSON. */
  answer(options: { challenge: string; rpId?: string }, faults?: Faults): unknown;
}

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

export function newAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const credential = randomBytes(32);
  const credentialId = credential.toString('base64url');
  let userHandle: string | undefined;
  let counter = 0;

  const clientData = (type: string, challenge: string, faults: Faults): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: faults.type ?? type,
        challenge,
        origin: faults.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const authenticatorData = (rpId: string, faults: Faults, more: Buffer, flags: number): Buffer => {
    const count = Buffer.alloc(4);
    counter = faults.count ?? counter + 1;
    count.writeUInt32BE(counter);
    const rpIdHash = createHash('sha256')
      .update(faults.rpId ?? rpId)
      .digest();
    const all = flags | present | (faults.userVerified === false ? 0 : verified);
    return Buffer.concat([rpIdHash, Buffer.of(all), count, more]);
  };
  const frame = (response: Record<string, unknown>) => ({
    id: credentialId,
    rawId: credentialId,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response,
  });

  return {
    credentialId,
    register(options, faults = {}) {
      userHandle = options.user.id;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credential.length);
      const coseKey = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ]);
      const data = authenticatorData(
        options.rp.id ?? '',
        faults,
        Buffer.concat([Buffer.alloc(16), length, credential, coseKey]),
        attested,
      );
      const attestationObject = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.of(data.length),
        data,
      ]);
      return frame({
        clientDataJSON: clientData('webauthn.create', options.challenge, faults).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal', 'hybrid', 'carrier-pigeon'],
      });
    },
    answer(options, faults = {}) {
      const data = authenticatorData(options.rpId ?? '', faults, Buffer.alloc(0), 0);
      const client = clientData('webauthn.get', options.challenge, faults);
      const signature = sign(
        'sha256',
        Buffer.concat([data, createHash('sha256').update(client).digest()]),
        privateKey,
      );
      return frame({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: faults.userHandle ?? userHandle,
      });
    },
  };
}
