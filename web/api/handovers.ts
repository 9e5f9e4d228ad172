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
