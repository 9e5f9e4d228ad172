// What a bulk export reads and keeps: names of versions as they stood at one instant, in the order of the table, a bounded step at a time.
import type { Queryable } from './queryable.ts';

export interface VersionKey {
  patientId: string;
  resourceType: string;
  resourceId: string;
  version: number;
}

export interface ExportScan {
  /** Key after which the scan goes on. */
  after: { patientId: string; resourceType: string; resourceId: string };
  /** Undefined: everybody's records, and the directory too when `after` stands before it. */
  patientIds?: readonly string[];
  /** Undefined: all. */
  types?: readonly string[];
  /** Versions as they stood at this time; of those only what was changed since. */
  asOfMs: number;
  sinceMs?: number;
  /** Rows looked at, whatever is found among them. */
  limit: number;
}

/** `last` is the key of the last row looked at; undefined when there are no more. */
export async function scanForExport(
  db: Queryable,
  scan: ExportScan,
): Promise<{ found: VersionKey[]; last: ExportScan['after'] | undefined }> {
  const { rows } = await db.query({
    name: scan.patientIds ? 'scan-for-export-of' : 'scan-for-export',
    text: `select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId",
                  coalesce(h.version, r.version) as version,
                  case when r.last_updated <= to_timestamp($6::float8 / 1000) then not r.deleted else h.version is not null and not h.deleted end
                    and ($5::text[] is null or r.resource_type = any($5))
                    and ($7::float8 is null or coalesce(h.last_updated, r.last_updated) >= to_timestamp($7::float8 / 1000)) as wanted
             from (select * from resource
                    where (patient_id, resource_type, resource_id) > ($1, $2, $3)
                      ${scan.patientIds ? 'and patient_id = any($8::text[])' : ''}
                    order by patient_id, resource_type, resource_id limit $4) r
             left join lateral (
               select version, deleted, last_updated from resource_history o
                where r.last_updated > to_timestamp($6::float8 / 1000) and o.patient_id = r.patient_id and o.resource_type = r.resource_type
                  and o.resource_id = r.resource_id and o.last_updated <= to_timestamp($6::float8 / 1000)
                order by version desc limit 1) h on true
            order by 1, 2, 3`,
    values: [
      scan.after.patientId,
      scan.after.resourceType,
      scan.after.resourceId,
      scan.limit,
      scan.types ?? null,
      scan.asOfMs,
      scan.sinceMs ?? null,
      ...(scan.patientIds ? [scan.patientIds] : []),
    ],
  });
  const all = rows as (VersionKey & { wanted: boolean })[];
  const last = all.length < scan.limit ? undefined : all.at(-1);
  return { found: all.filter(({ wanted }) => wanted), ...(last ? { last } : { last: undefined }) };
}

/** Remembers which entries of the directory these versions refer to. */
export async function noteDirectoryReferences(
  client: Queryable,
  jobId: string,
  keys: readonly VersionKey[],
  types: readonly string[],
): Promise<void> {
  if (keys.length === 0 || types.length === 0) return;
  await client.query({
    name: 'note-directory-references',
    // Canonical text has no white space, and a quote inside a text is always escaped: this finds references and nothing else.
    text: `insert into bulk_reference (job_id, resource_type, resource_id)
           select distinct $1::uuid, m[1], m[2]
             from unnest($2::text[], $3::text[], $4::text[]) k(patient_id, resource_type, resource_id)
             join resource r using (patient_id, resource_type, resource_id),
             regexp_matches(r.content, '"reference":"(' || $5 || ')/([A-Za-z0-9.-]{1,64})[/"]', 'g') m
           on conflict do nothing`,
    values: [
      jobId,
      keys.map((k) => k.patientId),
      keys.map((k) => k.resourceType),
      keys.map((k) => k.resourceId),
      types.join('|'),
    ],
  });
}

/** The directory entries remembered, as they stand, after a key; at most `limit`. */
export async function listDirectoryReferences(
  client: Queryable,
  jobId: string,
  after: { resourceType: string; resourceId: string },
  limit: number,
): Promise<VersionKey[]> {
  const { rows } = await client.query({
    name: 'list-directory-references',
    text: `select r.patient_id as "patientId", r.resource_type as "resourceType", r.resource_id as "resourceId", r.version
             from bulk_reference b join resource r on r.patient_id = '' and r.resource_type = b.resource_type and r.resource_id = b.resource_id
            where b.job_id = $1 and (b.resource_type, b.resource_id) > ($2, $3) and not r.deleted
            order by b.resource_type, b.resource_id limit $4`,
    values: [jobId, after.resourceType, after.resourceId, limit],
  });
  return rows as VersionKey[];
}

export async function insertBulkPart(
  client: Queryable,
  jobId: string,
  part: { fileNumber: number; partNumber: number; resourceType: string; keys: readonly VersionKey[] },
): Promise<void> {
  await client.query({
    name: 'insert-bulk-part',
    text: `insert into bulk_part (job_id, file_number, part_number, resource_type, patient_ids, resource_ids, versions)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      jobId,
      part.fileNumber,
      part.partNumber,
      part.resourceType,
      part.keys.map((k) => k.patientId),
      part.keys.map((k) => k.resourceId),
      part.keys.map((k) => k.version),
    ],
  });
}

/** The next part of a file, with the texts in their order; null where a version was erased meanwhile. */
export async function readBulkPart(
  db: Queryable,
  jobId: string,
  fileNumber: number,
  afterPart: number,
): Promise<
  | { partNumber: number; resourceType: string; rows: { patientId: string; content: string | null }[] }
  | undefined
> {
  const { rows } = await db.query({
    name: 'read-bulk-part',
    text: `with part as materialized (
             select * from bulk_part where job_id = $1 and file_number = $2 and part_number > $3 order by part_number limit 1
           )
           select p.part_number as "partNumber", p.resource_type as "resourceType", k.patient_id as "patientId", coalesce(r.content, h.content) as content
             from part p, unnest(p.patient_ids, p.resource_ids, p.versions) with ordinality k(patient_id, resource_id, version, place)
             left join resource r on r.patient_id = k.patient_id and r.resource_type = (select resource_type from part)
                                 and r.resource_id = k.resource_id and r.version = k.version
             left join resource_history h on h.patient_id = k.patient_id and h.resource_type = (select resource_type from part)
                                 and h.resource_id = k.resource_id and h.version = k.version
            order by k.place`,
    values: [jobId, fileNumber, afterPart],
  });
  const found = rows as {
    partNumber: number;
    resourceType: string;
    patientId: string;
    content: string | null;
  }[];
  const [first] = found;
  return first && { partNumber: first.partNumber, resourceType: first.resourceType, rows: found };
}
