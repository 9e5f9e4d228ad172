// AWS Signature Version 4 for one request, as its documentation has it; pure. Knows no service but by name.
import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly service: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Path as sent, each segment encoded once. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Lower-case names; `host` and `x-amz-date` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hexadecimal. */
  readonly payloadSha256: string;
}

/** `20130524T000000Z` */
export function amzDate(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

/** RFC 3986: everything but letters, digits and `-._~`. */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Value of the `Authorization` header. */
export function authorizationOf(request: UnsignedRequest, key: SigningKey): string {
  const names = Object.keys(request.headers).toSorted();
  const signedHeaders = names.join(';');
  const query = Object.entries(request.query ?? {})
    .map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`)
    .toSorted()
    .join('&');
  const canonical = [
    request.method,
    request.path,
    query,
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}`),
    '',
    signedHeaders,
    request.payloadSha256,
  ].join('\n');
  const stamp = request.headers['x-amz-date'] ?? '';
  const scope = `${stamp.slice(0, 8)}/${key.region}/${key.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256Hex(canonical)].join('\n');
  let signing: Buffer = Buffer.from(`AWS4${key.secretKey}`, 'utf8');
  for (const part of scope.split('/')) signing = hmac(signing, part);
  const signature = hmac(signing, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${key.accessKey}/${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

export const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
