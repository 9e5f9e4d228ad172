// What the operator's whole check asks of the tables beside the log itself: roots that were published, and rows without their counterpart.
import type { Queryable } from './queryable.ts';

/** Roots that somebody outside has: anchored, and the newest checkpoints. */
export async function listSignedRoots(
  db: Queryable,
): Promise<{ from: string; size: number; root: Buffer }[]> {
  const { rows } = await db.query({
    text: `select 'an anchor' as "from", size, root from anchor where state = 'anchored'
           union all
           (select 'a checkpoint', size, root from log_checkpoint order by size desc limit 1000)`,
  });
  return rows as { from: string; size: number; root: Buffer }[];
}

/** Events and leaves belong together, one to one: what stands alone, and how often. */
export async function findUnmatched(db: Queryable): Promise<{ what: string; count: number }[]> {
  const { rows } = await db.query({
    text: `select 'entries that neither stand in the log nor wait for it' as what, count(*) as count from entry e
            where not exists (select from log_leaf l where l.entry_id = e.entry_id)
              and not exists (select from pending_leaf p where p.entry_id = e.entry_id)
           union all
           select 'leaves whose entry is gone without an erasure', count(*) from log_leaf l
            where not exists (select from entry e where e.entry_id = l.entry_id)
              and not exists (select from erased_entry x where x.entry_id = l.entry_id)
           union all
           select 'leaves that wait although they stand in the log', count(*) from pending_leaf p
            where exists (select from log_leaf l where l.entry_id = p.entry_id)
           union all
           select 'leaves that wait for entries that are not there', count(*) from pending_leaf p
            where not exists (select from entry e where e.entry_id = p.entry_id)
              and not exists (select from erased_entry x where x.entry_id = p.entry_id)
           union all
           select 'entries of nobody', count(*) from entry e
            where e.patient_id <> '' and not exists (select from person p where p.patient_id = e.patient_id)
           union all
           select 'versions of nobody', count(*) from (select patient_id from resource union all select patient_id from resource_history) v
            where v.patient_id <> '' and not exists (select from person p where p.patient_id = v.patient_id)
           union all
           select 'leaves more or less than the head of the log says',
                  abs((select count(*) from log_leaf) - coalesce((select size from log_head), 0))`,
  });
  return rows as { what: string; count: number }[];
}

/** People in the order of their ids. */
export async function listPeopleAfter(
  db: Queryable,
  after: string,
  limit: number,
): Promise<{ patientId: string; uhid: string }[]> {
  const { rows } = await db.query({
    text: `select patient_id as "patientId", uhid from person where patient_id > $1 order by patient_id limit $2`,
    values: [after, limit],
  });
  return rows as { patientId: string; uhid: string }[];
}
