// The forms that the server has, one as a Questionnaire, and sending a filled one.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Questionnaire, QuestionnaireResponse } from '@medplum/fhirtypes';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface FormListed {
  readonly id: string;
  readonly title: { readonly en: string; readonly hi: string };
  readonly audience: 'patient' | 'clinician' | 'both';
}

/** They change with the server, not while it runs. */
export const formsQuery = queryOptions({
  queryKey: ['forms'],
  queryFn: ({ signal }) => get<readonly FormListed[]>('/api/forms', { signal }),
  staleTime: Infinity,
});

export function formQuery(id: string) {
  return queryOptions({
    queryKey: ['forms', id],
    queryFn: ({ signal }) => get<Questionnaire>(`/api/forms/${encodeURIComponent(id)}`, { signal }),
    staleTime: Infinity,
  });
}

/** @param patientId whose record, where it is not the own one */
export function useSendForm(id: string, patientId: string | undefined) {
  const queries = useQueryClient();
  const query = patientId === undefined ? '' : `?patient=${encodeURIComponent(patientId)}`;
  return useLastingMutation({
    mutationFn: (response: QuestionnaireResponse) =>
      send<{ readonly resources: readonly string[] }>(
        'POST',
        `/api/forms/${encodeURIComponent(id)}${query}`,
        response,
      ),
    onSuccess: () => queries.invalidateQueries(),
  });
}
