// Locks on words instead of rows, for what does not stand yet; they go with the transaction.
import type { Queryable } from './queryable.ts';

/** Waits until nobody else holds one of them. Taken in one order. Only inside a transaction. */
export async function lockWords(client: Queryable, numbers: readonly bigint[]): Promise<void> {
  if (numbers.length === 0) return;
  await client.query({
    name: 'lock-words',
    text: `select pg_advisory_xact_lock(t.n) from (select distinct n from unnest($1::bigint[]) as u(n) order by n) t`,
    values: [numbers.map(String)],
  });
}
