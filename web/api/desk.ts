// The front desk: enrolling somebody, those who were enrolled and have not taken their record over, and the code for that.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { meQuery } from './session.ts';
import type { Me } from './session.ts';
import type { Relationship } from './family.ts';

export interface NewPerson {
  readonly name: string;
  readonly birthDate: string;
  readonly gender?: 'male' | 'female' | 'other' | 'unknown';
  readonly phone?: string;
  readonly address?: string;
  /** Somebody very much like this is here, and the desk goes on knowingly. */
  readonly sure?: boolean;
}
export interface ClaimCode {
  readonly claimCode: string;
  readonly claimUntil: string;
}
export interface Enrolled extends ClaimCode {
  readonly id: string;
  readonly uhid: string;
  readonly name: string | null;
}
export interface Enrolment {
  readonly id: string;
  readonly uhid: string;
  readonly enrolledAt: string;
  readonly claimUntil: string | null;
  /** Nothing is in the record but what the desk entered. */
  readonly printable: boolean;
}

const DESK = ['desk'] as const;

export const enrolmentsQuery = queryOptions({
  queryKey: [...DESK, 'people'],
  queryFn: ({ signal }) => get<readonly Enrolment[]>('/api/desk/people', { signal }),
});

function useDeskAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries({ queryKey: DESK }),
  });
}

export const useEnrol = () =>
  useDeskAct((person: NewPerson) => send<Enrolled>('POST', '/api/desk/people', person));
export const useNewClaimCode = () =>
  useDeskAct((id: string) =>
    send<ClaimCode>('POST', `/api/desk/people/${encodeURIComponent(id)}/claim-code`),
  );

export const cardSheet = (id: string): string => `/api/desk/people/${encodeURIComponent(id)}/card.pdf`;

/** A card that a colleague was shown, and that waits for somebody who saw it. */
export interface CardToWitness {
  readonly id: string;
  readonly clinician: string;
  readonly cardEndsWith: string;
  readonly write: boolean;
  readonly purpose: string;
  readonly createdAt: string;
  readonly until: string;
}
export const cardsToWitnessQuery = queryOptions({
  queryKey: [...DESK, 'cards'],
  queryFn: ({ signal }) => get<readonly CardToWitness[]>('/api/card-grants', { signal }),
  refetchInterval: 5000,
});
export const useWitness = () =>
  useDeskAct((id: string) => send('POST', `/api/card-grants/${encodeURIComponent(id)}/witness`));

export interface Claim {
  readonly uhid: string;
  readonly code: string;
}

/** Makes the record one's own, with a sign-in of one's own, and signs in. */
export function useClaim() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (
      claim: Claim & { readonly login: string; readonly password: string; readonly language: string },
    ) => send<Me>('POST', '/api/sign-up/claim', claim),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** Becomes the guardian of the one it is about. */
export function useClaimAsGuardian() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (claim: Claim & { readonly relationship: Relationship }) =>
      send<{ readonly patient: { readonly name: string | null } }>('POST', '/api/claims', claim),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
