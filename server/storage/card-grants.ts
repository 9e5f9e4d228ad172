// What a card and its access code would give a clinician, until a witness of the same organisation has said yes, or a few minutes are over.
import type { Coverage } from '../../core/access/authority.ts';
import type { Category } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export interface CardGrant {
  patientId: string;
  cardGrantId: string;
  clinicianId: string;
  clinicianPatientId: string;
  clinicianName: unknown;
  organizationId: string;
  uhid: string;
  coverage: Coverage;
  writing: boolean;
  purpose: string;
  createdAt: Date;
  expiresAt: Date;
  witnessed: boolean;
}

const columns = `g.patient_id as "patientId", g.card_grant_id as "cardGrantId", g.clinician_id as "clinicianId",
  a.patient_id as "clinicianPatientId", r.content::json -> 'name' as "clinicianName", g.organization_id as "organizationId", p.uhid,
  g.categories, g.entries, g.sealed, g.writing, g.purpose, g.created_at as "createdAt", g.expires_at as "expiresAt",
  g.witness_id is not null as witnessed`;
const joined = `card_grant g join person p using (patient_id) join account a on a.account_id = g.clinician_id
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted`;

type Row = Omit<CardGrant, 'coverage'> & {
  categories: Category[] | null;
  entries: string[] | null;
  sealed: boolean;
};

const cardGrantOf = ({ categories, entries, sealed, ...row }: Row): CardGrant => ({
  ...row,
  coverage: { ...(categories ? { categories } : {}), ...(entries ? { entries } : {}), sealed },
});

export async function insertCardGrant(
  client: Queryable,
  grant: Pick<
    CardGrant,
    'patientId' | 'cardGrantId' | 'clinicianId' | 'organizationId' | 'coverage' | 'writing' | 'purpose'
  > & { createdAtMs: number; expiresAtMs: number },
): Promise<void> {
  await client.query({
    name: 'insert-card-grant',
    text: `insert into card_grant (patient_id, card_grant_id, clinician_id, organization_id, categories, entries, sealed, writing, purpose,
             created_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000), to_timestamp($11::float8 / 1000))`,
    values: [
      grant.patientId,
      grant.cardGrantId,
      grant.clinicianId,
      grant.organizationId,
      grant.coverage.categories ?? null,
      grant.coverage.entries ?? null,
      grant.coverage.sealed,
      grant.writing,
      grant.purpose,
      grant.createdAtMs,
      grant.expiresAtMs,
    ],
  });
}

/** Those that wait in these organisations, the newest first; at most 50. */
export async function listCardGrants(
  db: Queryable,
  organizationIds: readonly string[],
  nowMs: number,
): Promise<CardGrant[]> {
  const { rows } = await db.query({
    name: 'list-card-grants',
    text: `select ${columns} from ${joined} where g.organization_id = any($1::text[]) and g.witness_id is null
              and g.expires_at > to_timestamp($2::float8 / 1000) order by g.created_at desc, g.card_grant_id limit 50`,
    values: [organizationIds, nowMs],
  });
  return (rows as Row[]).map(cardGrantOf);
}

export async function findCardGrant(db: Queryable, cardGrantId: string): Promise<CardGrant | undefined> {
  const { rows } = await db.query({
    name: 'find-card-grant',
    text: `select ${columns} from ${joined} where g.card_grant_id = $1`,
    values: [cardGrantId],
  });
  return (rows as Row[]).map(cardGrantOf)[0];
}

/** False when it was witnessed already, or is over: of several witnesses at once one counts. */
export async function witnessCardGrant(
  client: Queryable,
  cardGrantId: string,
  witnessId: string,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'witness-card-grant',
    text: `update card_grant set witness_id = $2, witnessed_at = to_timestamp($3::float8 / 1000)
            where card_grant_id = $1 and witness_id is null and expires_at > to_timestamp($3::float8 / 1000)`,
    values: [cardGrantId, witnessId, nowMs],
  });
  return rowCount === 1;
}
