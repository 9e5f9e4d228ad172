// Apps: the question that one asks, those a person let in, those somebody registered, and what an administrator decides about them.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface AskedScope {
  readonly text: string;
  readonly level: 'patient' | 'user';
  /** `*` or a resource type. */
  readonly types: string;
  readonly letters: string;
  readonly filter?: string;
}

export interface AppQuestion {
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly about: string;
    readonly contact: string;
    readonly goesTo: string;
  };
  readonly scopes: readonly AskedScope[];
  readonly learnsWhoYouAre: boolean;
  readonly comesBack: boolean;
  readonly people: readonly { readonly id: string; readonly name: string; readonly own: boolean }[];
}

export const appQuestionQuery = (id: string) =>
  queryOptions({
    queryKey: ['app-request', id],
    queryFn: ({ signal }) => get<AppQuestion>(`/api/app-requests/${encodeURIComponent(id)}`, { signal }),
    staleTime: Infinity,
    retry: false,
  });

export interface AppAnswer {
  readonly patient: string;
  readonly scopes: readonly string[];
  readonly comesBack: boolean;
}

/** Both lead back to the app, which is another place: the whole page goes there. */
export function useAnswerApp(id: string) {
  const address = `/api/app-requests/${encodeURIComponent(id)}`;
  return useLastingMutation({
    mutationFn: (answer: AppAnswer | 'refuse') =>
      answer === 'refuse'
        ? send<{ readonly redirect: string }>('POST', `${address}/refuse`, {})
        : send<{ readonly redirect: string }>('POST', `${address}/allow`, answer),
    onSuccess: ({ redirect }) => window.location.assign(redirect),
  });
}

export interface LetInApp {
  readonly id: string;
  readonly app: { readonly id: string; readonly name: string };
  readonly patient: { readonly id: string; readonly name: string; readonly own: boolean };
  readonly scopes: readonly string[];
  readonly comesBack: boolean;
  readonly since: string;
  readonly until: string;
}

export interface OwnApps {
  readonly letIn: readonly LetInApp[];
  readonly canOpen: readonly { readonly id: string; readonly name: string; readonly about: string }[];
}

export const ownAppsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => get<OwnApps>('/api/apps', { signal }),
});

export function useEndApp() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (id: string) => send('POST', `/api/apps/${encodeURIComponent(id)}/end`, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: ownAppsQuery.queryKey }),
  });
}

export function useOpenApp() {
  return useLastingMutation({
    mutationFn: (app: string) => send<{ readonly url: string }>('POST', '/api/apps/launches', { app }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}

export interface RegisteredApp {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly contact: string;
  readonly redirectUris: readonly string[];
  readonly launchUri: string | null;
  readonly scope: string;
  readonly proof: 'none' | 'secret' | 'key';
  readonly registeredAt: string;
  readonly state: 'waiting' | 'approved' | 'refused' | 'disabled';
}

export const registrationsQuery = queryOptions({
  queryKey: ['app-registrations'],
  queryFn: ({ signal }) =>
    get<{ readonly apps: readonly RegisteredApp[] }>('/api/app-registrations', { signal }),
});

export interface NewApp {
  readonly name: string;
  readonly about: string;
  readonly contact: string;
  readonly redirectUris: readonly string[];
  readonly launchUri?: string;
  readonly scope: string;
  readonly proof: 'none' | 'secret' | 'key';
  readonly jwks?: unknown;
}

export interface MadeApp {
  readonly clientId: string;
  readonly secret?: string;
}

export function useRegisterApp() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (app: NewApp) => send<MadeApp>('POST', '/api/app-registrations', app),
    onSettled: () => queries.invalidateQueries({ queryKey: registrationsQuery.queryKey }),
  });
}

export const allAppsQuery = queryOptions({
  queryKey: ['admin-apps'],
  queryFn: ({ signal }) => get<{ readonly apps: readonly RegisteredApp[] }>('/api/admin/apps', { signal }),
});

export function useDecideApp() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: ({ id, act }: { readonly id: string; readonly act: 'approve' | 'refuse' | 'disable' }) =>
      send('POST', `/api/admin/apps/${encodeURIComponent(id)}/${act}`, {}),
    onSettled: () => queries.invalidateQueries({ queryKey: allAppsQuery.queryKey }),
  });
}
