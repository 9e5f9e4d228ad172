// The account's own settings: alias, password, the other places where one is signed in.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { meQuery, sessionsQuery } from './session.ts';

export interface AliasAnswer {
  readonly alias: string | null;
  /** Free at this moment. */
  readonly suggestions: readonly string[];
}

export const aliasQuery = queryOptions({
  queryKey: ['alias'],
  queryFn: ({ signal }) => get<AliasAnswer>('/api/me/alias', { signal }),
  refetchOnWindowFocus: false,
});

/** Takes an alias, or gives it back with null. `alias-taken` when somebody else has it. */
export function useSaveAlias() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (alias: string | null) => send<{ alias: string | null }>('PUT', '/api/me/alias', { alias }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: aliasQuery.queryKey }),
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]),
  });
}

/** Ends every other session too. `password-wrong` when `current` is not the password. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (passwords: { readonly current: string; readonly next: string }) =>
      send('PUT', '/api/password', passwords),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}

/** Signs out everywhere else. Sensitive: may ask for the password first. */
export function useEndOtherSessions() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: () => send('DELETE', '/api/sessions'),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
}
