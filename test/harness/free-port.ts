// Ports for servers of tests: below those that systems give to whoever connects (from 32768 on Linux, from 49152 elsewhere). So no connection of
// anybody takes one before its server listens or while it is started again, and none that asks for a closed one meets itself.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const first = 20_000;
const count = 12_000;
let next = randomInt(count);

/** A port of this machine that nothing listens on at this moment; never the same again in this process. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count; tries += 1) {
    const port = first + next;
    next = (next + 1) % count;
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${count} ports is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
