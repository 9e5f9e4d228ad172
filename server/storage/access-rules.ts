// Rules by which a person's yes is given without asking them each time. Knows rows, decides nothing.
import type { Coverage } from '../../core/access/authority.ts';
import type { Category } from '../../core/access/categories.ts';
import type { Queryable } from './queryable.ts';

export interface AccessRule {
  patientId: string;
  ruleId: string;
  holderId: string | null;
  /** `name` of the holder's Patient resource. */
  holderName: unknown;
  organizationId: string | null;
  organization: string | null;
  coverage: Coverage;
  share: boolean;
  writing: boolean;
  purpose: string;
  longestMs: number;
  createdAt: Date;
}

interface Row extends Omit<AccessRule, 'coverage' | 'longestMs'> {
  categories: Category[] | null;
  entries: string[] | null;
  sealed: boolean;
  longestMs: string | number;
}

const columns = `u.patient_id as "patientId", u.rule_id as "ruleId", u.holder_id as "holderId", r.content::json -> 'name' as "holderName",
  u.organization_id as "organizationId", o.content::json ->> 'name' as organization, u.categories, u.entries, u.sealed, u.share, u.writing,
  u.purpose, u.longest_ms as "longestMs", u.created_at as "createdAt"`;
const joined = `access_rule u left join account a on a.account_id = u.holder_id
  left join resource r on r.patient_id = a.patient_id and r.resource_type = 'Patient' and r.resource_id = a.patient_id and not r.deleted
  left join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = u.organization_id and not o.deleted`;

function ruleOf({ categories, entries, sealed, longestMs, ...row }: Row): AccessRule {
  return {
    ...row,
    longestMs: Number(longestMs),
    coverage: { ...(categories ? { categories } : {}), ...(entries ? { entries } : {}), sealed },
  };
}

export async function insertAccessRule(
  client: Queryable,
  rule: Omit<AccessRule, 'holderName' | 'organization' | 'createdAt'> & { createdAtMs: number },
): Promise<void> {
  await client.query({
    name: 'insert-access-rule',
    text: `insert into access_rule (patient_id, rule_id, holder_id, organization_id, categories, entries, sealed, share, writing, purpose,
             longest_ms, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12::float8 / 1000))`,
    values: [
      rule.patientId,
      rule.ruleId,
      rule.holderId,
      rule.organizationId,
      rule.coverage.categories ?? null,
      rule.coverage.entries ?? null,
      rule.coverage.sealed,
      rule.share,
      rule.writing,
      rule.purpose,
      rule.longestMs,
      rule.createdAtMs,
    ],
  });
}

/** Those of one person that hold, or only those that speak of this asker; at most 100. */
export async function listAccessRules(
  db: Queryable,
  patientId: string,
  asker?: { accountId: string; organizationId: string },
): Promise<AccessRule[]> {
  const { rows } = await db.query(
    asker === undefined
      ? {
          name: 'list-access-rules',
          text: `select ${columns} from ${joined} where u.patient_id = $1 and u.ended_at is null order by u.created_at, u.rule_id limit 100`,
          values: [patientId],
        }
      : {
          name: 'list-access-rules-for',
          text: `select ${columns} from ${joined} where u.patient_id = $1 and u.ended_at is null
                    and (u.holder_id = $2 or u.organization_id = $3) order by u.created_at, u.rule_id limit 100`,
          values: [patientId, asker.accountId, asker.organizationId],
        },
  );
  return (rows as Row[]).map(ruleOf);
}

/** Whose rule it was; undefined when there is none that holds. */
export async function findAccessRule(db: Queryable, ruleId: string): Promise<AccessRule | undefined> {
  const { rows } = await db.query({
    name: 'find-access-rule',
    text: `select ${columns} from ${joined} where u.rule_id = $1 and u.ended_at is null`,
    values: [ruleId],
  });
  return rows[0] ? ruleOf(rows[0] as Row) : undefined;
}

export async function endAccessRule(
  client: Queryable,
  { patientId, ruleId }: Pick<AccessRule, 'patientId' | 'ruleId'>,
  nowMs: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'end-access-rule',
    text: `update access_rule set ended_at = to_timestamp($3::float8 / 1000) where patient_id = $1 and rule_id = $2 and ended_at is null`,
    values: [patientId, ruleId, nowMs],
  });
  return rowCount === 1;
}
