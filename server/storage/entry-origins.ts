// Where each version of an entry came from, as its own entry in the person's chain says: who, when, by which authority. Decides nothing.
import type { Statement } from '../../core/ledger/statement.ts';
import type { Queryable } from './queryable.ts';

export interface EntryOrigin {
  version: number;
  deleted: boolean;
  /** Canonical text of this version; '' of a deletion. */
  content: string;
  entryId: string;
  recordedAt: Date;
  /** Canonical statement; null when it was erased. */
  statement: string | null;
  authorityBasis: string | null;
  consentId: string | null;
  /** The version of that Consent that stood when this was written. */
  consentVersion: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  /** Where whoever wrote it works, as the authority names it. */
  organization: string | null;
}

/** The newest first, at most 200. */
export async function listOrigins(
  db: Queryable,
  patientId: string,
  resourceType: string,
  resourceId: string,
): Promise<EntryOrigin[]> {
  const { rows } = await db.query({
    name: 'list-entry-origins',
    text: `with versions as (
             select version, entry_id, deleted, content from resource where patient_id = $1 and resource_type = $2 and resource_id = $3
              union all
             select version, entry_id, deleted, content from resource_history where patient_id = $1 and resource_type = $2 and resource_id = $3)
           select v.version, v.deleted, v.content, v.entry_id as "entryId", e.recorded_at as "recordedAt", case when e.erased_by is null then e.statement end as statement,
                  a.basis as "authorityBasis", a.consent_id as "consentId", a.starts_at as "startsAt", a.ends_at as "endsAt",
                  o.content::json ->> 'name' as organization,
                  (select max(c.version) from (
                     select version, last_updated from resource where patient_id = $1 and resource_type = 'Consent' and resource_id = a.consent_id
                      union all
                     select version, last_updated from resource_history where patient_id = $1 and resource_type = 'Consent' and resource_id = a.consent_id) c
                    where c.last_updated <= e.recorded_at) as "consentVersion"
             from versions v join entry e on e.patient_id = $1 and e.entry_id = v.entry_id
             left join authority a on a.patient_id = $1 and a.authority_id::text =
               case when e.erased_by is null then e.statement::json -> 'detail' ->> 'authority' end
             left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = a.organization_id and not o.deleted
            order by v.version desc limit 200`,
    values: [patientId, resourceType, resourceId],
  });
  return rows as EntryOrigin[];
}

/** Of which version of which resource this entry is, where it is one; looked for in these records, or in all. */
export async function findWritten(
  db: Queryable,
  entryId: string,
  patientIds: readonly string[] | undefined,
): Promise<{ patientId: string; on: { type: string; id: string; version: number } } | undefined> {
  // Over all records by its place in the log, or among what waits for one: entries have no index of their ids alone.
  const { rows } = await db.query(
    patientIds === undefined
      ? {
          name: 'find-written-anywhere',
          text: `select e.patient_id as "patientId", e.statement from (
                   select pseudonym from log_leaf where entry_id = $1 union all select pseudonym from pending_leaf where entry_id = $1) l
                   join person p using (pseudonym) join entry e on e.patient_id = p.patient_id and e.entry_id = $1`,
          values: [entryId],
        }
      : {
          name: 'find-written',
          text: `select patient_id as "patientId", statement from entry where patient_id = any($2::text[]) and entry_id = $1`,
          values: [entryId, patientIds],
        },
  );
  const [row] = rows as { patientId: string; statement: string }[];
  if (row === undefined || row.statement === '') return undefined;
  const { event, on } = JSON.parse(row.statement) as Statement;
  const written = event === 'create' || event === 'update' || event === 'delete';
  if (!written || on?.version === undefined) return undefined;
  return { patientId: row.patientId, on: { type: on.type, id: on.id, version: on.version } };
}

/** Number of the version that stood at an instant; undefined when nothing did. */
export async function findVersionAt(
  db: Queryable,
  patientId: string,
  resourceType: string,
  resourceId: string,
  at: string,
): Promise<number | undefined> {
  const { rows } = await db.query({
    name: 'find-version-at',
    text: `select max(version) as version from (
             select version, last_updated from resource where patient_id = $1 and resource_type = $2 and resource_id = $3
              union all
             select version, last_updated from resource_history where patient_id = $1 and resource_type = $2 and resource_id = $3) v
            where last_updated <= $4::timestamptz`,
    values: [patientId, resourceType, resourceId, at],
  });
  return (rows[0] as { version: number | null } | undefined)?.version ?? undefined;
}

/** Whether the first version of a resource came after this instant. */
export async function isWrittenSince(
  db: Queryable,
  patientId: string,
  resourceType: string,
  resourceId: string,
  since: Date,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'is-written-since',
    text: `select min(last_updated) >= $4 as since from (
             select last_updated from resource where patient_id = $1 and resource_type = $2 and resource_id = $3
              union all
             select last_updated from resource_history where patient_id = $1 and resource_type = $2 and resource_id = $3) v`,
    values: [patientId, resourceType, resourceId, since],
  });
  return (rows[0] as { since: boolean | null } | undefined)?.since === true;
}
