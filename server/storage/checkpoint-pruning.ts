// Which signed checkpoints are kept. Every proof comes from the tiles, so that none depends on a row here: what is kept is what somebody
// may have to be shown again. See docs/decisions/kept-checkpoints.md.
import type { Queryable } from './queryable.ts';

const wholeMs = 60 * 60_000;
const atOnce = 5000;

/**
 * Takes away checkpoints, with their cosignatures, that are older than an hour and neither the last of their hour, nor anchored or about
 * to be, nor the newest of a witness or of so many witnesses, nor the newest of all. Returns how many; at most 5,000 at once.
 */
export async function pruneCheckpoints(db: Queryable, nowMs: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'prune-checkpoints',
    text: `with counted as (
             select size, count(*) as witnesses from log_cosignature group by size
           ), kept as (
             select max(size) as size from log_checkpoint
             union select max(size) from log_checkpoint group by date_trunc('hour', signed_at at time zone 'UTC')
             union select size from anchor
             union select max(size) from counted group by witnesses
             union select max(size) from log_cosignature group by witness
           ), pruned as (
             select size from log_checkpoint c
              where signed_at < to_timestamp($1::float8 / 1000) and not exists (select from kept k where k.size = c.size)
              order by size limit $2
           ), unsigned as (
             delete from log_cosignature where size in (select size from pruned)
           )
           delete from log_checkpoint where size in (select size from pruned)`,
    values: [nowMs - wholeMs, atOnce],
  });
  return rowCount ?? 0;
}
