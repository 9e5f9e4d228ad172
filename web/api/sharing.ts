// Who may see the record: what is asked for, what was given, and how much there is of each part. Times are instants.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Category } from '../../core/access/categories.ts';
import { get, request, send } from './client.ts';
import { entriesKey } from './entries.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface Scope {
  readonly categories?: readonly Category[];
  readonly entries?: readonly string[];
  readonly sealed: boolean;
  /** Knows that there are sealed entries, without seeing them. */
  readonly knowsSealed?: boolean;
  readonly share: boolean;
  readonly write?: boolean;
}
export interface AccessRequest {
  readonly id: string;
  readonly patient: string;
  /** Of what one asked oneself: their health ID. */
  readonly uhid?: string;
  readonly requester: { readonly id: string; readonly name: string; readonly organization?: string };
  /** For all clinicians of their organisation. */
  readonly everybody?: boolean;
  /** A pen for longer, nothing new to see. */
  readonly extends?: boolean;
  readonly state: 'requested' | 'approved' | 'refused' | 'withdrawn' | 'locked' | 'expired';
  readonly scope: Scope;
  readonly purpose: string;
  readonly durationMs: number;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly answeredAt: string | null;
}
/** A clinician, or with `everybody` an organisation: whoever is a clinician there. */
export interface Holder {
  readonly id: string;
  readonly name: string;
  readonly everybody?: boolean;
}
export interface Grant {
  readonly id: string;
  readonly patient: string;
  readonly basis: 'guardian' | 'grant' | 'edit' | 'break-glass';
  readonly holder: Holder;
  readonly organization?: string;
  /** Of what one holds oneself: the person's health ID, and their name where that is covered. */
  readonly person?: { readonly uhid: string; readonly name?: string };
  readonly scope: Scope;
  readonly purpose: string;
  readonly consent?: string;
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly state: string;
  readonly endedAt: string | null;
}
export interface PartCount {
  readonly category: Category;
  readonly open: number;
  readonly sealed: number;
}
export interface PartEntries {
  readonly more: boolean;
  readonly entries: readonly {
    readonly type: string;
    readonly id: string;
    readonly title?: string;
    readonly date?: string;
    readonly sealed: boolean;
  }[];
}
export interface Clinician {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string | null;
  readonly place: string | null;
}
export interface Terms {
  readonly scope: Omit<Scope, 'write'> & { readonly write: boolean };
  readonly purpose: string;
  /** ISO 8601. */
  readonly duration: string;
}
export interface Given {
  readonly grant: string;
  readonly until: string;
  readonly writeUntil?: string;
}

const ACCESS = ['access'] as const;
const one = (id: string): string => `/api/access-requests/${encodeURIComponent(id)}`;

/** Everybody who asked, the newest first. */
export const requestsQuery = queryOptions({
  queryKey: [...ACCESS, 'requests'],
  queryFn: ({ signal }) => get<readonly AccessRequest[]>('/api/access-requests', { signal }),
  refetchInterval: 20_000,
});

/** One request, as either side sees it; asked again while it waits for its answer. */
export function requestQuery(id: string) {
  return queryOptions({
    queryKey: [...ACCESS, 'request', id],
    queryFn: ({ signal }) => get<AccessRequest>(one(id), { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'requested' ? 10_000 : false),
  });
}

/** Everything that was ever given over the own record. */
export const givenQuery = queryOptions({
  queryKey: [...ACCESS, 'given'],
  queryFn: ({ signal }) => get<readonly Grant[]>('/api/grants', { signal }),
});

/** How much the record holds of each part. A look, so it is kept for a while. */
export const partsQuery = queryOptions({
  queryKey: [...ACCESS, 'parts'],
  queryFn: ({ signal }) => get<readonly PartCount[]>('/api/record-parts', { signal }),
  staleTime: 60_000,
});

export function partEntriesQuery(parts: readonly Category[]) {
  return queryOptions({
    queryKey: [...ACCESS, 'part-entries', ...parts],
    queryFn: ({ signal }) =>
      get<PartEntries>(`/api/record-parts/entries?parts=${parts.join(',')}`, { signal }),
    staleTime: 60_000,
  });
}

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ACCESS }),
        queries.invalidateQueries({ queryKey: entriesKey }),
      ]),
  });
}

