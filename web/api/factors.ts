// Second factors: what the account has, adding and taking away, and the second step of signing in or proving oneself.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { send, get } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { arrive, meQuery, sessionsQuery } from './session.ts';
import type { Me } from './session.ts';
import { passkeysQuery } from './passkeys.ts';

export type Factor = 'totp' | 'passkey' | 'mail' | 'recovery-code';

/** The password was right; one of these is asked for. */
export interface SecondStep {
  readonly token: string;
  readonly factors: readonly Factor[];
  readonly until: string;
}

export interface Factors {
  /** Their work needs one. */
  readonly needed: boolean;
  /** By what this session was proved; null: by the password alone. */
  readonly provedBy: Factor | null;
  readonly totpSince: string | null;
  readonly mailSince: string | null;
  readonly mailOffered: boolean;
  readonly passkeys: number;
  /** What is asked for after the password. */
  readonly asked: readonly Factor[];
  readonly recoveryCodesLeft: number;
}

export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: ({ signal }) => get<Factors>('/api/factors', { signal }),
});

export interface GivenFactor {
  readonly token: string;
  readonly factor: Exclude<Factor, 'passkey'>;
  readonly code: string;
}

export function useSignInSecond() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (given: GivenFactor) => send<Me>('POST', '/api/sessions/second', given),
    onSuccess: (me) => {
      arrive(queries, me);
    },
  });
}

export function useProveSecond() {
  return useLastingMutation({
    mutationFn: (given: GivenFactor) => send('POST', '/api/reauthenticate/second', given),
  });
}

/** Sends the code of this step by mail. */
export const sendSignInCode = (token: string): Promise<unknown> =>
  send('POST', '/api/sessions/second/mail', { token });
export const sendProofCode = (token: string): Promise<unknown> =>
  send('POST', '/api/reauthenticate/second/mail', { token });

export interface NewTotp {
  readonly secret: string;
  readonly address: string;
  /** A QR symbol: one path over a square of `size`. */
  readonly code: { readonly size: number; readonly path: string };
}

/** Sensitive: may ask for a fresh proof first. */
export function useBeginTotp() {
  return useLastingMutation({ mutationFn: () => send<NewTotp>('POST', '/api/totp') });
}

interface WithRecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

function useFactorChange<Given, Result>(act: (given: Given) => Promise<Result>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(
        [factorsQuery, passkeysQuery, sessionsQuery].map(({ queryKey }) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export const useConfirmTotp = () =>
  useFactorChange((code: string) => send<WithRecoveryCodes>('POST', '/api/totp/confirm', { code }));
export const useRemoveTotp = () => useFactorChange(() => send('DELETE', '/api/totp'));
export const useMakeRecoveryCodes = () =>
  useFactorChange(() => send<WithRecoveryCodes>('POST', '/api/recovery-codes'));
export const useRemoveMailStep = () => useFactorChange(() => send('DELETE', '/api/mail-step'));
export const useConfirmMailStep = () =>
  useFactorChange((given: { readonly token: string; readonly code: string }) =>
    send<WithRecoveryCodes>('POST', '/api/mail-step/confirm', given),
  );

/** Sends a code to the address; the answer names the step that it belongs to. */
export function useBeginMailStep() {
  return useLastingMutation({ mutationFn: () => send<{ readonly token: string }>('POST', '/api/mail-step') });
}

/** The page goes on once the account says that nothing is lacking. */
export function useMeAnew() {
  const queries = useQueryClient();
  return () => queries.fetchQuery({ ...meQuery, staleTime: 0 });
}
