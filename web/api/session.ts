// Who is signed in, and signing in, up and out.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { forgetChecks } from './check-memory.ts';
import { forgetKept, forgetKeptOfOthers } from './kept-visits.ts';
import { actingFor, keepActingFor } from './acting.ts';
import { ApiError, get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { forgetSeat } from './seat.ts';
import type { SecondStep } from './factors.ts';

export interface Account {
  readonly id: string;
  readonly login: string;
  readonly alias?: string;
  readonly language?: string;
  readonly roles?: readonly string[];
  /** Their work needs a second factor, and this session was begun without. */
  readonly lacksFactor?: boolean;
}
export interface Person {
  readonly id: string;
  readonly uhid: string;
  readonly name: string;
  readonly photoUrl?: string;
}
/** Somebody whose guardian one is. */
export interface LookedAfter extends Person {
  readonly birthDate?: string;
  readonly level: 'view' | 'share' | 'act' | 'manage';
  readonly relationship: string;
  readonly endsAt: string | null;
  readonly majorityAt?: string;
  readonly frozen: boolean;
}
export interface Me {
  readonly account: Account;
  readonly patient: Person;
  readonly actingFor: readonly LookedAfter[];
  /** From this device: the server could not be asked. */
  readonly unasked?: true;
}
export interface Session {
  readonly id: string;
  readonly current: boolean;
  /** "Firefox on Android": never more than the family of browser and system. */
  readonly agent: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/** The signed-in person, or null when nobody is. Any other failure is an error. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      const me = await get<Me>('/api/me', { signal });
      // A place that ended, or somebody else's window: the own record again.
      if (lookedAfter(me) === undefined) keepActingFor(undefined);
      return me;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await forgetSeat();
      return null;
    }
  },
  staleTime: 60_000,
});

export function useMe() {
  return useQuery(meQuery);
}

/** Whose record the pages show: one's own, or that of somebody one looks after and chose in this window. */
export function shownPerson(me: Me): Person {
  const chosen = actingFor();
  return me.actingFor.find(({ id }) => id === chosen) ?? me.patient;
}

/** The one acted for; undefined in one's own record. */
export function lookedAfter(me: Me): LookedAfter | undefined {
  const chosen = actingFor();
  return me.actingFor.find(({ id }) => id === chosen);
}

/** Who signed in; `patient` is the person whose record is shown, `self` the one who reads. */
export function useSignedIn(): Me & { readonly self: Person } {
  const { data } = useMe();
  if (!data) throw new ApiError({ status: 401, code: 'not-signed-in', title: '' });
  return { ...data, patient: shownPerson(data), self: data.patient };
}

/** Somebody signed in, perhaps on a phone that others use too: nothing of whoever was here before stays, in memory or on the device. */
export function arrive(queries: QueryClient, me: Me): void {
  forgetChecks();
  void forgetKeptOfOthers(me.account.id);
  keepActingFor(undefined);
  queries.clear();
  queries.setQueryData(meQuery.queryKey, me);
}

/** Resolves with who signed in, or with the second step that is asked for. */
export function useSignIn() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (credentials: Credentials) =>
      send<Me | { readonly secondStep: SecondStep }>('POST', '/api/sessions', credentials),
    onSuccess: (answer) => {
      if ('secondStep' in answer) queries.clear();
      else arrive(queries, answer);
    },
  });
}

export interface NewAccount extends Credentials {
  readonly name: string;
}

/** Makes an account and its person, and signs in. */
export function useSignUp() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (account: NewAccount & { readonly language: string }) =>
      send<Me>('POST', '/api/sign-up', account),
    onSuccess: (me) => {
      arrive(queries, me);
    },
  });
}

/** Makes the first administrator, by the one-time link that the server printed. */
export function useSetup() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (account: NewAccount & { readonly token: string }) => send<Me>('POST', '/api/setup', account),
    onSuccess: (me) => {
      arrive(queries, me);
    },
  });
}

/** Keeps the language of the pages with the account, so that another device speaks it too. */
export function useKeepLanguage() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (language: string) => send<Me>('PUT', '/api/me/language', { language }),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}

/**
 * Ends this session and loads another page anew, so that nothing of the person stays in memory or on the device.
 * @param onward an address inside this app
 */
export function useSignOut(onward: string) {
  return useLastingMutation({
    mutationFn: () => send('DELETE', '/api/sessions/current'),
    onSuccess: async () => {
      forgetChecks();
      keepActingFor(undefined);
      await forgetKept();
      // A browser may keep the page as it was left and show it again on "back": main.tsx loads it anew then.
      document.documentElement.hidden = true;
      location.assign(onward);
    },
  });
}

/** Proves once more that it is the same person, before a sensitive change. Answers with the second step where there is one. */
export function useReauthenticate() {
  return useLastingMutation({
    mutationFn: (password: string) =>
      send<{ readonly secondStep?: SecondStep }>('POST', '/api/reauthenticate', { password }),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => get<readonly Session[]>('/api/sessions', { signal }),
});

export function useEndSession() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (id: string) => send('DELETE', `/api/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
