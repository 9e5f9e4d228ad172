// Getting back in after everything was lost: asked for, vouched for, finished, stopped.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export type VouchedAs = 'guardian' | 'desk' | 'colleague';

/** What whoever holds its token may know. */
export interface RecoveryState {
  readonly state: 'open' | 'done' | 'stopped' | 'expired';
  /** Read out to whoever vouches. */
  readonly number: string;
  readonly begunAt: string;
  readonly expiresAt: string;
  readonly vouched: readonly VouchedAs[];
  readonly readyAt: string | null;
  readonly ready: boolean;
}

export interface OpenRecovery {
  readonly id: string;
  readonly atDesk: boolean;
  readonly begunAt: string;
  readonly readyAt: string | null;
  readonly ready: boolean;
  readonly vouched: readonly VouchedAs[];
  readonly vouchedByYou: boolean;
}
export interface RecoveryOfOther extends OpenRecovery {
  readonly name: string;
  readonly uhid: string;
}

export function useBeginRecovery() {
  return useLastingMutation({
    mutationFn: (login: string) => send<{ readonly token: string }>('POST', '/api/recoveries', { login }),
  });
}

/** The token goes in a body: it stands in no address that a server sees. */
export function recoveryStateQuery(token: string) {
  return queryOptions({
    queryKey: ['recovery', token],
    queryFn: ({ signal }) => send<RecoveryState>('POST', '/api/recoveries/state', { token }, { signal }),
    refetchInterval: 30_000,
    enabled: token !== '',
  });
}

export function useFinishRecovery(token: string) {
  return useLastingMutation({
    mutationFn: (password: string) => send('POST', '/api/recoveries/finish', { token, password }),
  });
}

export function useStopRecovery() {
  return useLastingMutation({
    mutationFn: (token: string) => send('POST', '/api/recoveries/stop', { token }),
  });
}

export const recoveriesQuery = queryOptions({
  queryKey: ['recoveries'],
  queryFn: ({ signal }) =>
    get<{ readonly own: readonly OpenRecovery[]; readonly others: readonly RecoveryOfOther[] }>(
      '/api/recoveries',
      { signal },
    ),
});

export function useStopOwnRecoveries() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: () => send('DELETE', '/api/recoveries'),
    onSettled: () => queries.invalidateQueries({ queryKey: recoveriesQuery.queryKey }),
  });
}

/** Sensitive: may ask for a fresh proof first. */
export function useVouch() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (given: { readonly uhid: string; readonly number: string }) =>
      send<{ readonly enough: boolean }>('POST', '/api/recoveries/vouch', given),
    onSettled: () => queries.invalidateQueries({ queryKey: recoveriesQuery.queryKey }),
  });
}

/** Sensitive: may ask for a fresh proof first. */
export function useBeginAtDesk() {
  return useLastingMutation({
    mutationFn: (uhid: string) =>
      send<{ readonly number: string; readonly link: string }>('POST', '/api/recoveries/desk', { uhid }),
  });
}
