// Authorities over other people's records as rows, and as the decision takes them. Who is let in is read at the time of the
// request: a row that ended is not there for the next one.
import type { Authority, Coverage, GuardianLevel } from '../../core/access/authority.ts';
import type { Category } from '../../core/access/categories.ts';
import { atWork } from './members.ts';
import { stands } from './merges.ts';
import type { Queryable } from './queryable.ts';

/** Every process may hold this many authorities of one person in its hands; a clinician with more narrows the question. */
export const mostAuthorities = 1000;

/** What is joined is no row: it follows from one. */
type StoredBasis = Exclude<Authority['basis'], 'joined'>;

interface Row {
  id: string;
  patientId: string;
  basis: StoredBasis;
  level: GuardianLevel | null;
  categories: Category[] | null;
  entries: string[] | null;
  sealed: boolean;
  knowsSealed: boolean;
  share: boolean;
  startsAtMs: number;
  endsAtMs: number | null;
  practitionerId: string | null;
  frozen: boolean;
  joined?: string[];
}

const columns = `a.authority_id as id, a.patient_id as "patientId", a.basis, a.level, a.categories, a.entries, a.sealed, a.knows_sealed as "knowsSealed", a.share,
  extract(epoch from a.starts_at)::float8 * 1000 as "startsAtMs", extract(epoch from a.ends_at)::float8 * 1000 as "endsAtMs",
  (select m.practitioner_id from organization_member m where m.account_id = $1 and m.ended_at is null and m.practitioner_id is not null
    order by m.started_at limit 1) as "practitionerId",
  exists (select from custody_dispute d where d.patient_id = a.patient_id and d.lifted_at is null) as frozen`;

/** A clinician at work: what is an organisation's holds for them, and for nobody else who works there. */
const clinicianHere = `m.account_id = $1 and ${atWork('m')} and m.role in ('doctor', 'nurse')`;
const licensed = `m.licence_until >= (to_timestamp($2::float8 / 1000) at time zone 'UTC')::date`;

/** Their own, and that of the organisations they work for: each by its index. @param over narrows both */
const heldBy = (over: string): string => `(
  select * from authority where holder_id = $1 and ended_at is null ${over}
  union all
  select * from authority where holder_id is null and ended_at is null ${over} and organization_id = any(array(
    select m.organization_id from organization_member m where ${clinicianHere} and ${licensed}))) a`;

/** What nobody agreed for opens nothing any more from the day on that somebody has taken that record over. */
const mergeStands = `exists (select from record_merge g where g.merged_id = a.patient_id and g.authority_id = a.authority_id and ${stands('g')})`;

/** What was joined to the record of each: what may kill there is read by whoever was let in here. */
const withJoined = `${columns}, array(select g.merged_id from record_merge g where g.survivor_id = a.patient_id and a.basis <> 'merged' and ${stands('g')}
  order by g.merged_id) as joined`;

/** Records, and those that they were joined to. */
const namedOrJoined = `any($3::text[] || array(select g.survivor_id from record_merge g where g.merged_id = any($3::text[]) and ${stands('g')}))`;

/** In force at `nowMs`. A clinician's hold only while they are at work where it was given, with a valid licence: the day it lapses, they do not. */
const holds = `a.starts_at <= to_timestamp($2::float8 / 1000)
  and (a.ends_at is null or a.ends_at > to_timestamp($2::float8 / 1000))
  and (a.basis = 'guardian' or (a.basis = 'merged' and ${mergeStands}) or exists (
    select 1 from organization_member m where m.account_id = $1 and ${atWork('m')}
       and (a.organization_id is null or m.organization_id = a.organization_id) and ${licensed}))`;

/** What `accountId` holds now, over all people or over those named. */
export async function listAuthorities(
  db: Queryable,
  accountId: string,
  nowMs: number,
  patientIds?: readonly string[],
): Promise<Authority[]> {
  const { rows } = await db.query(
    patientIds === undefined
      ? {
          name: 'list-authorities',
          text: `select ${withJoined} from ${heldBy('')} where ${holds}
                  order by a.patient_id, a.authority_id limit ${mostAuthorities}`,
          values: [accountId, nowMs],
        }
      : {
          name: 'list-authorities-over',
          text: `select ${withJoined} from ${heldBy(`and patient_id = ${namedOrJoined}`)} where ${holds}
                  order by a.patient_id, a.authority_id limit ${mostAuthorities}`,
          values: [accountId, nowMs, patientIds],
        },
  );
  const named = (patientId: string): boolean => patientIds?.includes(patientId) ?? true;
  return (rows as Row[]).flatMap((row) => {
    const own = authorityOf(row);
    const joined = (row.joined ?? [])
      .filter((mergedId) => named(mergedId) || named(row.patientId))
      .map((mergedId) => joinedTo(own, mergedId));
    return named(row.patientId) ? [own, ...joined] : joined;
  });
}

