// Sealed card tokens as a change of keys sees them: those that another key has sealed, a few at a time. Knows bytes, never a token.
import type { Queryable } from './queryable.ts';

export interface SealedToken {
  tokenHash: Buffer;
  sealedToken: Buffer;
}

const tables = ['card', 'blank_card'] as const;
export type SealedTable = (typeof tables)[number];
export const sealedTables: readonly SealedTable[] = tables;

/** Tokens whose sealed form does not begin with `head`, in the order of their hashes, after `afterHash`. */
export async function listSealedOtherwise(
  db: Queryable,
  table: SealedTable,
  head: Uint8Array,
  afterHash: Uint8Array,
  limit: number,
): Promise<SealedToken[]> {
  const { rows } = await db.query({
    name: `list-sealed-otherwise-${table}`,
    text: `select token_hash as "tokenHash", sealed_token as "sealedToken" from ${table}
            where token_hash > $2 and substring(sealed_token for $3::int) <> $1 order by token_hash limit $4`,
    values: [head, afterHash, head.length, limit],
  });
  return rows as SealedToken[];
}

/** Each only where it is still as it was read. */
export async function replaceSealedTokens(
  db: Queryable,
  table: SealedTable,
  tokens: readonly (SealedToken & { readonly resealed: Uint8Array })[],
): Promise<void> {
  await db.query({
    name: `replace-sealed-${table}`,
    text: `update ${table} c set sealed_token = t.resealed
             from unnest($1::bytea[], $2::bytea[], $3::bytea[]) as t(token_hash, sealed_token, resealed)
            where c.token_hash = t.token_hash and c.sealed_token = t.sealed_token`,
    values: [
      tokens.map((t) => t.tokenHash),
      tokens.map((t) => t.sealedToken),
      tokens.map((t) => Buffer.from(t.resealed)),
    ],
  });
}

/** Blanks that lie printed in a drawer: their claim codes are known by the key of their day. */
export async function countUnclaimedBlanks(db: Queryable): Promise<number> {
  const { rows } = await db.query({
    name: 'count-unclaimed-blanks',
    text: `select count(*)::integer as count from blank_card where state = 'blank'`,
  });
  return (rows[0] as { count: number }).count;
}
