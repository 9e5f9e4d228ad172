// The official R4 examples (hl7.fhir.r4.examples) in a test database: written by the store's own way of writing, in large batches.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { parseJson } from '../../core/fhir/json.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { prepareVersion } from '../../server/storage/prepare-version.ts';
import type { VersionWrite } from '../../server/storage/write-batch.ts';
import { writeBatch } from '../../server/storage/write-batch.ts';

/** As parsed by JSON.parse, for whoever must not rest on the project's own reading. */
export type Plain = Record<string, unknown> & { resourceType: string; id: string };

export interface Corpus {
  readonly patientId: string;
  /** What is stored, by type. */
  readonly byType: ReadonlyMap<string, readonly Plain[]>;
}

/** The server takes no larger resource: a few examples are Bundles of all definitions. */
const largest = 4 * 1024 * 1024;

export function exampleTexts(): { file: string; text: string }[] {
  const folder = dirname(createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json'));
  return readdirSync(folder)
    .filter((file) => /^[A-Z].*\.json$/.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
    .filter(({ text }) => text.length <= largest);
}

/** All examples as one person's record: whether a type may belong to somebody is not what is tested with them. */
export async function loadCorpus(
  pool: pg.Pool,
  take: (resource: Resource) => boolean = () => true,
): Promise<Corpus> {
  const patientId = 'corpus';
  await pool.query(
    `insert into person (patient_id, uhid, pseudonym, created_at) values ($1, '12345678901237', $2, now())`,
    [patientId, Buffer.alloc(16, 7)],
  );
  const sources = {
    now: () => Date.UTC(2026, 0, 1),
    randomBytes: (count: number) => new Uint8Array(count).map(() => Math.random() * 256),
  };
  const byType = new Map<string, Plain[]>();
  const seen = new Set<string>();
  let batch: VersionWrite[] = [];
  let batchLength = 0;
  const store = async () => {
    if (batch.length > 0) await writeBatch(pool, { versions: batch });
    batch = [];
    batchLength = 0;
  };
  for (const { text } of exampleTexts()) {
    const resource = parseJson(text);
    if (!isResource(resource) || !take(resource)) continue;
    const id = typeof resource['id'] === 'string' ? resource['id'] : '';
    const key = `${resource.resourceType}/${id}`;
    if (id === '' || seen.has(key)) continue;
    seen.add(key);
    const write = prepareVersion(
      {
        patientId,
        resourceType: resource.resourceType,
        resourceId: id,
        version: 1,
        resource,
        author: 'import',
        who: { role: 'operator', name: 'test' },
        basis: 'operator-import',
      },
      sources,
    );
    batch.push(write);
    batchLength += write.content.length;
    const stored = byType.get(resource.resourceType) ?? [];
    stored.push(JSON.parse(write.content) as Plain);
    byType.set(resource.resourceType, stored);
    if (batch.length >= 200 || batchLength > 2 * 1024 * 1024) await store();
  }
  await store();
  await pool.query('analyze resource');
  return { patientId, byType };
}
