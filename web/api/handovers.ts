// What responders left in the last day for whoever receives the person.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';

export interface Handover {
  readonly id: string;
  readonly verified: boolean;
  readonly leftAt: string;
  readonly lines: readonly string[];
}

export function handoversQuery(patientId: string) {
  return queryOptions({
    queryKey: ['handovers', patientId],
    queryFn: ({ signal }) =>
      get<readonly Handover[]>(`/api/handovers?patient=${encodeURIComponent(patientId)}`, { signal }),
    staleTime: 5 * 60_000,
    retry: false,
  });
}

export interface Coming {
  readonly id: string;
  readonly organization: string | null;
  /** Of the health ID. */
  readonly last4: string;
  readonly verified: boolean;
  readonly leftAt: string;
  /** For a clinician with a checked licence. */
  readonly patient?: string;
}

/** Who is on the way to where one works. */
export const comingQuery = queryOptions({
  queryKey: ['handovers', 'coming'],
  queryFn: ({ signal }) => get<readonly Coming[]>('/api/handovers/coming', { signal }),
  refetchInterval: 30_000,
});
