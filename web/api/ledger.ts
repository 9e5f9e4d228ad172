// The public log as anybody may read it: checkpoints, leaves, proofs, anchors. Trusts none of it.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { decodeEntryBundle } from '../../core/ledger/entry-bundle.ts';
import { entryBundlePath, TILE_WIDTH } from '../../core/ledger/tile-paths.ts';
import { ApiError, get } from './client.ts';
import type { EntryAnswer } from './evidence.ts';

export interface Anchor {
  readonly number: number;
  readonly state: 'pending' | 'sent' | 'anchored';
  readonly size: number;
  readonly root: string;
  readonly checkpoint?: string;
  readonly chainId: number;
  readonly local: boolean;
  readonly contract: string;
  readonly transaction?: string;
  readonly block?: number;
  readonly blockTime?: string;
  readonly gasUsed?: number;
  readonly feeWei?: string;
  readonly records?: number;
  readonly returned: number;
  readonly madeAt: string;
}

interface AnchorPage {
  readonly anchors: readonly Anchor[];
  readonly next?: number;
}

/** All anchors, newest first, fifty at a time. */
export const anchorsQuery = infiniteQueryOptions({
  queryKey: ['anchors'],
  queryFn: ({ pageParam, signal }) =>
    get<AnchorPage>(`/log/anchors?limit=50${pageParam === 0 ? '' : `&before=${pageParam}`}`, { signal }),
  initialPageParam: 0,
  getNextPageParam: (page) => page.next,
  staleTime: 10_000,
});

/** The first anchor over a place of the log. */
export async function readAnchorOver(index: number, signal?: AbortSignal): Promise<Anchor | undefined> {
  return (await get<AnchorPage>(`/log/anchors?over=${index}`, { signal })).anchors[0];
}

export async function readCheckpoint(signal?: AbortSignal): Promise<string> {
  return get<string>('/log/checkpoint', { signal, accept: 'text/plain' });
}

/** Notes with which the log's keys vouched for each other, oldest first. */
export async function readKeyChanges(signal?: AbortSignal): Promise<readonly string[]> {
  const { changes } = await get<{ changes: readonly { note: string }[] }>('/log/keys', { signal });
  return changes.map(({ note }) => note);
}

export interface WitnessedAnswer {
  readonly note: string;
  readonly size: number;
  /** Of the witnesses that this log names; whoever trusts others compares. */
  readonly keys: readonly string[];
}

/** The newest checkpoint that the quorum has cosigned; undefined where the log has no witnesses, or none answered yet. */
export async function readWitnessed(signal?: AbortSignal): Promise<WitnessedAnswer | undefined> {
  const { witnesses, witnessedSize } = await get<{
    witnessedSize: number;
    witnesses: readonly { vkey: string }[];
  }>('/log/witnesses', { signal });
  if (witnesses.length === 0 || witnessedSize === 0) return undefined;
  const note = await get<string>('/log/checkpoint/witnessed', { signal, accept: 'text/plain' });
  return { note, size: Number(note.split('\n')[1]), keys: witnesses.map(({ vkey }) => vkey) };
}

export interface PlaceAnswer {
  readonly index: number;
  readonly leaf: string;
  readonly size: number;
  readonly hashes: readonly string[];
  readonly checkpoint?: string;
}

/** A leaf with its proof; under the newest checkpoint when `size` is left out. */
export async function readPlace(index: number, size?: number, signal?: AbortSignal): Promise<PlaceAnswer> {
  const under = size === undefined ? '' : `&size=${size}`;
  return get<PlaceAnswer>(`/log/proof/inclusion?index=${index}${under}`, { signal });
}

/** The leaves of one bundle, as the log serves them to everybody. */
export function leavesQuery(bundle: number, width: number) {
  return queryOptions({
    queryKey: ['leaves', bundle, width],
    queryFn: async ({ signal }) => {
      const bytes = await get<Uint8Array>(`/log/${entryBundlePath({ index: bundle, width })}`, { signal });
      return decodeEntryBundle(bytes, width);
    },
    enabled: width > 0 && width <= TILE_WIDTH,
    staleTime: Infinity,
  });
}

export const checkpointQuery = queryOptions({
  queryKey: ['checkpoint'],
  queryFn: ({ signal }) => readCheckpoint(signal),
  staleTime: 5_000,
});

/** The signed-in person's own entry at a place of the log; undefined for everybody else. */
export async function readOwnPlace(index: number, signal?: AbortSignal): Promise<EntryAnswer | undefined> {
  try {
    return await get<EntryAnswer>(`/api/leaves/${index}`, { signal });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 404)) return undefined;
    throw error;
  }
}

/** Where a block explorer shows a transaction; undefined for chains without one that we know. */
export function explorerLink(chainId: number, transaction: string): string | undefined {
  const explorers: Readonly<Record<number, string>> = {
    1: 'https://etherscan.io/tx/',
    10: 'https://optimistic.etherscan.io/tx/',
    100: 'https://gnosisscan.io/tx/',
    137: 'https://polygonscan.com/tx/',
    8453: 'https://basescan.org/tx/',
    17000: 'https://holesky.etherscan.io/tx/',
    42161: 'https://arbiscan.io/tx/',
    560048: 'https://hoodi.etherscan.io/tx/',
    11155111: 'https://sepolia.etherscan.io/tx/',
  };
  const base = explorers[chainId];
  return base === undefined ? undefined : `${base}${transaction}`;
}
