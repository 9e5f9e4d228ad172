// A bucket on this machine that verifies each signature on its own, keeps bytes in memory, and can be told to fail. Written without
// the server's signer: it takes what the documentation of Signature Version 4 says.
import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestBucket {
  /** As STORAGE_URL. */
  readonly url: string;
  readonly objects: Map<string, Buffer>;
  /** `METHOD status`, in order. */
  readonly seen: string[];
  /** Statuses of the next answers, instead of what they would be. */
  readonly failures: number[];
  stop(): Promise<void>;
}

const accessKey = 'AKIDTEST';
const secret = 'secret/with+signs';
const region = 'eu-test-1';

export async function startBucket(): Promise<TestBucket> {
  const objects = new Map<string, Buffer>();
  const seen: string[] = [];
  const failures: number[] = [];
  const server = createServer((request, response) => {
    void answer(request, objects, failures).then(({ status, body, headers }) => {
      seen.push(`${request.method} ${status}`);
      return end(response, status, body, headers);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `s3://${accessKey}:${encodeURIComponent(secret)}@127.0.0.1:${port}/bucket/some%20place?region=${region}&tls=off`,
    objects,
    seen,
    failures,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function end(response: ServerResponse, status: number, body: Buffer, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-length': String(body.length), ...headers }).end(body);
}

interface Answer {
  status: number;
  body: Buffer;
  headers: Record<string, string>;
}

async function answer(
  request: IncomingMessage,
  objects: Map<string, Buffer>,
  failures: number[],
): Promise<Answer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return plain(400);
  }
  const body = Buffer.concat(pieces);
  const fails = failures.shift();
  if (fails !== undefined) return plain(fails);
  if (!isSigned(request)) return plain(403);
  const digest = createHash('sha256').update(body).digest('hex');
  if (request.headers['x-amz-content-sha256'] !== digest) return plain(400);
  const name = request.url ?? '';
  const object = objects.get(name);
  switch (request.method ?? '') {
    case 'PUT':
      objects.set(name, body);
      return plain(200);
    case 'DELETE':
      objects.delete(name);
      return plain(204);
    default: {
      if (!object) return plain(404);
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      if (!range) return { status: 200, body: object, headers: {} };
      if (Number(range[1]) >= object.length) return plain(416);
      return { status: 206, body: object.subarray(Number(range[1]), Number(range[2]) + 1), headers: {} };
    }
  }
}

const plain = (status: number): Answer => ({ status, body: Buffer.alloc(0), headers: {} });

function isSigned(request: IncomingMessage): boolean {
  const [, scope = '', names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDTEST\/([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const stamp = String(request.headers['x-amz-date']);
  if (scope !== `${stamp.slice(0, 8)}/${region}/s3/aws4_request`) return false;
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => names.split(';').includes(name)))
    return false;
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = `${request.method}\n${request.url}\n\n${headers.join('')}\n${names}\n${String(request.headers['x-amz-content-sha256'])}`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, stamp.slice(0, 8)), region), 's3'), 'aws4_request');
  return hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hashed}`).toString('hex') === signature;
}
