// Who is signed in, and signing in, up and out.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { forgetChecks } from './check-memory.ts';
import { ApiError, get, send } from './client.ts';

export interface Account {
  readonly id: string;
  readonly login: string;
  readonly alias?: string;
  readonly language?: string;
  readonly roles?: readonly string[];
}
export interface Person {
  readonly id: string;
  readonly uhid: string;
  readonly name: string;
  readonly photoUrl?: string;
}
export interface Me {
  readonly account: Account;
  readonly patient: Person;
  readonly actingFor: readonly unknown[];
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
      return await get<Me>('/api/me', { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useMe() {
  return useQuery(meQuery);
}

/** The signed-in person, on pages that nobody else reaches. */
export function useSignedIn(): Me {
  const { data } = useMe();
  if (!data) throw new ApiError({ status: 401, code: 'not-signed-in', title: '' });
  return data;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => send<Me>('POST', '/api/sessions', credentials),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}

export interface NewAccount extends Credentials {
  readonly name: string;
}

/** Makes an account and its person, and signs in. */
export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (account: NewAccount & { readonly language: string }) =>
      send<Me>('POST', '/api/sign-up', account),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** Makes the first administrator, by the one-time link that the server printed. */
export function useSetup() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (account: NewAccount & { readonly token: string }) => send<Me>('POST', '/api/setup', account),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
    },
  });
}

/** Keeps the language of the pages with the account, so that another device speaks it too. */
export function useKeepLanguage() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (language: string) => send<Me>('PUT', '/api/me/language', { language }),
    onSuccess: (me) => queries.setQueryData(meQuery.queryKey, me),
  });
}

/**
 * Ends this session and loads another page anew, so that nothing of the person stays in memory or on the device.
 * @param onward an address inside this app
 */
export function useSignOut(onward: string) {
  return useMutation({
    mutationFn: () => send('DELETE', '/api/sessions/current'),
    onSuccess: () => {
      forgetChecks();
      // A browser may keep the page as it was left and show it again on "back": main.tsx loads it anew then.
      document.documentElement.hidden = true;
      location.assign(onward);
    },
  });
}

/** Proves once more that it is the same person, before a sensitive change. */
export function useReauthenticate() {
  return useMutation({
    mutationFn: (password: string) => send('POST', '/api/reauthenticate', { password }),
  });
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => get<readonly Session[]>('/api/sessions', { signal }),
});

export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send('DELETE', `/api/sessions/${encodeURIComponent(id)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
