// A record by time: how much each month holds, the entries of a stretch of months, those in which words stand, and how far each is
// proven. Knows no pages and no words.
import { queryOptions } from '@tanstack/react-query';
import type { TimelineEntry, TimelineKind } from '../../core/timeline/timeline-entry.ts';
import { get, send } from './client.ts';

export interface TimelineItem extends TimelineEntry {
  readonly version: number;
  /** Day it stands under, `YYYY-MM-DD`. */
  readonly day: string;
  /** Code of the author tag. */
  readonly by: string;
  readonly entryId: string;
  readonly recordedAt: string;
}

/** Whose words: of the person and their guardians, or by the author tag. */
export const authorChoices = ['self', 'professional', 'organization', 'import'] as const;
export type AuthorChoice = (typeof authorChoices)[number];

export interface TimelineFilter {
  readonly kinds: readonly TimelineKind[];
  readonly by?: AuthorChoice | undefined;
  /** Key of a place, as the months name it. */
  readonly at?: string | undefined;
}

export interface Place {
  readonly key: string;
  readonly name: string;
  readonly count: number;
}

export interface MonthCount {
  /** `YYYY-MM` */
  readonly month: string;
  readonly count: number;
}

export interface ProofState {
  readonly state: 'pending' | 'logged' | 'witnessed' | 'anchored';
  readonly anchor?: { readonly block: number; readonly local: boolean };
  readonly witnesses?: { readonly count: number; readonly of: number };
}

const TIMELINE = ['timeline'] as const;
/** A stretch far out of sight is let go of: a record may hold tens of thousands. */
const KEPT_MS = 60_000;
/** Pages of one stretch that are read unasked. */
const MOST_PAGES = 50;

function wordsOf({ kinds, by, at }: TimelineFilter): Record<string, string> {
  return {
    ...(kinds.length === 0 ? {} : { kind: kinds.join(',') }),
    ...(by === undefined ? {} : { by }),
    ...(at === undefined ? {} : { at }),
  };
}

export function monthsQuery(filter: TimelineFilter) {
  return queryOptions({
    queryKey: [...TIMELINE, 'months', filter],
    queryFn: ({ signal }) =>
      get<{ readonly months: readonly MonthCount[]; readonly places: readonly Place[] }>(
        `/api/timeline/months?${new URLSearchParams(wordsOf(filter)).toString()}`,
        { signal },
      ),
    staleTime: 30_000,
  });
}

/** All entries from one month to another, newest first. */
export function stretchQuery(filter: TimelineFilter, from: string, to: string) {
  return queryOptions({
    queryKey: [...TIMELINE, 'stretch', filter, from, to],
    queryFn: async ({ signal }): Promise<readonly TimelineItem[]> => {
      const found: TimelineItem[] = [];
      let after: string | undefined;
      for (let page = 0; page === 0 || (after !== undefined && page < MOST_PAGES); page++) {
        const query = new URLSearchParams({
          from,
          to,
          ...wordsOf(filter),
          ...(after === undefined ? {} : { after }),
        });
        const answer: { readonly entries: readonly TimelineItem[]; readonly next?: string } = await get(
          `/api/timeline?${query.toString()}`,
          { signal },
        );
        found.push(...answer.entries);
        after = answer.next;
      }
      return found;
    },
    staleTime: 5 * 60_000,
    gcTime: KEPT_MS,
    refetchOnWindowFocus: false,
  });
}

/** The newest entries in which all these words stand. */
export function foundQuery(words: string, filter: TimelineFilter) {
  const { kind, by, at } = wordsOf(filter);
  return queryOptions({
    queryKey: [...TIMELINE, 'found', filter, words],
    queryFn: ({ signal }) =>
      send<{ readonly entries: readonly TimelineItem[]; readonly more: boolean }>(
        'POST',
        '/api/timeline/search',
        { words, kind, by, at },
        { signal },
      ),
    staleTime: 30_000,
    gcTime: KEPT_MS,
  });
}

/** How far these entries are proven, by their ids. */
export function proofStatesQuery(entryIds: readonly string[]) {
  return queryOptions({
    queryKey: [...TIMELINE, 'states', entryIds],
    queryFn: async ({ signal }) => {
      const states: Record<string, ProofState> = {};
      for (let from = 0; from < entryIds.length; from += 500)
        Object.assign(
          states,
          (
            await send<{ readonly states: Record<string, ProofState> }>(
              'POST',
              '/api/entries/states',
              { entries: entryIds.slice(from, from + 500) },
              { signal },
            )
          ).states,
        );
      return states;
    },
    staleTime: 60_000,
    gcTime: KEPT_MS,
  });
}