/** Yes, to all of what was asked for or to less of it. */
export function useApprove(id: string) {
  return useAct((narrower: Partial<Pick<Terms, 'scope' | 'duration'>> & { readonly everybody?: false }) =>
    send<Given>('POST', `${one(id)}/approve`, narrower),
  );
}

/** No, once or to everything that this clinician asks from now on. */
export function useRefuse(id: string) {
  return useAct((how: 'decline' | 'block') => send('POST', `${one(id)}/${how}`));
}

/** A code on the own screen, to be told to whoever stands there. The one before is dead. */
export function useShowCode(id: string) {
  return useLastingMutation({
    mutationFn: () => send<{ readonly code: string; readonly until: string }>('POST', `${one(id)}/code`),
  });
}

export function useRevoke() {
  return useAct((grantId: string) => send('POST', `/api/grants/${encodeURIComponent(grantId)}/revoke`));
}

/** Lets a clinician in without being asked. */
export function useShare() {
  return useAct((given: Terms & { readonly to: string; readonly everybody?: boolean }) =>
    send<Given>('POST', '/api/grants', given),
  );
}

/** By name or organisation. */
export function useFindClinicians() {
  return useLastingMutation({
    mutationFn: (name: string) => send<readonly Clinician[]>('POST', '/api/clinicians/search', { name }),
  });
}

export interface GlassReview {
  readonly id: string;
  readonly entry: string;
  readonly clinician: string;
  readonly reason: string;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly personAnswer: 'right' | 'questioned' | null;
  readonly finding: 'justified' | 'not-justified' | null;
  readonly words: string | null;
  readonly reviewedAt: string | null;
}
export interface Dispute {
  readonly id: string;
  readonly entry?: string;
  readonly looker: string;
  readonly organization: string | null;
  readonly words: string;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly state: 'open' | 'answered' | 'escalated' | 'closed';
  readonly finding: 'right' | 'wrong' | null;
  readonly answer: string | null;
  readonly answeredAt: string | null;
  readonly escalatedAt: string | null;
  readonly escalation: string | null;
  readonly finalFinding: 'right' | 'wrong' | null;
  readonly finalAnswer: string | null;
}

/** Emergencies in which the own record was opened. */
export const glassReviewsQuery = queryOptions({
  queryKey: [...ACCESS, 'glass-reviews'],
  queryFn: ({ signal }) => get<readonly GlassReview[]>('/api/glass-reviews', { signal }),
});
export const disputesQuery = queryOptions({
  queryKey: [...ACCESS, 'disputes'],
  queryFn: ({ signal }) => get<readonly Dispute[]>('/api/disputes', { signal }),
});

export function useAnswerGlass() {
  return useAct(({ id, answer }: { readonly id: string; readonly answer: 'right' | 'questioned' }) =>
    send('POST', `/api/glass-reviews/${encodeURIComponent(id)}/answer`, { answer }),
  );
}

/** A look is questioned: whoever looked has thirty days to answer. */
export function useQuestion() {
  return useAct((about: { readonly entry: string; readonly words: string }) =>
    send<{ readonly id: string; readonly dueAt: string }>('POST', '/api/disputes', about),
  );
}

/** The answer is enough. */
export function useCloseCase() {
  return useAct((id: string) => send('POST', `/api/disputes/${encodeURIComponent(id)}/close`));
}
/** It is not, or there is none: the administrator answers. */
export function useEscalateCase() {
  return useAct(({ id, words }: { readonly id: string; readonly words: string }) =>
    send<{ readonly dueAt: string }>('POST', `/api/disputes/${encodeURIComponent(id)}/escalate`, { words }),
  );
}

export interface WhyLook {
  readonly rule: string;
  readonly permission?: {
    readonly basis: Grant['basis'];
    readonly holder: Holder;
    readonly scope: Scope;
    readonly purpose: string;
    readonly consent?: string;
    readonly consentVersion?: number;
    readonly startsAt: string;
    readonly endsAt: string | null;
    readonly endedAt: string | null;
  };
}
/** Why somebody could do what one entry of the log says. */
export function whyQuery(entryId: string) {
  return queryOptions({
    queryKey: [...ACCESS, 'why', entryId],
    queryFn: ({ signal }) => get<WhyLook>(`/api/entries/${encodeURIComponent(entryId)}/why`, { signal }),
    staleTime: 60_000,
  });
}