/** The records that were merged into their own: a part of what they look into when they look into that. */
export async function listMergedRecords(
  db: Queryable,
  accountId: string,
  nowMs: number,
): Promise<Authority[]> {
  const { rows } = await db.query({
    name: 'list-merged-records',
    text: `select ${columns} from authority a where a.holder_id = $1 and a.basis = 'merged' and a.ended_at is null and ${mergeStands}
              and a.starts_at <= to_timestamp($2::float8 / 1000) order by a.patient_id limit 20`,
    values: [accountId, nowMs],
  });
  return (rows as Row[]).map(authorityOf);
}

/** What an authority over the record that stays gives of one that was joined to it. */
function joinedTo(own: Authority, mergedId: string): Authority {
  const { id, patientId, startsAtMs, endsAtMs, holder, basis } = own;
  return {
    id,
    patientId: mergedId,
    into: patientId,
    startsAtMs,
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
    ...(holder === undefined ? {} : { holder }),
    basis: 'joined',
    through: basis === 'merged' || basis === 'joined' ? 'grant' : basis,
    coverage: { ...('coverage' in own ? own.coverage : {}), sealed: false },
  };
}

/** `listAuthorities` at the time of each question, for `requireActing`. */
export function heldNow({ db, now }: { db: { pool: Queryable }; now: () => number }) {
  return (accountId: string, patientIds: readonly string[]): Promise<Authority[]> =>
    listAuthorities(db.pool, accountId, now(), patientIds);
}

function authorityOf(row: Row): Authority {
  const given = {
    id: row.id,
    patientId: row.patientId,
    startsAtMs: row.startsAtMs,
    ...(row.endsAtMs === null ? {} : { endsAtMs: row.endsAtMs }),
    ...(row.practitionerId === null ? {} : { holder: `Practitioner/${row.practitionerId}` }),
  };
  const coverage: Coverage = {
    ...(row.categories ? { categories: row.categories } : {}),
    ...(row.entries ? { entries: row.entries } : {}),
    sealed: row.sealed,
    ...(row.knowsSealed ? { knowsSealed: true } : {}),
  };
  switch (row.basis) {
    case 'guardian':
      return {
        ...given,
        basis: 'guardian',
        level: row.level ?? 'view',
        ...(row.frozen ? { frozen: true } : {}),
      };
    case 'grant':
      return { ...given, basis: 'grant', coverage, share: row.share };
    case 'edit':
      return { ...given, basis: 'edit', coverage };
    case 'break-glass':
      return { ...given, basis: 'break-glass' };
    case 'merged':
      return { ...given, basis: 'merged', sealed: row.sealed };
  }
}

export interface NewAuthority {
  patientId: string;
  authorityId: string;
  basis: StoredBasis;
  /** Absent: the organisation's, so everybody's who is a clinician there. */
  holderId?: string;
  level?: GuardianLevel;
  coverage?: Coverage;
  share?: boolean;
  purpose: string;
  consentId?: string;
  requestId?: string;
  organizationId?: string;
  startsAtMs: number;
  endsAtMs?: number;
}

/** Inside the transaction that also writes the entry of it. */
export async function insertAuthority(client: Queryable, given: NewAuthority): Promise<void> {
  await client.query({
    name: 'insert-authority',
    text: `insert into authority (patient_id, authority_id, basis, holder_id, level, categories, entries, sealed, share, purpose,
             consent_id, request_id, organization_id, starts_at, ends_at, knows_sealed)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, to_timestamp($14::float8 / 1000), to_timestamp($15::float8 / 1000), $16)`,
    values: [
      given.patientId,
      given.authorityId,
      given.basis,
      given.holderId ?? null,
      given.level ?? null,
      given.coverage?.categories ?? null,
      given.coverage?.entries ?? null,
      given.coverage?.sealed ?? false,
      given.share ?? false,
      given.purpose,
      given.consentId ?? null,
      given.requestId ?? null,
      given.organizationId ?? null,
      given.startsAtMs,
      given.endsAtMs ?? null,
      given.coverage?.knowsSealed ?? false,
    ],
  });
}

