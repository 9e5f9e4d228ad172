// A small witness that a partner runs beside nothing: it remembers the newest checkpoint of each log it knows, and signs a new one
// only when that is proven to extend it. Stand-alone: core/ledger, its own folder, no database.
import { mkdir } from 'node:fs/promises';
import type { WitnessEvent } from './add-checkpoint.ts';
import { readCommandLine } from './command-line.ts';
import { lockFolder } from './folder-lock.ts';
import { openSeenCheckpoints } from './seen-checkpoints.ts';
import { openWitnessKey } from './witness-key.ts';
import { serveWitness } from './witness-server.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** One line of JSON per event. Two histories are an error, everything else is the day's work. */
function tell(event: WitnessEvent): void {
  const alarming = event.verdict === 'other-root' || event.verdict === 'not-consistent';
  say(JSON.stringify({ level: alarming ? 'error' : 'info', time: new Date().toISOString(), ...event }));
}

async function run(): Promise<void> {
  const { dataDir, name, host, port, logKeys } = readCommandLine(process.argv.slice(2));
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataDir);
  const key = await openWitnessKey(dataDir, name);
  const seen = await openSeenCheckpoints(dataDir, key.verifierKey);
  const server = await serveWitness({ key, logKeys, seen, now: Date.now, tell }, { host, port });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void server.stop().then(() => {
        lock.release();
        process.exit(0);
      });
    });
  say(`Witness ${key.name} is at http://${host}:${server.port}`);
  say(`Its key: ${key.vkey}`);
  say(`It watches: ${[...new Set(logKeys.map((log) => log.name))].join(', ')}`);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`The witness did not start. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
