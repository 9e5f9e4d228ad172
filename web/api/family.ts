// Who looks after whom: guardians of a record, invitations, what several decide together, a dispute, children.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { actingFor } from './acting.ts';
import { get, request, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { meQuery } from './session.ts';

export const LEVELS = ['view', 'share', 'act', 'manage'] as const;
export type Level = (typeof LEVELS)[number];
export const RELATIONSHIPS = [
  'MTH',
  'FTH',
  'GRPRN',
  'SIB',
  'SPS',
  'CHILD',
  'FAMMEMB',
  'GUARD',
  'POWATT',
  'FRND',
] as const;
export type Relationship = (typeof RELATIONSHIPS)[number];
export const EVIDENCE = ['parent', 'court', 'power-of-attorney', 'wish'] as const;
export type Evidence = (typeof EVIDENCE)[number];

export interface Guardian {
  readonly id: string;
  readonly name: string;
  readonly you: boolean;
  readonly level: Level;
  readonly relationship: Relationship;
  readonly evidence: Evidence;
  readonly startsAt: string;
  readonly endsAt: string | null;
}
export interface Invite {
  readonly id: string;
  readonly from: string;
  readonly for: string;
  readonly level: Level;
  readonly relationship: Relationship;
  readonly until: string | null;
  readonly expiresAt: string;
  readonly state: string;
}
export interface Agreement {
  readonly id: string;
  readonly act: 'invite' | 'change' | 'end' | 'share' | 'export';
  readonly wish: Readonly<Record<string, unknown>>;
  readonly wantedBy: readonly string[];
  readonly byYou: boolean;
  readonly expiresAt: string;
}
export interface Family {
  readonly guardians: readonly Guardian[];
  readonly invites: readonly Invite[];
  readonly agreements: readonly Agreement[];
  readonly needed: number;
  readonly dispute?: { readonly raisedBy: string; readonly byYou: boolean; readonly reason: string };
  readonly majority?: { readonly at: string; readonly togetherFrom: string };
  readonly signsIn: boolean;
}

const FAMILY = ['family'] as const;

export const familyQuery = queryOptions({
  queryKey: [...FAMILY, 'guardians'],
  queryFn: ({ signal }) => get<Family>('/api/guardians', { signal }),
});
export const receivedQuery = queryOptions({
  queryKey: [...FAMILY, 'received'],
  queryFn: ({ signal }) => get<readonly Invite[]>('/api/guardians/invites', { signal }),
});
export function inviteQuery(invite: string) {
  return queryOptions({
    queryKey: [...FAMILY, 'invite', invite],
    queryFn: ({ signal }) => get<Invite>(`/api/guardians/invites/${encodeURIComponent(invite)}`, { signal }),
    retry: false,
  });
}

/** The record spoken of, where a body names it. */
const whose = (): { patient?: string } => {
  const patient = actingFor();
  return patient === undefined ? {} : { patient };
};

/** True: it happened. False: others must want the same. */
type Happened = boolean;

function useFamilyAct<Asked>(act: (asked: Asked) => Promise<Happened>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: FAMILY }),
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]),
  });
}

export interface NewInvite {
  readonly to: string;
  readonly level: Level;
  readonly relationship: Relationship;
  readonly evidence: Evidence;
}

/** The link that opens it for the one it is for; undefined where others must agree first. */
export function useInvite() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: async (invite: NewInvite) => {
      const { data } = await request<{ readonly link?: string }>('POST', '/api/guardians/invites', {
        body: { ...invite, ...whose() },
      });
      return data.link;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: FAMILY }),
  });
}

export const useAnswerInvite = () =>
  useFamilyAct(async ({ id, answer }: { readonly id: string; readonly answer: 'accept' | 'decline' }) => {
    await send('POST', `/api/guardians/invites/${encodeURIComponent(id)}/${answer}`);
    return true;
  });
export const useCancelInvite = () =>
  useFamilyAct(async (id: string) => {
    await send('DELETE', `/api/guardians/invites/${encodeURIComponent(id)}`);
    return true;
  });
export const useEndGuardian = () =>
  useFamilyAct(async (id: string) => {
    const { status } = await request('DELETE', `/api/guardians/${encodeURIComponent(id)}`);
    return status !== 202;
  });
export const useChangeLevel = () =>
  useFamilyAct(async ({ id, level }: { readonly id: string; readonly level: Level }) => {
    const { status } = await request('PUT', `/api/guardians/${encodeURIComponent(id)}`, { body: { level } });
    return status !== 202;
  });
export const useRefuseAgreement = () =>
  useFamilyAct(async (id: string) => {
    await send('POST', `/api/guardians/agreements/${encodeURIComponent(id)}/refuse`);
    return true;
  });

/** To agree is to ask for exactly the same. */
export const useAgree = () =>
  useFamilyAct(async ({ act, wish }: Agreement) => {
    const { act: _act, guardian, ...rest } = wish;
    const sent = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
    const one = `/api/guardians/${encodeURIComponent(String(guardian))}`;
    switch (act) {
      case 'invite':
        return (
          (await request('POST', '/api/guardians/invites', { body: { ...sent, ...whose() } })).status === 201
        );
      case 'share':
        return (await request('POST', '/api/grants', { body: { ...sent, ...whose() } })).status === 201;
      case 'end':
        return (await request('DELETE', one)).status === 204;
      case 'change': {
        const { until, ...changed } = rest;
        const body = until === 'as before' ? changed : { ...changed, until };
        return (await request('PUT', one, { body })).status === 200;
      }
      case 'export':
        return (await request('POST', '/api/guardians/export-agreement')).status === 204;
    }
  });

export interface NewChild {
  readonly name: string;
  readonly birthDate: string;
  readonly relationship: Relationship;
}
/** A record for a child, with the one who makes it as guardian. */
export function useAddChild() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (child: NewChild) =>
      send<{ readonly patient: { readonly id: string } }>('POST', '/api/dependants', child),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export const useRaiseDispute = () =>
  useFamilyAct(async (reason: string) => {
    await send('POST', '/api/custody-disputes', { reason, ...whose() });
    return true;
  });
export const useWithdrawDispute = () =>
  useFamilyAct(async () => {
    await send('DELETE', `/api/custody-disputes/${encodeURIComponent(actingFor() ?? '')}`);
    return true;
  });