export interface Origin {
  readonly version: number;
  readonly at: string;
  readonly erased?: true;
  readonly event?: string;
  readonly author?: { readonly role: string; readonly name?: string };
  readonly place?: string;
  readonly rule?: string;
  readonly permission?: {
    readonly consent: string;
    readonly startsAt: string;
    readonly endsAt: string | null;
  };
  readonly late?: boolean;
}
/** Where each version of an entry (`Type/id`) came from, the newest first. */
export function originsQuery(entry: string) {
  return queryOptions({
    queryKey: [...ACCESS, 'origins', entry],
    queryFn: ({ signal }) =>
      get<readonly Origin[]>(`/api/origins?entry=${encodeURIComponent(entry)}`, { signal }),
    refetchOnWindowFocus: false,
  });
}

export interface Amendment {
  readonly id: string;
  readonly author: string;
  readonly organization?: string;
  readonly type: string;
  readonly title?: string;
  readonly reason: string;
  readonly proposedAt: string;
  readonly state: 'proposed' | 'accepted' | 'rejected' | 'expired';
}

/** What clinicians want to add after their time to write was over. */
export const amendmentsQuery = queryOptions({
  queryKey: [...ACCESS, 'amendments'],
  queryFn: ({ signal }) => get<readonly Amendment[]>('/api/amendments', { signal }),
});

export function useAnswerAmendment() {
  return useAct(({ id, answer }: { readonly id: string; readonly answer: 'accept' | 'reject' }) =>
    send('POST', `/api/amendments/${encodeURIComponent(id)}/${answer}`),
  );
}

export interface WhoSees {
  readonly sealed: boolean;
  readonly people: readonly {
    readonly holder: Holder;
    readonly organization?: string;
    readonly sees: boolean;
    readonly rule: string;
    readonly basis: Grant['basis'];
    readonly endsAt: string | null;
  }[];
}

/** Who can see one entry (`Type/id`), and the rule that decides. */
export function whoSeesQuery(entry: string) {
  return queryOptions({
    queryKey: [...ACCESS, 'who-sees', entry],
    queryFn: ({ signal }) => get<WhoSees>(`/api/who-sees?entry=${encodeURIComponent(entry)}`, { signal }),
    refetchOnWindowFocus: false,
  });
}

const RESTRICTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' } as const;

interface Sealable {
  readonly id: string;
  readonly meta?: { readonly security?: readonly { readonly system?: string; readonly code?: string }[] };
}

/** Puts the seal on one's own entry, or takes every label off that keeps it apart. */
export function useSeal(type: string, id: string) {
  return useAct(async (sealed: boolean) => {
    const path = `/fhir/R4/${type}/${encodeURIComponent(id)}`;
    const { data, etag } = await request<Sealable>('GET', path);
    const security = sealed ? [...(data.meta?.security ?? []), RESTRICTED] : [];
    const { security: _labels, ...meta } = data.meta ?? {};
    await request('PUT', path, {
      ifMatch: etag,
      body: { ...data, meta: security.length === 0 ? meta : { ...meta, security } },
    });
  });
}

export interface AccessRule {
  readonly id: string;
  readonly holder?: { readonly id: string; readonly name: string };
  readonly organization?: string;
  readonly scope: Scope;
  readonly purpose: string;
  readonly longestMs: number;
}

/** Requests that are allowed as they come. */
export const rulesQuery = queryOptions({
  queryKey: [...ACCESS, 'rules'],
  queryFn: ({ signal }) => get<readonly AccessRule[]>('/api/access-rules', { signal }),
});
export function useMakeRule() {
  return useAct((rule: Terms & { readonly to: string; readonly everybody: boolean }) =>
    send<{ readonly id: string }>('POST', '/api/access-rules', rule),
  );
}
export function useEndRule() {
  return useAct((id: string) => send('DELETE', `/api/access-rules/${encodeURIComponent(id)}`));
}
