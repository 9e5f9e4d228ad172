// The witness over HTTP: add-checkpoint, the latest cosigned checkpoint of a log, its own key. Every body, wait and connection is bounded.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Answer, Witness } from './add-checkpoint.ts';
import { createAddCheckpoint } from './add-checkpoint.ts';

const mostBodyBytes = 32 * 1024;
const plain = 'text/plain; charset=utf-8';

export interface WitnessServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function serveWitness(
  witness: Witness,
  where: { readonly host: string; readonly port: number },
): Promise<WitnessServer> {
  const addCheckpoint = createAddCheckpoint(witness);
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 30_000, maxHeaderSize: 8 * 1024 },
    (request, response) => {
      respond(witness, addCheckpoint, request)
        // Not stored, for instance because the disk is full: then nothing was signed either.
        .catch((): Answer => ({ status: 500, type: plain, body: 'not stored\n' }))
        .then((answer) => send(request, response, answer))
        .catch(() => response.destroy());
    },
  );
  server.maxConnections = 256;
  server.maxRequestsPerSocket = 10_000;
  await listen(server, where);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : where.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function respond(
  witness: Witness,
  addCheckpoint: (body: string) => Promise<Answer>,
  request: IncomingMessage,
): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return { status: 405, type: plain, body: 'POST only\n' };
    const body = await readBody(request);
    if (body === 'too-large') return { status: 413, type: plain, body: 'too large\n' };
    if (body === 'not-utf-8') return { status: 400, type: plain, body: 'malformed request\n' };
    return addCheckpoint(body.text);
  }
  if (!reading) return { status: 404, type: plain, body: 'nothing here\n' };
  if (path === '/vkey') return { status: 200, type: plain, body: `${witness.key.vkey}\n` };
  const originHash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  const note = originHash === undefined ? undefined : await witness.seen.findNote(originHash);
  return note === undefined
    ? { status: 404, type: plain, body: 'nothing here\n' }
    : { status: 200, type: plain, body: note };
}

/** The whole body, or why it is not read. Bytes that are no UTF-8 must not turn into a text that somebody signed. */
async function readBody(request: IncomingMessage): Promise<{ text: string } | 'too-large' | 'not-utf-8'> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBodyBytes) return 'too-large';
    chunks.push(chunk);
  }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(Buffer.concat(chunks)) };
  } catch {
    return 'not-utf-8';
  }
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.body, 'utf8');
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    // What was not read to its end is not read on.
    ...(request.complete ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
