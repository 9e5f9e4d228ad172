// A process that writes, looks, sequences and asks a witness until the point named in its argument ends it. It prints a line for each
// thing that was acknowledged, so that whoever started it knows what must be there afterwards.
import { randomBytes, randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import { startSequencer } from '../../server/ledger/sequencer.ts';
import { readWitnessedMarks, startWitnessing } from '../../server/ledger/witnessing.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { createEntryQueue } from '../../server/storage/entry-queue.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import { contentDigest, sealEntry } from '../../server/storage/sealed-entry.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';
import type { FailPoint } from './fail-point.ts';
import { armFailPoint } from './fail-point.ts';

export interface CrashOrder extends FailPoint {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly witness: { readonly vkey: string; readonly url: string };
  readonly people: readonly string[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as CrashOrder;
const reach = armFailPoint(order);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const sources = { now: Date.now, randomBytes: (count: number) => randomBytes(count) };
const who = { role: 'patient' } as const;

// A point that is never reached must not be waited for without end.
setTimeout(() => {
  process.stderr.write(`not reached: ${order.point} (${order.passes})\n`);
  process.exit(4);
}, 60_000);

const database = await openDatabase({ dataDir: order.dataDir, databaseUrl: order.databaseUrl }, silent, {
  poolSize: 3,
});
const keys = await openLogKey(order.dataDir, 'log.test/log', true);
const witnesses = {
  threshold: 1,
  witnesses: [{ key: parseVerifierKey(order.witness.vkey), url: order.witness.url }],
};
const sequencer = await startSequencer({
  connection: database.connection,
  dataDir: order.dataDir,
  key: keys,
  sources,
  log: silent,
  pauseMs: 5,
  at: reach,
  signedElsewhere: await readWitnessedMarks(witnesses, keys),
});
startWitnessing({
  db: database.pool,
  config: witnesses,
  keys,
  leads: () => sequencer.leads(),
  learnSigned: (mark) => sequencer.learnSigned(mark),
  now: Date.now,
  log: silent,
  pauseMs: 5,
});
say('ready');

const queue = createEntryQueue(database.pool);

/** New resources and second versions of them, each acknowledged only when it is stored. */
async function write(patientId: string): Promise<void> {
  for (;;) {
    const resourceId = randomUUID();
    for (const version of [1, 2]) {
      const prepared = prepareVersion(
        {
          patientId,
          resourceType: 'Condition',
          resourceId,
          version,
          resource: { resourceType: 'Condition', code: { text: `version ${version}` } },
          author: 'patient',
          who,
          basis: 'self',
        },
        sources,
      );
      await writeBatch(database.pool, { versions: [prepared] });
      say(`write ${prepared.entry.entryId} ${contentDigest(prepared.content)}`);
    }
    await sleep(1);
  }
}

async function look(patientId: string): Promise<void> {
  for (;;) {
    const entry = sealEntry(patientId, { event: 'read', outcome: 'done', who, basis: 'self' }, sources);
    await queue.store(entry);
    say(`look ${entry.entryId}`);
    await sleep(1);
  }
}

await Promise.all([...order.people.map(write), look(order.people[0] ?? ''), look('')]);
