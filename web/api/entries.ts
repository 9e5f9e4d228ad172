// The person's own entries of the log: who looked, what changed, what was done with card and account. Newest first.
// Every reading of the list is itself a look that the record keeps, so it is not asked for more often than needed.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { StatementEvent, StatementWho } from '../../core/ledger/statement.ts';
import { get } from './client.ts';

export interface Entry {
  readonly entryId: string;
  readonly recordedAt: string;
  readonly state: 'pending' | 'logged' | 'witnessed' | 'anchored';
  /** Base64 of its 98 bytes in the log. */
  readonly leaf?: string;
  readonly anchor?: { readonly block: number; readonly chainId: number; readonly local: boolean };
  readonly witnesses?: { readonly count: number; readonly of: number };
  readonly leafIndex: number | null;
  /** Place in the person's own chain, from 1; null while it waits for the log. */
  readonly seq: number | null;
  readonly event: StatementEvent;
  readonly outcome: 'done' | 'refused';
  readonly who: StatementWho;
  /** The rule that allowed or refused it. */
  readonly basis: string;
  readonly on?: { readonly type: string; readonly id: string; readonly version?: number };
  readonly shown?: { readonly count: number };
  /** "Firefox on Android". */
  readonly agent?: string;
  readonly query?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Where the next page begins; absent at the end. */
  readonly next?: string;
}

export type EntryKind = 'looks' | 'writes' | 'access' | 'cards' | 'account';

const ENTRIES = ['entries'] as const;

async function readPage(
  kind: EntryKind | 'all',
  before: string,
  signal: AbortSignal,
  more: { readonly by?: string } = {},
): Promise<EntryPage> {
  const query = new URLSearchParams({ kind, limit: '100', ...more, ...(before === '' ? {} : { before }) });
  const page = await get<EntryPage>(`/api/entries?${query.toString()}`, { signal });
  // Entries that were erased have nothing to tell: the check of the record counts them.
  return { ...page, entries: page.entries.filter((entry) => (entry as Partial<Entry>).event !== undefined) };
}

/** All entries of one kind, a hundred at a time. */
export function entriesQuery(kind: EntryKind) {
  return infiniteQueryOptions({
    queryKey: [...ENTRIES, kind],
    queryFn: ({ pageParam, signal }) => readPage(kind, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** What guardians saw and did, a hundred at a time. */
export const guardianEntriesQuery = infiniteQueryOptions({
  queryKey: [...ENTRIES, 'guardians'],
  queryFn: ({ pageParam, signal }) => readPage('all', pageParam, signal, { by: 'guardians' }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  staleTime: 0,
  refetchOnWindowFocus: false,
});

/** Every entry of the own chain, a hundred at a time. */
export const chainEntriesQuery = infiniteQueryOptions({
  queryKey: [...ENTRIES, 'chain'],
  queryFn: ({ pageParam, signal }) => readPage('all', pageParam, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  staleTime: 0,
  refetchOnWindowFocus: false,
});

/** So many pages of a hundred at most: whoever looked more often than that reads the list itself. */
const MOST_PAGES = 5;

/** The newest entries of every kind, at least back to the given instant where that is not too many. */
export function recentEntriesQuery(since: string) {
  return queryOptions({
    queryKey: [...ENTRIES, 'recent', since],
    queryFn: async ({ signal }): Promise<EntryPage> => {
      let page = await readPage('all', '', signal);
      const entries = [...page.entries];
      for (let pages = 1; pages < MOST_PAGES && page.next !== undefined; pages += 1) {
        if ((entries.at(-1)?.recordedAt ?? '') < since) break;
        page = await readPage('all', page.next, signal);
        entries.push(...page.entries);
      }
      return { entries, ...(page.next === undefined ? {} : { next: page.next }) };
    },
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
}

/** The key of every list of entries: something new is known to have happened. */
export const entriesKey = ENTRIES;
