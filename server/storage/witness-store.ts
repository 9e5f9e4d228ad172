// What outside witnesses signed, and how it stands with each: read by whoever shows a checkpoint, written by whoever asks them.
import type { Queryable } from './queryable.ts';

export interface NewCosignature {
  size: number;
  /** name+key id */
  witness: string;
  /** As it is appended to the checkpoint, with its newline. */
  line: string;
  timeSeconds: number;
  askedAtMs: number;
}

export interface WitnessRow {
  witness: string;
  size: number;
  cosignedAt: Date | null;
  askedAt: Date;
  problem: string | null;
  failures: number;
}

export async function storeCosignature(db: Queryable, cosignature: NewCosignature): Promise<void> {
  await db.query({
    name: 'store-cosignature',
    text: `with signed as (
             insert into log_cosignature (size, witness, line, signed_at) values ($1, $2, $3, to_timestamp($4::float8))
             on conflict (size, witness) do nothing
           )
           insert into log_witness (witness, size, cosigned_at, asked_at, problem, failures)
           values ($2, $1, to_timestamp($4::float8), to_timestamp($5::float8 / 1000), null, 0)
           on conflict (witness) do update
             set size = greatest(log_witness.size, excluded.size), cosigned_at = excluded.cosigned_at,
                 asked_at = excluded.asked_at, problem = null, failures = 0`,
    values: [
      cosignature.size,
      cosignature.witness,
      cosignature.line,
      cosignature.timeSeconds,
      cosignature.askedAtMs,
    ],
  });
}

export async function storeWitnessProblem(
  db: Queryable,
  { witness, problem, askedAtMs }: { witness: string; problem: string; askedAtMs: number },
): Promise<void> {
  await db.query({
    name: 'store-witness-problem',
    text: `insert into log_witness (witness, size, asked_at, problem, failures)
           values ($1, 0, to_timestamp($3::float8 / 1000), $2, 1)
           on conflict (witness) do update
             set asked_at = excluded.asked_at, problem = excluded.problem, failures = log_witness.failures + 1`,
    values: [witness, problem, askedAtMs],
  });
}

export async function listWitnesses(db: Queryable, witnesses: readonly string[]): Promise<WitnessRow[]> {
  const { rows } = await db.query({
    name: 'list-witnesses',
    text: `select witness, size, cosigned_at as "cosignedAt", asked_at as "askedAt", problem, failures
             from log_witness where witness = any($1::text[])`,
    values: [witnesses],
  });
  return rows as WitnessRow[];
}

/** Size of the newest checkpoint that at least `threshold` of these witnesses cosigned; 0 when there is none. */
export async function findWitnessedSize(
  db: Queryable,
  witnesses: readonly string[],
  threshold: number,
): Promise<number> {
  const { rows } = await db.query({
    name: 'find-witnessed-size',
    text: `select size from log_cosignature where witness = any($1::text[])
            group by size having count(*) >= $2 order by size desc limit 1`,
    values: [witnesses, threshold],
  });
  return (rows[0] as { size: number } | undefined)?.size ?? 0;
}

/** Who of these cosigned the checkpoint of this size. */
export async function listCosigners(
  db: Queryable,
  size: number,
  witnesses: readonly string[],
): Promise<string[]> {
  const { rows } = await db.query({
    name: 'list-cosigners',
    text: 'select witness from log_cosignature where size = $1 and witness = any($2::text[])',
    values: [size, witnesses],
  });
  return (rows as { witness: string }[]).map(({ witness }) => witness);
}
