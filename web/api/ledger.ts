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

/** How far the newest part of the log is witnessed and anchored, as the log says. */
export const logProgressQuery = queryOptions({
  queryKey: ['log-progress'],
  queryFn: async ({ signal }): Promise<LogProgress> => {
    const [witnessed, { anchors }] = await Promise.all([
      readWitnessed(signal),
      get<AnchorPage>('/log/anchors?limit=50', { signal }),
    ]);
    return {
      witnessed,
      anchors: anchors.filter(({ state }) => state === 'anchored').toSorted((a, b) => a.size - b.size),
    };
  },
  staleTime: 5_000,
});

interface LogProgress {
  readonly witnessed: WitnessedAnswer | undefined;
  /** Of the newest, smallest first. */
  readonly anchors: readonly Anchor[];
}

/** Of one place: the first anchor over it, else whether the witnesses have seen it. */
export function stateAt({ witnessed, anchors }: LogProgress, index: number) {
  const over = anchors.find(({ size }) => size > index);
  if (over?.block !== undefined)
    return { state: 'anchored', anchor: { block: over.block, local: over.local } } as const;
  return witnessed !== undefined && index < witnessed.size
    ? ({ state: 'witnessed', witnesses: { count: witnessed.cosigned, of: witnessed.keys.length } } as const)
    : ({ state: 'logged' } as const);
}

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
  /** How many of them signed it, as the note says. */
  readonly cosigned: number;
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
  const keys = witnesses.map(({ vkey }) => vkey);
  const signers = new Set([...note.matchAll(/^\u2014 (\S+) /gm)].map(([, name]) => name));
  const cosigned = keys.filter((key) => signers.has(key.split('+', 1)[0])).length;
  return { note, size: Number(note.split('\n')[1]), cosigned, keys };
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

/** What stands behind a place of the log: the own entry, or what was written in a record that one may see. */
export type SeenPlace =
  | (EntryAnswer & { readonly own: true })
  | (Pick<EntryAnswer, 'state' | 'anchor' | 'witnesses'> & {
      readonly own: false;
      readonly on: { readonly type: string; readonly id: string; readonly version: number };
    });

/** Undefined for whoever may not see it, signed in or not. Each answer is a look in that record. */
export async function readSeenPlace(index: number, signal?: AbortSignal): Promise<SeenPlace | undefined> {
  try {
    return await get<SeenPlace>(`/api/leaves/${index}`, { signal });
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
