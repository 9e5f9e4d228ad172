// Organisations and who works there, as administrators and their people see them: what is fetched, and what can be done.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, send } from './client.ts';

export const ROLES = [
  'doctor',
  'nurse',
  'desk',
  'laboratory',
  'radiology',
  'pharmacy',
  'records',
  'administrator',
  'auditor',
] as const;
export type Role = (typeof ROLES)[number];

export interface ListedOrganization {
  readonly id: string;
  readonly name: string | null;
  readonly closed: boolean;
  readonly members: number;
  readonly licencesWaiting: number;
}
export interface Licence {
  readonly number: string;
  readonly authority: string | null;
  readonly until: string | null;
}
export interface Member {
  readonly id: string;
  readonly name: string | null;
  readonly own: boolean;
  readonly role: Role;
  readonly since: string;
  readonly suspended: boolean;
  readonly licence: (Licence & { readonly valid: boolean }) | null;
  /** Written down, and waiting for somebody's look. */
  readonly entered: (Licence & { readonly id: string }) | null;
}
export interface OrganizationInvite {
  readonly id: string;
  readonly to: string;
  readonly role: Role;
  readonly by: string | null;
  readonly expiresAt: string;
}
export interface Organization {
  readonly id: string;
  readonly name: string | null;
  readonly closed: boolean;
  /** Whoever asks administers the whole platform. */
  readonly operator: boolean;
  readonly members: readonly Member[];
  readonly invites: readonly OrganizationInvite[];
}

export const PLACES = ['places'] as const;

export const organizationsQuery = (name: string) =>
  queryOptions({
    queryKey: [...PLACES, 'organizations', name],
    queryFn: ({ signal }) =>
      get<{ readonly operator: boolean; readonly organizations: readonly ListedOrganization[] }>(
        `/api/admin/organizations?name=${encodeURIComponent(name)}`,
        { signal },
      ),
    placeholderData: (former) => former,
  });

const one = (id: string): string => `/api/admin/organizations/${encodeURIComponent(id)}`;

export const organizationQuery = (id: string) =>
  queryOptions({
    queryKey: [...PLACES, 'organization', id],
    queryFn: ({ signal }) => get<Organization>(one(id), { signal }),
    retry: false,
  });

export const foundOrganization = (name: string) =>
  send<{ readonly id: string }>('POST', '/api/admin/organizations', { name });
export const renameOrganization = (of: { readonly id: string; readonly name: string }) =>
  send('PUT', one(of.id), { name: of.name });
export const closeOrganization = (of: { readonly id: string; readonly closing: boolean }) =>
  send('POST', `${one(of.id)}/${of.closing ? 'close' : 'open'}`);

/** `link`: where no mail leaves the server, to be handed over. */
export const inviteMember = (of: { readonly id: string; readonly to: string; readonly role: Role }) =>
  send<{ readonly sent: 'sent' | 'none'; readonly link?: string }>('POST', `${one(of.id)}/invites`, {
    to: of.to,
    role: of.role,
  });
export const withdrawInvite = (of: { readonly id: string; readonly invite: string }) =>
  send('DELETE', `${one(of.id)}/invites/${encodeURIComponent(of.invite)}`);

const member = (of: { readonly id: string; readonly member: string }): string =>
  `${one(of.id)}/members/${encodeURIComponent(of.member)}`;

export const changeRole = (of: { readonly id: string; readonly member: string; readonly role: Role }) =>
  send('PUT', member(of), { role: of.role });
export const suspendMember = (of: {
  readonly id: string;
  readonly member: string;
  readonly suspending: boolean;
}) => send('POST', `${member(of)}/${of.suspending ? 'suspend' : 'resume'}`);
export const endMember = (of: { readonly id: string; readonly member: string }) => send('DELETE', member(of));

export interface WrittenLicence {
  readonly number: string;
  readonly authority: string;
  readonly until: string;
}
export const writeLicence = (of: {
  readonly id: string;
  readonly member: string;
  readonly licence: WrittenLicence;
}) => send('PUT', `${member(of)}/licence`, of.licence);
export const checkLicence = (of: {
  readonly id: string;
  readonly licence: string;
  readonly finding: 'right' | 'wrong';
}) => send('POST', `${one(of.id)}/licences/${encodeURIComponent(of.licence)}`, { finding: of.finding });

export interface Act {
  readonly entry: string;
  readonly at: string;
  readonly organization: { readonly id: string; readonly name: string | null } | null;
  readonly event: string | null;
  readonly by: string | null;
  readonly person: string | null;
  readonly role: Role | null;
  readonly formerRole: Role | null;
  readonly act: string | null;
}

/** What administrators did, fifty at a time, the newest first. */
export const actsQuery = infiniteQueryOptions({
  queryKey: [...PLACES, 'acts'],
  queryFn: ({ signal, pageParam }) =>
    get<{ readonly acts: readonly Act[]; readonly next: string | null }>(
      `/api/admin/acts${pageParam === null ? '' : `?before=${encodeURIComponent(pageParam)}`}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
});

export interface Place {
  readonly id: string;
  readonly organization: string | null;
  readonly role: Role;
  readonly since: string;
  readonly suspended: boolean;
  readonly licence: Licence | null;
  readonly entered: Licence | null;
}

export const ownPlacesQuery = queryOptions({
  queryKey: [...PLACES, 'own'],
  queryFn: ({ signal }) => get<readonly Place[]>('/api/places', { signal }),
});
export const writeOwnLicence = (of: { readonly place: string; readonly licence: WrittenLicence }) =>
  send('PUT', `/api/places/${encodeURIComponent(of.place)}/licence`, of.licence);
export const leavePlace = (place: string) => send('DELETE', `/api/places/${encodeURIComponent(place)}`);

export interface Invitation {
  readonly organization: string | null;
  readonly role: Role;
  readonly from: string | null;
  readonly expiresAt: string;
  readonly state: 'open' | 'accepted' | 'refused' | 'withdrawn' | 'expired';
}

const invitation = (token: string): string => `/api/places/invitations/${encodeURIComponent(token)}`;

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: [...PLACES, 'invitation', token],
    queryFn: ({ signal }) => get<Invitation>(invitation(token), { signal }),
    retry: false,
  });
export const answerInvitation = (of: { readonly token: string; readonly answer: 'accept' | 'refuse' }) =>
  send('POST', `${invitation(of.token)}/${of.answer}`);
