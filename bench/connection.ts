// One keep-alive connection that sends a request and reads its answer to the end: as little work for the client as can be,
// since it shares the machine with what it measures. Knows HTTP/1.1 with content-length, which is all that is asked of it.
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface Answer {
  status: number;
  headers: string;
  body: Buffer;
}

export interface Connection {
  send(bytes: Buffer): Promise<Answer>;
  close(): void;
}

const endOfHeaders = Buffer.from('\r\n\r\n');

export function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let parts: Buffer[] = [];
    let waiting: { done: (answer: Answer) => void; failed: (error: Error) => void } | undefined;
    const fail = (error: Error): void => {
      waiting?.failed(error);
      waiting = undefined;
    };
    socket.on('data', (part) => {
      parts.push(part);
      const all = parts.length === 1 ? part : Buffer.concat(parts);
      parts = [all];
      const answer = readAnswer(all);
      if (!answer || !waiting) return;
      parts = [];
      const { done } = waiting;
      waiting = undefined;
      done(answer);
    });
    socket.on('error', (error) => {
      fail(error);
      reject(error);
    });
    socket.on('close', () => fail(new Error('the server closed the connection')));
    socket.on('connect', () =>
      resolve({
        send: (bytes) =>
          new Promise((done, failed) => {
            waiting = { done, failed };
            socket.write(bytes);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf(endOfHeaders);
  if (end < 0) return undefined;
  const headers = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(headers)?.[1] ?? 0);
  const start = end + endOfHeaders.length;
  if (bytes.length < start + length) return undefined;
  return { status: Number(headers.slice(9, 12)), headers, body: bytes.subarray(start, start + length) };
}

/** The bytes of one request. */
export function request(
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  options: { cookie?: string; type?: string; body?: string; headers?: Record<string, string> } = {},
): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    'accept-encoding: gzip',
    'user-agent: Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/148.0.0.0 Mobile Safari/537.36',
    ...Object.entries(options.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...(options.cookie === undefined ? [] : [`cookie: ${options.cookie}`]),
  ];
  if (options.body === undefined) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  const body = Buffer.from(options.body);
  const type = options.type ?? 'application/fhir+json';
  const head = [...lines, `content-type: ${type}`, `content-length: ${body.length}`].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]);
}
