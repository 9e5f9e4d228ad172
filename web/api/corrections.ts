// Requests that an entry be put right, and the records office that answers them.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { entriesKey } from './entries.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface Correction {
  readonly id: string;
  readonly entry: string;
  readonly version: number;
  readonly author: string;
  readonly organization: string | null;
  readonly words: string;
  readonly wished: string;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly state: 'open' | 'escalated' | 'corrected' | 'to-correct' | 'refused';
  readonly answer: string | null;
  readonly correctedVersion: number | null;
  readonly mayHandOn: boolean;
  readonly disagreement: string | null;
  readonly disagreedAt: string | null;
}

/** One entry as the organisation that wrote it sees it; the text as it is stored. */
export interface KeptEntry {
  readonly entry: string;
  readonly version: number;
  readonly organization: string | null;
  readonly text: string;
}

/** That an entry is questioned, as whoever may read it sees: since when, how it ended, and what its person says beside it. */
export interface Questioned {
  readonly entry: string;
  readonly version: number;
  readonly state: Correction['state'];
  readonly openedAt: string;
  readonly disagreement: string | null;
}

const CORRECTIONS = ['corrections'] as const;

export function correctionsQuery(entry: string) {
  return queryOptions({
    queryKey: [...CORRECTIONS, entry],
    queryFn: ({ signal }) =>
      get<readonly Correction[]>(`/api/corrections?entry=${encodeURIComponent(entry)}`, { signal }),
  });
}
/** Of all entries of a record that one may read. */
export function questionedQuery(patientId: string) {
  return queryOptions({
    queryKey: [...CORRECTIONS, 'beside', patientId],
    queryFn: ({ signal }) =>
      get<readonly Questioned[]>(`/api/corrections?beside=entries&patient=${encodeURIComponent(patientId)}`, {
        signal,
      }),
    staleTime: 5 * 60_000,
    retry: false,
  });
}
export const correctionsAtWorkQuery = queryOptions({
  queryKey: [...CORRECTIONS, 'at-work'],
  queryFn: ({ signal }) => get<readonly Correction[]>('/api/corrections?at=work', { signal }),
});
/** A look at it, kept while the page is open. */
export function keptEntryQuery(entry: string) {
  return queryOptions({
    queryKey: [...CORRECTIONS, 'kept', entry],
    queryFn: ({ signal }) => get<KeptEntry>(`/api/kept-entries/${entry}`, { signal }),
    staleTime: Infinity,
    retry: false,
  });
}

function useCorrecting<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: CORRECTIONS }),
        queries.invalidateQueries({ queryKey: entriesKey }),
      ]),
  });
}

export function useAskCorrection() {
  return useCorrecting((asked: { readonly entry: string; readonly words: string; readonly wished: string }) =>
    send<{ readonly id: string; readonly dueAt: string }>('POST', '/api/corrections', asked),
  );
}
export function useDisagree() {
  return useCorrecting(({ id, words }: { readonly id: string; readonly words: string }) =>
    send('POST', `/api/corrections/${encodeURIComponent(id)}/disagree`, { words }),
  );
}
export function useHandOnCorrection() {
  return useCorrecting(({ id, words }: { readonly id: string; readonly words: string }) =>
    send('POST', `/api/disputes/${encodeURIComponent(id)}/escalate`, { words }),
  );
}
export function useRefuseCorrection() {
  return useCorrecting(({ id, words }: { readonly id: string; readonly words: string }) =>
    send('POST', `/api/corrections/${encodeURIComponent(id)}/refuse`, { words }),
  );
}
export function useAmendEntry(entry: string) {
  return useCorrecting(
    (amended: {
      readonly version: number;
      readonly text: string;
      readonly reason: string;
      readonly case?: string;
    }) => send<{ readonly version: number }>('POST', `/api/kept-entries/${entry}`, amended),
  );
}
