// What an authenticator answered: its shape, made safe to look at, and how an account is named to it.
import { ApiError } from '../errors.ts';

const base64url = { type: 'string', maxLength: 8192, pattern: '^[A-Za-z0-9_-]*$' } as const;
/** What the browser gives (RegistrationResponseJSON, AuthenticationResponseJSON of WebAuthn 3): the parts that are read. */
export const credentialSchema = {
  type: 'object',
  required: ['id', 'rawId', 'type', 'response'],
  properties: {
    id: base64url,
    rawId: base64url,
    type: { type: 'string', enum: ['public-key'] },
    authenticatorAttachment: { type: ['string', 'null'], maxLength: 40 },
    clientExtensionResults: { type: 'object' },
    response: {
      type: 'object',
      required: ['clientDataJSON'],
      properties: {
        clientDataJSON: base64url,
        attestationObject: base64url,
        authenticatorData: base64url,
        signature: base64url,
        userHandle: { ...base64url, type: ['string', 'null'] },
        transports: { type: 'array', maxItems: 10, items: { type: 'string', maxLength: 20 } },
      },
    },
  },
} as const;

/** 16 opaque bytes: a user handle names nobody (WebAuthn 14.6.1). */
export function userHandleOf(accountId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(accountId.replaceAll('-', ''), 'hex'));
}

/** Undefined when it is no handle of ours. */
export function accountIdOf(userHandle: string | undefined): string | undefined {
  const hex = Buffer.from(userHandle ?? '', 'base64url').toString('hex');
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : undefined;
}

/** The challenge inside `clientDataJSON`; undefined when that is nothing readable. */
export function challengeOf(clientDataJSON: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    const challenge =
      typeof data === 'object' && data !== null && 'challenge' in data ? data.challenge : undefined;
    return typeof challenge === 'string' && challenge.length <= 100 ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever was wrong with an answer, it is told in one way: the details would only help to forge the next. */
export function answerRefused(): ApiError {
  return new ApiError(422, 'passkey-not-accepted', 'This passkey was not accepted. Nothing was changed.', {
    fields: [{ field: 'credential', code: 'wrong' }],
  });
}

/** A library's complaint about an answer becomes the one refusal. */
export function refuseAnswer(): never {
  throw answerRefused();
}
