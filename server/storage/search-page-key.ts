// The key that seals links to further pages of a search: one for all processes on this database, made when first asked for.
import type { Queryable } from './queryable.ts';

const keys = new WeakMap<Queryable, Promise<Buffer>>();

export function findSearchPageKey(
  db: Queryable,
  randomBytes: (count: number) => Uint8Array,
): Promise<Buffer> {
  let found = keys.get(db);
  if (found === undefined) {
    found = readOrMake(db, randomBytes);
    keys.set(db, found);
    // What failed once is tried again by the next who asks.
    found.catch(() => keys.delete(db));
  }
  return found;
}

async function readOrMake(db: Queryable, randomBytes: (count: number) => Uint8Array): Promise<Buffer> {
  await db.query({
    text: 'insert into search_page_key (key) values ($1) on conflict do nothing',
    values: [randomBytes(32)],
  });
  const { rows } = await db.query({ text: 'select key from search_page_key' });
  return (rows[0] as { key: Buffer }).key;
}
