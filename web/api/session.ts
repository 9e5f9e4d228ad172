// Who is signed in, and signing in, up and out.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, get, send } from './client.ts';

export interface Account {
  readonly id: string;
  readonly login: string;
  readonly alias?: string;
  readonly language?: string;
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
  readonly current?: boolean;
  readonly createdAt?: string;
  readonly lastSeenAt?: string;
  readonly agent?: string;
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
    mutationFn: (credentials: Credentials) => send('POST', '/api/sessions', credentials),
    onSuccess: async () => {
      queries.clear();
      await queries.fetchQuery(meQuery);
    },
  });
}

export function useSignUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (person: Credentials & { readonly name: string }) => {
      await send('POST', '/api/sign-up', person);
      queries.clear();
      const me = await queries.fetchQuery(meQuery);
      if (me === null) {
        await send('POST', '/api/sessions', { login: person.login, password: person.password });
        queries.clear();
        await queries.fetchQuery(meQuery);
      }
    },
  });
}

/** Ends this session. Nothing of the person stays in the page's memory. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => send('DELETE', '/api/sessions/current'),
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, null);
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
