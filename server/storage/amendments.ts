// Late entries that wait for their person. Knows texts, judges none.
import type { Coverage } from '../../core/access/authority.ts';
import type { Category } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export interface Amendment {
  patientId: string;
  amendmentId: string;
  authorId: string;
  authorPatientId: string;
  authorName: unknown;
  organization: string | null;
  practitionerId: string | null;
  organizationId: string | null;
  authorityId: string;
  resource: string;
  reason: string;
  state: 'proposed' | 'accepted' | 'rejected';
  proposedAt: Date;
  expiresAt: Date;
  answeredAt: Date | null;
}

const columns = `m.patient_id as "patientId", m.amendment_id as "amendmentId", m.author_id as "authorId", a.patient_id as "authorPatientId",
  r.content::json -> 'name' as "authorName", o.content::json ->> 'name' as organization, w.practitioner_id as "practitionerId",
  t.organization_id as "organizationId", m.authority_id as "authorityId", m.resource, m.reason, m.state, m.proposed_at as "proposedAt",
  m.expires_at as "expiresAt", m.answered_at as "answeredAt"`;
const joined = `amendment m join account a on a.account_id = m.author_id
  join authority t on t.patient_id = m.patient_id and t.authority_id = m.authority_id
  left join lateral (select practitioner_id from organization_member where account_id = m.author_id and practitioner_id is not null
    and ended_at is null order by started_at limit 1) w on true
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = t.organization_id and not o.deleted`;

/** The newest pen that this account was lent over this record since `sinceMs`, and that was not taken away. */
export async function findFormerPen(
  db: Queryable,
  patientId: string,
  accountId: string,
  sinceMs: number,
): Promise<{ authorityId: string; coverage: Coverage; startsAtMs: number } | undefined> {
  const { rows } = await db.query({
    name: 'find-former-pen',
    text: `select authority_id as "authorityId", categories, entries, sealed, extract(epoch from starts_at)::float8 * 1000 as "startsAtMs"
             from authority where patient_id = $1 and holder_id = $2 and basis = 'edit' and ended_why is distinct from 'revoked'
              and starts_at >= to_timestamp($3::float8 / 1000)
            order by starts_at desc limit 1`,
    values: [patientId, accountId, sinceMs],
  });
  const row = rows[0] as
    | {
        authorityId: string;
        categories: Category[] | null;
        entries: string[] | null;
        sealed: boolean;
        startsAtMs: number;
      }
    | undefined;
  if (!row) return undefined;
  const { authorityId, categories, entries, sealed, startsAtMs } = row;
  return {
    authorityId,
    startsAtMs,
    coverage: { ...(categories ? { categories } : {}), ...(entries ? { entries } : {}), sealed },
  };
}

export async function insertAmendment(
  client: Queryable,
  amendment: Pick<
    Amendment,
    'patientId' | 'amendmentId' | 'authorId' | 'authorityId' | 'resource' | 'reason'
  > & { proposedAtMs: number; expiresAtMs: number },
): Promise<void> {
  await client.query({
    name: 'insert-amendment',
    text: `insert into amendment (patient_id, amendment_id, author_id, authority_id, resource, reason, state, proposed_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, 'proposed', to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))`,
    values: [
      amendment.patientId,
      amendment.amendmentId,
      amendment.authorId,
      amendment.authorityId,
      amendment.resource,
      amendment.reason,
      amendment.proposedAtMs,
      amendment.expiresAtMs,
    ],
  });
}

export async function findAmendment(db: Queryable, amendmentId: string): Promise<Amendment | undefined> {
  const { rows } = await db.query({
    name: 'find-amendment',
    text: `select ${columns} from ${joined} where m.amendment_id = $1`,
    values: [amendmentId],
  });
  return rows[0] as Amendment | undefined;
}

/** To one person, or by one author; the newest first, at most 200. */
export async function listAmendments(
  db: Queryable,
  whose: { patientId: string } | { authorId: string },
): Promise<Amendment[]> {
  const ofPerson = 'patientId' in whose;
  const { rows } = await db.query({
    name: ofPerson ? 'list-amendments-to' : 'list-amendments-by',
    text: `select ${columns} from ${joined} where ${ofPerson ? 'm.patient_id = $1' : 'm.author_id = $1'}
            order by m.proposed_at desc, m.amendment_id limit 200`,
    values: [ofPerson ? whose.patientId : whose.authorId],
  });
  return rows as Amendment[];
}

/** False when it was answered before, or is too old. */
export async function answerAmendment(
  client: Queryable,
  amendment: Pick<Amendment, 'patientId' | 'amendmentId'>,
  state: 'accepted' | 'rejected',
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'answer-amendment',
    text: `update amendment set state = $3, answered_at = to_timestamp($4::float8 / 1000)
            where patient_id = $1 and amendment_id = $2 and state = 'proposed' and expires_at > to_timestamp($4::float8 / 1000)`,
    values: [amendment.patientId, amendment.amendmentId, state, nowMs],
  });
  return rowCount === 1;
}
