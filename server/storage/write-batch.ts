// The one door for writing: versions, current rows, search rows, entries, pending leaves and outbox events of one change
// go in as one statement. Either all of it is durable when the statement returns, or nothing is there.
import { columnsOfEntries, entriesOf } from './entry-columns.ts';
import { joinTexts, textAt } from './joined-texts.ts';
import type { Queryable } from './queryable.ts';
import type { SealedEntry } from './sealed-entry.ts';
import type { SearchColumns } from './search-columns.ts';

/** One version of one resource. `version` 1 means that no version may exist yet. */
export interface VersionWrite {
  patientId: string;
  resourceType: string;
  resourceId: string;
  version: number;
  deleted: boolean;
  lastUpdatedMs: number;
  /** Canonical text; empty for a deletion. */
  content: string;
  /** Part of the record (core/access/categories.ts); null for a deletion and for what belongs to nobody. */
  part: number | null;
  /** Day of the timeline (core/timeline/care-day.ts), `YYYY-MM-DD`; null where it names none. */
  careDay: string | null;
  search: SearchColumns;
  entry: SealedEntry;
}

export interface OutboxEvent {
  topic: string;
  patientId: string;
  entryId: string;
  payload: Record<string, unknown>;
}

/** A person who comes to be with their Patient resource. */
export interface PersonWrite {
  patientId: string;
  uhid: string;
  pseudonym: Buffer;
  createdAtMs: number;
}

export interface WriteBatch {
  versions: readonly VersionWrite[];
  people?: readonly PersonWrite[];
  /** Entries that write no version: looks, card acts, sign-ins. */
  entries?: readonly SealedEntry[];
  outbox?: readonly OutboxEvent[];
}

/** Somebody else wrote one of the versions first; nothing of the batch was stored. */
export class VersionConflictError extends Error {
  readonly code = 'version-conflict';
  constructor() {
    super('version conflict');
    this.name = 'VersionConflictError';
  }
}

/** The UHID that was drawn for a person is somebody's already; nothing of the batch was stored. */
export class UhidTakenError extends Error {
  readonly code = 'uhid-taken';
  constructor() {
    super('uhid taken');
    this.name = 'UhidTakenError';
  }
}

// What was stored by another while this one waited for its row is written over, but not seen by what keeps the version before: it is counted, so
// that such a batch is refused.
// What is looked up for each row is so laterally: by its key, whatever the planner believes about a young table.
const text = `
with version as (
  select t.*, ${textAt('$8', 't.start', 't.length')} as content
    from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bool[], $6::float8[], $7::uuid[], $30::int[], $31::int[],
                $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[], $34::smallint[], $35::date[])
      as t(patient_id, resource_type, resource_id, version, deleted, last_updated_ms, entry_id, start, length,
           present, keys, range_keys, range_bounds, strings, part, care_day)
), entry_in as (
  ${entriesOf(9, 32)}
), newcomer as (
  select * from unnest($26::text[], $27::text[], $28::bytea[], $29::float8[]) as t(patient_id, uhid, pseudonym, created_ms)
), welcomed as (
  insert into person (patient_id, uhid, pseudonym, created_at)
  select patient_id, uhid, pseudonym, to_timestamp(created_ms / 1000) from newcomer
), archived as (
  insert into resource_history (patient_id, resource_type, resource_id, version, deleted, last_updated, entry_id, content)
  select r.patient_id, r.resource_type, r.resource_id, r.version, r.deleted, r.last_updated, r.entry_id, r.content
    from version v cross join lateral (
      select * from resource s where v.version > 1 and s.version = v.version - 1 and s.patient_id = v.patient_id
         and s.resource_type = v.resource_type and s.resource_id = v.resource_id offset 0) r
  returning 1
), written as (
  insert into resource as r (patient_id, resource_type, resource_id, version, deleted, last_updated, entry_id, content,
                             search_present, search_keys, search_range_keys, search_range_bounds, search_strings, part, care_day)
  select patient_id, resource_type, resource_id, version, deleted, to_timestamp(last_updated_ms / 1000), entry_id, content,
         present, keys::bigint[], range_keys::bigint[], range_bounds::float8[], strings::text[], part, care_day
    from version
  on conflict (patient_id, resource_type, resource_id) do update
    set version = excluded.version, deleted = excluded.deleted, last_updated = excluded.last_updated,
        entry_id = excluded.entry_id, content = excluded.content, search_present = excluded.search_present,
        search_keys = excluded.search_keys, search_range_keys = excluded.search_range_keys,
        search_range_bounds = excluded.search_range_bounds, search_strings = excluded.search_strings, part = excluded.part,
        care_day = excluded.care_day
    where r.version = excluded.version - 1
  returning r.version
), entered as (
  insert into entry (patient_id, entry_id, kind, recorded_at, statement, salt)
  select patient_id, entry_id, kind, to_timestamp(recorded_ms / 1000), statement, salt from entry_in
), pending as (
  insert into pending_leaf (entry_id, pseudonym, kind, time_seconds, commitment)
  select e.entry_id, p.pseudonym, e.kind, floor(e.recorded_ms / 1000)::bigint, e.commitment
    from entry_in e cross join lateral (
      select '\\x00000000000000000000000000000000'::bytea as pseudonym where e.patient_id = ''
      union all select pseudonym from person where patient_id = e.patient_id
      union all select pseudonym from newcomer where patient_id = e.patient_id offset 0) p
  returning 1
), sent as (
  insert into outbox (topic, patient_id, entry_id, payload, created_at)
  select o.topic, o.patient_id, o.entry_id, o.payload, to_timestamp($25::float8 / 1000)
    from unnest($21::text[], $22::text[], $23::uuid[], $24::jsonb[]) as o(topic, patient_id, entry_id, payload)
)
select refuse_unless_equal((select count(*) from written), (select count(*) from version)),
       refuse_unless_equal((select count(*) from archived), (select count(*) from version where version > 1)),
       refuse_unless_equal((select count(*) from pending), (select count(*) from entry_in))`;