/** An authority as the person sees it, in force or not. */
export interface ListedAuthority {
  authorityId: string;
  patientId: string;
  basis: StoredBasis;
  /** Null: the organisation's. */
  holderId: string | null;
  holderName: unknown;
  organization: string | null;
  uhid: string;
  /** `name` of the person whose record it is. */
  personName: unknown;
  level: GuardianLevel | null;
  categories: Category[] | null;
  entries: string[] | null;
  sealed: boolean;
  knowsSealed: boolean;
  share: boolean;
  purpose: string;
  consentId: string | null;
  requestId: string | null;
  organizationId: string | null;
  startsAt: Date;
  endsAt: Date | null;
  endedAt: Date | null;
  endedWhy: string | null;
}

const listed = `a.authority_id as "authorityId", a.patient_id as "patientId", a.basis, a.holder_id as "holderId",
  r.content::json -> 'name' as "holderName", o.content::json ->> 'name' as organization, p.uhid, n.content::json -> 'name' as "personName", a.level, a.categories, a.entries, a.sealed,
  a.knows_sealed as "knowsSealed", a.share, a.purpose, a.consent_id as "consentId",
  a.request_id as "requestId", a.organization_id as "organizationId", a.starts_at as "startsAt", a.ends_at as "endsAt",
  a.ended_at as "endedAt", a.ended_why as "endedWhy"`;
const withHolder = `authority a left join account h on h.account_id = a.holder_id
  left join resource r on r.patient_id = h.patient_id and r.resource_type = 'Patient' and r.resource_id = h.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = a.organization_id and not o.deleted
  join person p on p.patient_id = a.patient_id
  left join resource n on n.patient_id = a.patient_id and n.resource_type = 'Patient' and n.resource_id = a.patient_id and not n.deleted`;

/** Everything that was ever given over one record, the newest first; at most 500. */
export async function listGiven(db: Queryable, patientId: string): Promise<ListedAuthority[]> {
  const { rows } = await db.query({
    name: 'list-given-authorities',
    text: `select ${listed} from ${withHolder} where a.patient_id = $1 order by a.starts_at desc, a.authority_id limit 500`,
    values: [patientId],
  });
  return rows as ListedAuthority[];
}

/** What one account was ever given over other people's records, the newest first; at most 500. */
export async function listHeld(db: Queryable, accountId: string): Promise<ListedAuthority[]> {
  const { rows } = await db.query({
    name: 'list-held-authorities',
    text: `select ${listed} from ${withHolder} where a.holder_id = $1 or (a.holder_id is null and a.organization_id = any(array(
             select m.organization_id from organization_member m where ${clinicianHere}))) order by a.starts_at desc, a.authority_id limit 500`,
    values: [accountId],
  });
  return rows as ListedAuthority[];
}

/** Of one record, or with `holderId` of one holder: whoever asks sees only what is theirs. */
export async function findAuthority(
  db: Queryable,
  authorityId: string,
): Promise<ListedAuthority | undefined> {
  const { rows } = await db.query({
    name: 'find-authority',
    text: `select ${listed} from ${withHolder} where a.authority_id = $1`,
    values: [authorityId],
  });
  return rows[0] as ListedAuthority | undefined;
}

/** Ends what still holds of these: how many that were. Holds for every request that starts after the commit. */
export async function endAuthorities(
  client: Queryable,
  patientId: string,
  authorityIds: readonly string[],
  why: string,
  atMs: number,
): Promise<number> {
  const { rowCount } = await client.query({
    name: 'end-authorities',
    text: `update authority set ended_at = to_timestamp($4::float8 / 1000), ended_why = $3
            where patient_id = $1 and authority_id = any($2::uuid[]) and ended_at is null`,
    values: [patientId, authorityIds, why, atMs],
  });
  return rowCount ?? 0;
}

/** What one consent or one request gave: ended together. */
export async function siblingsOf(
  db: Queryable,
  patientId: string,
  { consentId, authorityId }: { consentId: string | null; authorityId: string },
): Promise<string[]> {
  if (consentId === null) return [authorityId];
  const { rows } = await db.query({
    name: 'authorities-of-consent',
    text: `select authority_id as id from authority where patient_id = $1 and consent_id = $2`,
    values: [patientId, consentId],
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}

/** Own records of those who are guardians of this person now: where their notices go. */
export async function listGuardianPatients(
  db: Queryable,
  patientId: string,
  nowMs: number,
): Promise<string[]> {
  const { rows } = await db.query({
    name: 'list-guardian-patients',
    text: `select distinct h.patient_id as id from authority a join account h on h.account_id = a.holder_id
            where a.patient_id = $1 and a.basis = 'guardian' and a.ended_at is null
              and a.starts_at <= to_timestamp($2::float8 / 1000) and (a.ends_at is null or a.ends_at > to_timestamp($2::float8 / 1000))`,
    values: [patientId, nowMs],
  });
  return (rows as { id: string }[]).map(({ id }) => id);
}
