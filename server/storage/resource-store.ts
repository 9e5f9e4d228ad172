// Reads of the record: what stands now, one version, a resource's history, a person's whole compartment. Sends stored text, never parses it.
import { gathered } from './gathered.ts';
import type { Queryable } from './queryable.ts';

export interface StoredVersion {
  patientId: string;
  resourceType: string;
  resourceId: string;
  version: number;
  deleted: boolean;
  lastUpdated: Date;
  entryId: string;
  content: string;
}

const columns = `patient_id as "patientId", resource_type as "resourceType", resource_id as "resourceId", version, deleted,
  last_updated as "lastUpdated", entry_id as "entryId", content`;

/** What stands now under this type and id, deleted or not; undefined when there never was one. */
export async function findResource(
  db: Queryable,
  resourceType: string,
  resourceId: string,
): Promise<StoredVersion | undefined> {
  const { rows } = await db.query({
    name: 'find-resource',
    text: `select ${columns} from resource where resource_id = $1 and resource_type = $2`,
    values: [resourceId, resourceType],
  });
  return rows[0] as StoredVersion | undefined;
}

export interface ResourceKey {
  resourceType: string;
  resourceId: string;
}

/** What stands now under several `Type/id`: one answer for each key, in their order. At most a few thousand at a time. */
export async function findResources(
  db: Queryable,
  keys: readonly ResourceKey[],
): Promise<(StoredVersion | undefined)[]> {
  const found = Array<StoredVersion | undefined>(keys.length).fill(undefined);
  if (keys.length === 0) return found;
  // Each key by the index of ids, whatever the planner believes about a young table.
  const { rows } = await db.query({
    name: 'find-resources',
    text: `select asked.place, r.* from unnest($1::text[], $2::text[]) with ordinality asked(resource_id, resource_type, place)
            cross join lateral (select ${columns} from resource s
              where s.resource_id = asked.resource_id and s.resource_type = asked.resource_type offset 0) r`,
    values: [keys.map((k) => k.resourceId), keys.map((k) => k.resourceType)],
  });
  for (const row of rows as (StoredVersion & { place: number })[]) found[row.place - 1] = row;
  return found;
}

/** Look-ups of what stands now: those that come together go into one statement. Not for the inside of a transaction. */
export interface ResourceLookup {
  find(resourceType: string, resourceId: string): Promise<StoredVersion | undefined>;
  /** One answer for each key, in their order. */
  findAll(keys: readonly ResourceKey[]): Promise<readonly (StoredVersion | undefined)[]>;
}

export function createResourceLookup(pool: Queryable): ResourceLookup {
  const findAll = gathered(
    async (questions: readonly (readonly ResourceKey[])[]) => {
      const found = await findResources(pool, questions.flat());
      let from = 0;
      return questions.map((keys) => found.slice(from, (from += keys.length)));
    },
    { batch: 64, waiting: 20_000 },
  );
  return {
    findAll,
    async find(resourceType, resourceId) {
      const [found] = await findAll([{ resourceType, resourceId }]);
      return found;
    },
  };
}

export async function findVersion(
  db: Queryable,
  patientId: string,
  resourceType: string,
  resourceId: string,
  version: number,
): Promise<StoredVersion | undefined> {
  const { rows } = await db.query({
    name: 'find-version',
    text: `select ${columns} from resource where patient_id = $1 and resource_type = $2 and resource_id = $3 and version = $4
           union all
           select ${columns} from resource_history where patient_id = $1 and resource_type = $2 and resource_id = $3 and version = $4`,
    values: [patientId, resourceType, resourceId, version],
  });
  return rows[0] as StoredVersion | undefined;
}

/** A person's current resources in key order, after `after` when given; deleted ones left out. */
export async function listCompartment(
  db: Queryable,
  patientId: string,
  limit: number,
  after: { resourceType: string; resourceId: string } = { resourceType: '', resourceId: '' },
  types: readonly string[] = [],
): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'list-compartment',
    text: `select ${columns} from resource
            where patient_id = $1 and (resource_type, resource_id) > ($2, $3) and not deleted
              and (cardinality($5::text[]) = 0 or resource_type = any($5))
            order by resource_type, resource_id limit $4`,
    values: [patientId, after.resourceType, after.resourceId, limit, types],
  });
  return rows as StoredVersion[];
}

/** Texts of several versions of one person's resources, as a map by `Type/id/_history/n`. */
export async function findVersionTexts(
  db: Queryable,
  patientId: string,
  keys: readonly { type: string; id: string; version: number }[],
): Promise<Map<string, string>> {
  const { rows } = await db.query({
    name: 'find-version-texts',
    text: `with wanted as (select * from unnest($2::text[], $3::text[], $4::int[]) as t(resource_type, resource_id, version))
           select resource_type || '/' || resource_id || '/_history/' || version as key, content
             from resource r join wanted using (resource_type, resource_id, version) where r.patient_id = $1
           union all
           select resource_type || '/' || resource_id || '/_history/' || version, content
             from resource_history h join wanted using (resource_type, resource_id, version) where h.patient_id = $1`,
    values: [patientId, keys.map((k) => k.type), keys.map((k) => k.id), keys.map((k) => k.version)],
  });
  return new Map((rows as { key: string; content: string }[]).map((row) => [row.key, row.content]));
}

/** The documents of this record that stand and name the file; at most a hundred. */
export async function findDocumentsOfFile(
  db: Queryable,
  patientId: string,
  fileId: string,
): Promise<StoredVersion[]> {
  const { rows } = await db.query({
    name: 'find-documents-of-file',
    text: `select ${columns} from resource
            where patient_id = $1 and resource_type in ('DocumentReference', 'ImagingStudy') and not deleted and position($2 in content) > 0 limit 100`,
    values: [patientId, fileId],
  });
  return rows as StoredVersion[];
}
