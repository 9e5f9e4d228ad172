// An endpoint that subscriptions are delivered to: notes every call, answers as it is told. Must not know what is sent.
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HookCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Hook {
  readonly url: string;
  readonly calls: HookCall[];
  /** Calls that are deliveries: all but the question whether somebody is there. */
  deliveries(): HookCall[];
  /** The status of the answers from now on; 0: none at all. */
  answer(status: number): void;
  stop(): void;
}

export async function startHook(): Promise<Hook> {
  const calls: HookCall[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      calls.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      if (status === 0) return;
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    deliveries: () => calls.filter(({ method }) => method !== 'OPTIONS'),
    answer(next) {
      status = next;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
