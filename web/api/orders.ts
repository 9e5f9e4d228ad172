// What was ordered for a person, where it goes, and the laboratories that it can go to.
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { LabKind } from './results.ts';
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

const of = (id: string, step: string): string => `/api/orders/${encodeURIComponent(id)}${step}`;

function useChange<Input>(act: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    // Also after a refusal: it may have moved on meanwhile.
    onSettled: () => queries.invalidateQueries({ queryKey: ORDERS }),
  });
}
export const useSendOrder = (id: string) =>
  useChange((laboratory: string) => send('PUT', of(id, '/laboratory'), { laboratory }));
export const useCancelOrder = (id: string) =>
  useChange((reason: string) => send('POST', of(id, '/cancel'), { reason }));
