// What the tables hold of a log's signatures: taken away when the log itself is given up, and handed back first, to be kept as evidence.
import type { Queryable } from './queryable.ts';

/** Children before what they name. */
const signedTables = [
  'log_cosignature',
  'log_witness',
  'log_key_change',
  'anchor_event',
  'anchor_attempt',
  'anchor',
  'log_checkpoint',
] as const;

/** In the caller's transaction. Rows as text, by table: the newest thousand checkpoints and cosignatures, and all of the rest. */
export async function takeSignaturesAway(client: Queryable): Promise<Record<string, string[]>> {
  const taken: Record<string, string[]> = {};
  for (const table of signedTables) {
    const newest = table === 'log_checkpoint' || table === 'log_cosignature';
    const { rows } = await client.query({
      text: `select to_jsonb(t)::text as row from ${table} t ${newest ? 'order by size desc limit 1000' : ''}`,
    });
    taken[table] = (rows as { row: string }[]).map(({ row }) => row);
  }
  for (const table of signedTables) await client.query({ text: `delete from ${table}` });
  return taken;
}
