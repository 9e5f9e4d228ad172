// Destroying for good, inside the caller's transaction: texts, statements, salts, files' rows, cards, accounts. The log is never touched.
import { tickPrefix } from '../../core/doses/tick.ts';
import type { Queryable } from './queryable.ts';

export interface ErasableEntry {
  entryId: string;
  /** Null while the leaf waits for the sequencer. */
  leafIndex: number | null;
  leaf: Buffer | null;
}

/** Keeps every other erasure, hold and write of this person's row waiting; false when there is no such person. */
export async function lockPerson(client: Queryable, patientId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    text: 'select from person where patient_id = $1 for update',
    values: [patientId],
  });
  return rowCount === 1;
}

export interface LegalHold {
  holdId: string;
  reason: string;
  placedAt: Date;
}

export async function findHold(db: Queryable, patientId: string): Promise<LegalHold | undefined> {
  const { rows } = await db.query({
    name: 'find-hold',
    text: `select hold_id as "holdId", reason, placed_at as "placedAt" from legal_hold where patient_id = $1 and lifted_at is null`,
    values: [patientId],
  });
  return rows[0] as LegalHold | undefined;
}

export async function placeHold(
  client: Queryable,
  hold: { patientId: string; holdId: string; reason: string; nowMs: number },
): Promise<void> {
  await client.query({
    text: `insert into legal_hold (patient_id, hold_id, reason, placed_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
    values: [hold.patientId, hold.holdId, hold.reason, hold.nowMs],
  });
}

export async function liftHold(client: Queryable, patientId: string, nowMs: number): Promise<boolean> {
  const { rowCount } = await client.query({
    text: `update legal_hold set lifted_at = to_timestamp($2::float8 / 1000) where patient_id = $1 and lifted_at is null`,
    values: [patientId, nowMs],
  });
  return rowCount === 1;
}

/** What its person ticked of a medicine says what it is: it goes with it. `$2` and `$3` are type and id of the medicine. */
const ofItsTicks = `$2 in ('MedicationStatement', 'MedicationRequest') and resource_type = 'MedicationAdministration'
  and resource_id like '${tickPrefix}%' and strpos(content, '"reference":"' || $2 || '/' || $3 || '"') > 0`;

/** The entries that wrote the versions of one resource, in the order of the log, and their texts. Locks the resource. */
export async function listResourceEntries(
  client: Queryable,
  patientId: string,
  type: string,
  id: string,
): Promise<{ entries: ErasableEntry[]; contents: string[] }> {
  await client.query({
    text: 'select from resource where patient_id = $1 and resource_type = $2 and resource_id = $3 for update',
    values: [patientId, type, id],
  });
  const { rows } = await client.query({
    text: `select v.entry_id as "entryId", v.content, l.leaf_index as "leafIndex", l.leaf
             from (select entry_id, content from resource where patient_id = $1 and (resource_type = $2 and resource_id = $3 or ${ofItsTicks})
                   union all
                   select entry_id, content from resource_history where patient_id = $1 and (resource_type = $2 and resource_id = $3 or ${ofItsTicks})) v
             left join log_leaf l using (entry_id) order by l.leaf_index nulls last`,
    values: [patientId, type, id],
  });
  const found = rows as (ErasableEntry & { content: string })[];
  return { entries: found, contents: found.map(({ content }) => content) };
}

/** Every entry of a person's own chain that is not empty already, in the order of the log. */
export async function listPersonEntries(client: Queryable, patientId: string): Promise<ErasableEntry[]> {
  const { rows } = await client.query({
    text: `select e.entry_id as "entryId", l.leaf_index as "leafIndex", l.leaf from entry e left join log_leaf l using (entry_id)
            where e.patient_id = $1 order by l.leaf_index nulls last`,
    values: [patientId],
  });
  return rows as ErasableEntry[];
}

/** Entries of the system's own chain that name this person as the one who acted. */
export async function listNamedInSystemChain(client: Queryable, patientId: string): Promise<ErasableEntry[]> {
  const { rows } = await client.query({
    text: `select e.entry_id as "entryId", l.leaf_index as "leafIndex", l.leaf from entry e left join log_leaf l using (entry_id)
            where e.patient_id = '' and e.erased_by is null and strpos(e.statement, $1) > 0 order by l.leaf_index nulls last`,
    values: [`"reference":"Patient/${patientId}"`],
  });
  return rows as ErasableEntry[];
}

/** Destroys statements and salts; the rows stay. */
export async function emptyEntries(
  client: Queryable,
  patientId: string,
  entryIds: readonly string[],
  erasedBy: string,
): Promise<void> {
  await client.query({
    text: `update entry set statement = '', salt = null, erased_by = $3
            where patient_id = $1 and entry_id = any($2::uuid[]) and erased_by is null`,
    values: [patientId, entryIds, erasedBy],
  });
  await client.query({ text: 'delete from notice where entry_id = any($1::uuid[])', values: [entryIds] });
  await client.query({ text: 'delete from outbox where entry_id = any($1::uuid[])', values: [entryIds] });
}

/** All versions of a resource, the plan and the ticks of a medicine, and the rows of these files. */
export async function deleteResource(
  client: Queryable,
  resource: { patientId: string; type: string; id: string; fileIds: readonly string[] },
): Promise<void> {
  const values = [resource.patientId, resource.type, resource.id];
  for (const table of ['resource', 'resource_history'])
    await client.query({
      text: `delete from ${table} where patient_id = $1 and (resource_type = $2 and resource_id = $3 or ${ofItsTicks})`,
      values,
    });
  await client.query({
    text: 'delete from dose_plan where patient_id = $1 and medicine_type = $2 and medicine_id = $3',
    values,
  });
  await client.query({
    text: `delete from lab_departure where patient_id = $1 and $2 = 'ServiceRequest' and order_id = $3`,
    values,
  });
  await client.query({
    text: 'delete from stored_file where patient_id = $1 and file_id = any($2)',
    values: [resource.patientId, resource.fileIds],
  });
}

/** Which of these files another resource of the person still names. */
export async function listFilesNamedElsewhere(
  client: Queryable,
  patientId: string,
  fileIds: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query({
    text: `select f.id from unnest($2::text[]) f(id) where exists (
             select from resource where patient_id = $1 and resource_type in ('DocumentReference', 'ImagingStudy') and strpos(content, '/api/files/' || f.id) > 0)
              or exists (
             select from resource_history where patient_id = $1 and resource_type in ('DocumentReference', 'ImagingStudy') and strpos(content, '/api/files/' || f.id) > 0)`,
    values: [patientId, fileIds],
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Everything of a person, in every table that knows them. What stays is in `erased_entry`: no name, no number, no patient id. */
export async function deletePerson(client: Queryable, patientId: string, erasedBy: string): Promise<void> {
  await client.query({
    text: `insert into erased_entry (entry_id, erased_by) select entry_id, $2 from entry where patient_id = $1 on conflict do nothing`,
    values: [patientId, erasedBy],
  });
  await client.query({
    text: 'delete from notice n using entry e where e.patient_id = $1 and n.entry_id = e.entry_id',
    values: [patientId],
  });
  // Asked of the catalogue, so that a table that comes later is not forgotten; last the counter that the others' triggers move.
  const { rows } = await client.query({
    text: `select format('delete from %I where patient_id = $1', table_name) as statement from information_schema.columns
            where table_schema = current_schema() and column_name = 'patient_id' order by table_name = 'person', table_name = 'record_revision', table_name`,
  });
  for (const { statement } of rows as { statement: string }[])
    await client.query({ text: statement, values: [patientId] });
}

/** Whether this erasure was committed. */
export async function isErased(db: Queryable, erasureId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: `select exists (select from entry where erased_by = $1) or exists (select from erased_entry where erased_by = $1)
               or exists (select from log_leaf where entry_id = $1) or exists (select from pending_leaf where entry_id = $1) as erased`,
    values: [erasureId],
  });
  return (rows[0] as { erased: boolean }).erased;
}

/** Who has the given digest of their patient id; asked only when erasures are applied again after a restore. */
export async function findPatientBySha256(db: Queryable, digest: Uint8Array): Promise<string | undefined> {
  const { rows } = await db.query({
    text: `select patient_id as "patientId" from person where sha256(convert_to(patient_id, 'UTF8')) = $1`,
    values: [Buffer.from(digest)],
  });
  return (rows[0] as { patientId: string } | undefined)?.patientId;
}

/** The leaves that an erasure emptied in this person's own chain, in the order of the log. */
export async function listEmptied(
  db: Queryable,
  patientId: string,
  erasureId: string,
): Promise<{ leafIndex: number; leaf: Buffer }[]> {
  const { rows } = await db.query({
    name: 'list-emptied',
    text: `select l.leaf_index as "leafIndex", l.leaf from entry e join log_leaf l using (entry_id)
            where e.patient_id = $1 and e.erased_by = $2 order by l.leaf_index`,
    values: [patientId, erasureId],
  });
  return rows as { leafIndex: number; leaf: Buffer }[];
}

/** Those of the named entries that have not been emptied, whoever's they are; asked only when erasures are applied again. */
export async function listStandingEntries(
  db: Queryable,
  entryIds: readonly string[],
): Promise<{ patientId: string; entryId: string }[]> {
  const { rows } = await db.query({
    text: `select patient_id as "patientId", entry_id as "entryId" from entry where entry_id = any($1::uuid[]) and erased_by is null`,
    values: [entryIds],
  });
  return rows as { patientId: string; entryId: string }[];
}

/** The versions that these entries wrote, and these files' rows; asked only when erasures are applied again. */
export async function deleteVersionsAndFiles(
  client: Queryable,
  entryIds: readonly string[],
  fileIds: readonly string[],
): Promise<void> {
  for (const table of ['resource', 'resource_history'])
    await client.query({ text: `delete from ${table} where entry_id = any($1::uuid[])`, values: [entryIds] });
  await client.query({ text: 'delete from stored_file where file_id = any($1)', values: [fileIds] });
}
