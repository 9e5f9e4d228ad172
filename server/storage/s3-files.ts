// The store of bytes in a bucket that speaks S3, addressed by path. Each request is signed, with the digest of its body: the other
// side refuses bytes that are not those. Knows no table; its address carries a secret and appears in no error.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileSource, FileStore } from './file-store.ts';
import { FileDamagedError, requireFileId } from './file-store.ts';
import type { SigningKey } from './sigv4.ts';
import { amzDate, authorizationOf, encodeSegment, sha256Hex } from './sigv4.ts';

export class FileStoreError extends Error {
  readonly code = 'file-store';
  /** Status of the answer; 0 when there was none. */
  readonly status: number;
  constructor(status: number) {
    super(`the store of files answered ${status}`);
    this.name = 'FileStoreError';
    this.status = status;
  }
}

const tries = 3;
const quietMs = 30_000;

interface Bucket {
  readonly secure: boolean;
  readonly host: string;
  /** Path of the bucket and what stands before each name. */
  readonly path: string;
  readonly key: SigningKey;
}

/** `s3://<access key>:<secret>@<host>/<bucket>/<prefix>?region=eu-west-1`, with `&tls=off` where the host is inside. Throws TypeError. */
export function parseBucket(storageUrl: string): Bucket {
  const url = new URL(storageUrl);
  const segments = url.pathname.split('/').filter((part) => part !== '');
  const accessKey = decodeURIComponent(url.username);
  const secretKey = decodeURIComponent(url.password);
  if (url.host === '' || segments.length === 0 || accessKey === '' || secretKey === '')
    throw new TypeError('must be s3://<access key>:<secret>@<host>/<bucket>, with ?region=<region>');
  return {
    secure: url.searchParams.get('tls') !== 'off',
    host: url.host,
    path: `/${segments.map((part) => encodeSegment(decodeURIComponent(part))).join('/')}`,
    key: { accessKey, secretKey, region: url.searchParams.get('region') ?? 'us-east-1', service: 's3' },
  };
}

export function s3Files(storageUrl: string, now: () => number = Date.now): FileStore {
  const bucket = parseBucket(storageUrl);
  const nothing = sha256Hex('');

  async function send(
    method: 'GET' | 'PUT' | 'DELETE',
    fileId: string,
    more: Record<string, string> = {},
    source?: FileSource,
  ): Promise<IncomingMessage> {
    const path = `${bucket.path}/${requireFileId(fileId)}`;
    const payloadSha256 = source ? source.sha256.toString('hex') : nothing;
    const headers: Record<string, string> = {
      host: bucket.host,
      'x-amz-content-sha256': payloadSha256,
      'x-amz-date': amzDate(now()),
      ...more,
    };
    const authorization = authorizationOf({ method, path, headers, payloadSha256 }, bucket.key);
    const request = (bucket.secure ? httpsRequest : httpRequest)(
      `${bucket.secure ? 'https' : 'http'}://${bucket.host}${path}`,
      {
        method,
        headers: {
          ...headers,
          authorization,
          ...(source ? { 'content-length': String(source.sizeBytes) } : {}),
        },
        timeout: quietMs,
      },
    );
    request.on('timeout', () => request.destroy(new FileStoreError(0)));
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', () => reject(new FileStoreError(0)));
    });
    // Refused while the body is still on its way: the answer says why, not the broken pipe.
    answered.catch(() => undefined);
    if (source)
      await pipeline(Readable.from(source.open()), request).catch((error: unknown) => {
        if (error instanceof FileDamagedError) throw error;
      });
    else request.end();
    return answered;
  }

  /** The answer, with its body still to be read. Tried again where the other side failed and not the request. */
  async function ask(...args: Parameters<typeof send>): Promise<IncomingMessage> {
    for (let tried = 1; ; tried++) {
      let status = 0;
      try {
        const answer = await send(...args);
        status = answer.statusCode ?? 0;
        if (status < 300) return answer;
        answer.resume();
      } catch (error) {
        if (!(error instanceof FileStoreError)) throw error;
      }
      if (status === 404)
        throw Object.assign(new Error('there is no such file in the store'), { code: 'ENOENT' });
      const worthIt = status === 0 || status === 429 || status >= 500;
      if (!worthIt || tried === tries) throw new FileStoreError(status);
      await sleep(200 * 2 ** tried);
    }
  }

  return {
    async put(fileId, source) {
      // Some stores take any body under a digest that was signed: the last piece leaves once the whole is known to be right.
      const open = async function* () {
        const hash = createHash('sha256');
        let length = 0;
        let held: Uint8Array | undefined;
        for await (const piece of source.open()) {
          hash.update(piece);
          length += piece.length;
          if (length > source.sizeBytes) throw new FileDamagedError();
          if (held) yield held;
          held = piece;
        }
        if (length !== source.sizeBytes || !hash.digest().equals(source.sha256)) throw new FileDamagedError();
        if (held) yield held;
      };
      (await ask('PUT', fileId, {}, { ...source, open })).resume();
    },
    async *read(fileId, _pieceBytes, range) {
      const header = range ? { range: `bytes=${range.start}-${range.start + range.length - 1}` } : undefined;
      const answer = await ask('GET', fileId, header).catch((error: unknown) => {
        // Nothing lies behind the end.
        if (range && error instanceof FileStoreError && error.status === 416) return undefined;
        throw error;
      });
      for await (const piece of answer ?? []) yield piece as Buffer;
    },
    async drop(fileId) {
      await ask('DELETE', fileId).then(
        (answer) => answer.resume(),
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        },
      );
    },
  };
}
