// What was ordered for a person, where it goes, and the laboratories that it can go to.
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLastingMutation } from './lasting-mutation.ts';
import type { LabKind } from './results.ts';
import { addressFor } from './acting.ts';
import { get, send } from './client.ts';

export interface LaboratoryPlace {
  readonly id: string;
  readonly name: string;
  readonly kinds: readonly LabKind[];
}

export type OrderStep = 'open' | 'sent' | 'accepted' | 'declined' | 'sampled' | 'done' | 'cancelled';

export interface PersonsOrder {
  readonly id: string;
  readonly test: string;
  /** The number that stands on it. */
  readonly code: string | null;
  readonly orderedAt: string | null;
  readonly by: string | null;
  readonly laboratory: { readonly id: string; readonly name: string } | null;
  readonly step: OrderStep;
  readonly takenAt: string | null;
  readonly reason?: string;
  /** Id of the Encounter in which it was ordered. */
  readonly visit: string | null;
  readonly maySend: boolean;
  readonly mayCancel: boolean;
}

/** By the words of their names; at most 20. */
export function useLaboratories(name: string): readonly LaboratoryPlace[] {
  const words = name.trim();
  const { data } = useQuery({
    queryKey: ['laboratories', words],
    queryFn: ({ signal }) =>
      get<readonly LaboratoryPlace[]>(`/api/laboratories?name=${encodeURIComponent(words)}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return data ?? [];
}

const ORDERS = ['orders'] as const;

/** A look: kept while the page is open. */
export const ordersQuery = queryOptions({
  queryKey: ORDERS,
  queryFn: ({ signal }) => get<readonly PersonsOrder[]>('/api/orders', { signal }),
  refetchOnWindowFocus: false,
});

/** Of a record that somebody else opened; a look. */
export function ordersOf(patientId: string) {
  return queryOptions({
    queryKey: [...ORDERS, patientId],
    queryFn: ({ signal }) =>
      get<readonly PersonsOrder[]>(`/api/orders?patient=${encodeURIComponent(patientId)}`, { signal }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** Of the own record, of the one that is acted for, or of the one that is named. */
export function orderPaperHref(ids: readonly string[], language: string, patientId?: string): string {
  const named = patientId === undefined ? '' : `&patient=${encodeURIComponent(patientId)}`;
  return addressFor(
    `/api/orders.pdf?of=${ids.map(encodeURIComponent).join(',')}&language=${language}${named}`,
  );
}

function of(id: string, step: string, patientId?: string): string {
  const named = patientId === undefined ? '' : `?patient=${encodeURIComponent(patientId)}`;
  return `/api/orders/${encodeURIComponent(id)}${step}${named}`;
}

function useChange<Input>(act: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    // Also after a refusal: it may have moved on meanwhile.
    onSettled: () => queries.invalidateQueries({ queryKey: ORDERS }),
  });
}
export const useSendOrder = (id: string) =>
  useChange((laboratory: string) => send('PUT', of(id, '/laboratory'), { laboratory }));
export const useCancelOrder = (id: string, patientId?: string) =>
  useChange((reason: string) => send('POST', of(id, '/cancel', patientId), { reason }));