/**
 * Stores the batch. Durable and all-or-nothing when it returns.
 * Throws `VersionConflictError` when a version is not exactly one after what is stored, or an entry names an unknown person,
 * and `UhidTakenError` when a person's UHID must be drawn again.
 */
export async function writeBatch(client: Queryable, batch: WriteBatch): Promise<void> {
  const { outbox = [], people = [] } = batch;
  // Always in the order of the keys: two batches over the same resources wait for each other and never cross.
  const versions = inOrder(batch.versions);
  const entries = [...versions.map((v) => v.entry), ...(batch.entries ?? [])];
  const contents = joinTexts(versions.map((v) => v.content));
  const entryColumns = columnsOfEntries(entries);
  const values = [
    versions.map((v) => v.patientId),
    versions.map((v) => v.resourceType),
    versions.map((v) => v.resourceId),
    versions.map((v) => v.version),
    versions.map((v) => v.deleted),
    versions.map((v) => v.lastUpdatedMs),
    versions.map((v) => v.entry.entryId),
    contents.bytes,
    ...entryColumns.slice(0, 7),
    versions.map((v) => v.search.present),
    versions.map((v) => v.search.keys),
    versions.map((v) => v.search.rangeKeys),
    versions.map((v) => v.search.rangeBounds),
    versions.map((v) => v.search.strings),
    outbox.map((o) => o.topic),
    outbox.map((o) => o.patientId),
    outbox.map((o) => o.entryId),
    outbox.map((o) => JSON.stringify(o.payload)),
    entries[0]?.recordedAtMs ?? 0,
    people.map((p) => p.patientId),
    people.map((p) => p.uhid),
    people.map((p) => p.pseudonym),
    people.map((p) => p.createdAtMs),
    contents.starts,
    contents.lengths,
    ...entryColumns.slice(7),
    versions.map((v) => v.part),
    versions.map((v) => v.careDay),
  ];
  try {
    await client.query({ name: 'write-batch', text, values });
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === '23505' && constraint === 'person_uhid_unique') throw new UhidTakenError();
    const raced =
      code === '23505' && /^(resource(_history)?_(pkey|by_id)|person_pkey)$/.test(constraint ?? '');
    if (code === 'MD409' || raced) throw new VersionConflictError();
    throw error;
  }
}

/** A statement of more would hold up whoever waits for this process while it is put together. */
export const versionsOfPart = 500;

/** As `writeBatch`, inside a transaction: a large batch in several statements, still in one order of keys. */
export async function writeInParts(client: Queryable, batch: WriteBatch): Promise<void> {
  if (batch.versions.length <= versionsOfPart) return writeBatch(client, batch);
  const versions = inOrder(batch.versions);
  const events = Map.groupBy(batch.outbox ?? [], ({ entryId }) => entryId);
  for (let from = 0; from < versions.length; from += versionsOfPart) {
    const part = versions.slice(from, from + versionsOfPart);
    const outbox = part.flatMap(({ entry }) => events.get(entry.entryId) ?? []);
    // People first: versions of all parts are theirs.
    const once = from === 0 ? { people: batch.people ?? [], entries: batch.entries ?? [] } : {};
    await writeBatch(client, { versions: part, outbox, ...once });
  }
}

function inOrder(versions: readonly VersionWrite[]): VersionWrite[] {
  return versions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ patientId, resourceType, resourceId }: VersionWrite): string {
  return `${patientId}/${resourceType}/${resourceId}`;
}
