// Fills a database with people as fast as the one door for writing takes them: generated, sealed and indexed as any other write.
// Usage: DATA_DIR=… PUBLIC_URL=… node bench/grow.ts <people> [resources each]
import { randomUUID } from 'node:crypto';
import type { Resource } from '../core/fhir/types.ts';
import { readConfig } from '../server/config.ts';
import { draftPerson } from '../server/storage/create-person.ts';
import { refreshStatistics } from '../server/storage/identifiers.ts';
import { prepareVersion } from '../server/storage/prepare-version.ts';
import type { WriteBatch } from '../server/storage/write-batch.ts';
import { writeBatch } from '../server/storage/write-batch.ts';
import { openStoresBeside } from '../server/stores.ts';
import { observation } from './people.ts';

const people = Number(process.argv[2]);
const each = Number(process.argv[3] ?? 5);
const peopleAtOnce = 60;
const by = { author: 'import', who: { role: 'operator', name: 'bench' }, basis: 'operator-import' } as const;

const stores = await openStoresBeside(readConfig(process.env));
const { deps } = stores;
let left = people;

function nextBatch(count: number): WriteBatch {
  const drafts = Array.from({ length: count }, () => {
    const patientId = randomUUID();
    const resource: Resource = {
      resourceType: 'Patient',
      name: [{ text: `Bench ${patientId.slice(0, 8)}` }],
    };
    const { person, version } = draftPerson({ ...by, patientId, resource }, deps);
    const others = Array.from({ length: each }, (_one, index) =>
      prepareVersion(
        {
          ...by,
          patientId,
          resourceType: 'Observation',
          resourceId: randomUUID(),
          version: 1,
          resource: observation(patientId, index) as Resource,
        },
        deps,
      ),
    );
    return { person, versions: [version, ...others] };
  });
  return { people: drafts.map(({ person }) => person), versions: drafts.flatMap(({ versions }) => versions) };
}

async function worker(): Promise<void> {
  while (left > 0) {
    const count = Math.min(left, peopleAtOnce);
    left -= count;
    await writeBatch(deps.db.pool, nextBatch(count));
  }
}

try {
  await Promise.all([worker(), worker()]);
  await stores.sequencer.flush();
  await refreshStatistics(deps.db.pool);
} finally {
  await stores.stop();
}
