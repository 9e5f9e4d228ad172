// Places that orders can be sent to: organisations where somebody is at work for a laboratory or in radiology.
import type { LabKind } from './lab-orders.ts';
import { atWork } from './members.ts';
import type { Queryable } from './queryable.ts';

export interface Laboratory {
  id: string;
  name: string;
  kinds: LabKind[];
}

const places = `organization_member m
  join resource o on o.patient_id = '' and o.resource_type = 'Organization' and o.resource_id = m.organization_id and not o.deleted
  where m.role in ('laboratory', 'radiology') and ${atWork('m')}`;
const columns = `m.organization_id as id, coalesce(min(o.content::json ->> 'name'), '') as name, array_agg(distinct m.role order by m.role) as kinds`;

/** Those whose name has all these words; by name, at most `limit`. */
export async function listLaboratories(
  db: Queryable,
  words: readonly string[],
  limit: number,
): Promise<Laboratory[]> {
  const { rows } = await db.query({
    name: 'list-laboratories',
    text: `select ${columns} from ${places} and not exists (select from unnest($1::text[]) word
              where position(word in lower(coalesce(o.content::json ->> 'name', ''))) = 0)
            group by m.organization_id order by lower(min(o.content::json ->> 'name')), m.organization_id limit $2`,
    values: [words.map((word) => word.toLowerCase()), limit],
  });
  return rows as Laboratory[];
}

export async function findLaboratory(db: Queryable, id: string): Promise<Laboratory | undefined> {
  const { rows } = await db.query({
    name: 'find-laboratory',
    text: `select ${columns} from ${places} and m.organization_id = $1 group by m.organization_id`,
    values: [id],
  });
  return rows[0] as Laboratory | undefined;
}
