// How far outside witnesses have seen the log: for entries, checkpoints and the page that shows it. Asks nobody.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatPolicy, policyOf } from '../../core/ledger/policy.ts';
import { formatVerifierKey, parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import type { VerifierKey } from '../../core/ledger/verifier-key.ts';
import type { Deps } from '../http/deps.ts';
import { findLatestCheckpoint } from '../storage/log-store.ts';
import type { LogKeys } from './log-key.ts';
import type { WitnessRow } from '../storage/witness-store.ts';
import { findWitnessedSize, listWitnesses } from '../storage/witness-store.ts';

export interface Witnessed {
  /** Size of the newest checkpoint that the quorum cosigned; 0 when there is none. */
  readonly size: number;
  readonly threshold: number;
  readonly of: number;
  readonly seen: readonly { readonly name: string; readonly size: number }[];
}

/** How the store knows a witness. */
export function witnessId(key: VerifierKey): string {
  return `${key.name}+${key.keyId}`;
}

export async function findWitnessed({ config, db }: Pick<Deps, 'config' | 'db'>): Promise<Witnessed> {
  const { threshold, witnesses: configured } = config.witnesses;
  if (configured.length === 0) return { size: 0, threshold: 0, of: 0, seen: [] };
  const ids = configured.map(({ key }) => witnessId(key));
  const [size, rows] = await Promise.all([
    findWitnessedSize(db.pool, ids, threshold),
    listWitnesses(db.pool, ids),
  ]);
  const seen = configured.map(({ key }) => ({
    name: key.name,
    size: rows.find((row) => row.witness === witnessId(key))?.size ?? 0,
  }));
  return { size, threshold, of: configured.length, seen };
}

/** Each witness that cosigned a tree with this leaf in it. */
export function witnessesOfLeaf(
  { seen, of, threshold }: Witnessed,
  leafIndex: number,
): { count: number; of: number; threshold: number; names: string[] } {
  const names = seen.filter(({ size }) => leafIndex < size).map(({ name }) => name);
  return { count: names.length, of, threshold, names };
}

/** GET /log/witnesses — who is asked, how far each has seen the log, and the policy as a file to compare with one's own. */
export const witnesses =
  (deps: Deps, keys: LogKeys) => async (_request: FastifyRequest, reply: FastifyReply) => {
    const { threshold, witnesses: configured } = deps.config.witnesses;
    const ids = configured.map(({ key }) => witnessId(key));
    const [latest, { size }, rows] = await Promise.all([
      findLatestCheckpoint(deps.db.pool),
      findWitnessed(deps),
      listWitnesses(deps.db.pool, ids),
    ]);
    const logKey = parseVerifierKey(keys.vkey);
    const policy = policyOf(
      [{ key: logKey, url: `${deps.config.publicUrl}/log` }],
      configured,
      configured.length === 0 ? undefined : threshold,
    );
    return reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', 'no-cache')
      .send({
        origin: logKey.name,
        size: latest?.size ?? 0,
        witnessedSize: size,
        threshold,
        policy: formatPolicy(policy),
        witnesses: configured.map(({ key, url }) => {
          const row = rows.find(({ witness }) => witness === witnessId(key));
          return {
            name: key.name,
            vkey: formatVerifierKey(key),
            url,
            state: stateOf(row, latest?.size ?? 0),
            size: row?.size ?? 0,
            cosignedAt: row?.cosignedAt ?? null,
            askedAt: row?.askedAt ?? null,
            problem: row?.problem ?? null,
          };
        }),
      });
  };

function stateOf(
  row: WitnessRow | undefined,
  size: number,
): 'never-asked' | 'failing' | 'behind' | 'current' {
  if (!row) return 'never-asked';
  if (row.problem !== null) return 'failing';
  return row.size < size ? 'behind' : 'current';
}
