// The clinician's and the officer's side: what one works as, asking, the code, the record that was opened, reviews and cases.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { readAllPages } from './all-pages.ts';
import { ApiError, get, request, send } from './client.ts';
import { FHIR_BASE } from './fhir.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { answerTo } from './passkeys.ts';
import type { AccessRequest, Dispute, Given, GlassReview, Grant, Terms } from './sharing.ts';

export interface Work {
  readonly clinician: {
    readonly organization: string | null;
    readonly organizationId: string;
    /** Id of the Practitioner they are. */
    readonly practitioner: string | null;
    readonly name: string;
    readonly licenceUntil: string;
  } | null;
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly organization: string | null;
    readonly role: string;
    readonly licenceUntil: string | null;
  }[];
  /** Answers for an organisation's looks. */
  readonly answers: boolean;
  /** Sees the counts of every organisation. */
  readonly audits: boolean;
  /** Judges what was handed on, for the whole installation. */
  readonly judges: boolean;
  /** Runs an organisation, or all. */
  readonly administers: boolean;
}

/** Roles that meet patients or their results: they may bring files into a record by the number on a card. */
export const BRINGING: readonly string[] = [
  'doctor',
  'nurse',
  'desk',
  'laboratory',
  'radiology',
  'pharmacy',
  'records',
];

export const CLINIC = ['clinic'] as const;

/** What the signed-in person works as; it seldom changes while a page is open. */
export const workQuery = queryOptions({
  queryKey: ['me', 'work'],
  queryFn: ({ signal }) => get<Work>('/api/me/work', { signal }),
  staleTime: 5 * 60_000,
});

/** What one asked for oneself, the newest first. */
export const askedQuery = queryOptions({
  queryKey: [...CLINIC, 'asked'],
  queryFn: ({ signal }) => get<readonly AccessRequest[]>('/api/access-requests?by=me', { signal }),
  refetchInterval: 20_000,
});

/** What one was given over other people's records. */
export const heldQuery = queryOptions({
  queryKey: [...CLINIC, 'held'],
  queryFn: ({ signal }) => get<readonly Grant[]>('/api/grants?held=true', { signal }),
  refetchInterval: 60_000,
});

/** Everything of this record that one may see, as it is now: a look for each thousand. */
export async function fetchRecord(patientId: string, signal?: AbortSignal): Promise<readonly Resource[]> {
  const person = `${FHIR_BASE}/Patient/${encodeURIComponent(patientId)}`;
  const all = (path: string): Promise<readonly Resource[]> =>
    readAllPages(path, (page) => get<Bundle>(page, { signal }));
  try {
    return await all(`${person}/$everything?_count=1000`);
  } catch (error) {
    // Who was let into some parts, and not into who it is about, is refused the whole and sees those parts.
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    const parts = await all(`${person}/*?_count=1000`);
    if (parts.length > 0 || (await holdsParts(patientId, signal))) return parts;
    throw error;
  }
}

/** Parts in which nothing stands yet are open all the same. */
async function holdsParts(patientId: string, signal?: AbortSignal): Promise<boolean> {
  const held = await get<readonly Grant[]>('/api/grants?held=true', { signal });
  return held.some(({ patient, state }) => patient === patientId && state === 'active');
}

/** The same, kept while the page is open. */
export function openedRecordQuery(patientId: string) {
  return queryOptions({
    queryKey: [...CLINIC, 'record', patientId],
    queryFn: ({ signal }) => fetchRecord(patientId, signal),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

/** That there are sealed entries, where one may know it: from where, and of which month (YYYY-MM). */
export function sealedEntriesQuery(patientId: string) {
  return queryOptions({
    queryKey: [...CLINIC, 'sealed', patientId],
    queryFn: ({ signal }) =>
      get<readonly { readonly place: string | null; readonly month: string }[]>(
        `/api/sealed-entries?patient=${encodeURIComponent(patientId)}`,
        { signal },
      ),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
}

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: CLINIC }),
  });
}

export interface Asked {
  readonly id: string;
  /** Nobody can be reached outside the application: then they answer in it. */
  readonly codeSent: 'sent' | 'none' | 'over';
  readonly codeUntil?: string;
}

/** `patient` is a health ID. */
export function useAsk() {
  return useAct((asked: Terms & { readonly patient: string; readonly everybody?: boolean }) =>
    send<Asked>('POST', '/api/access-requests', asked),
  );
}

const one = (id: string): string => `/api/access-requests/${encodeURIComponent(id)}`;

export function useConfirm(id: string) {
  return useAct((code: string) => send<Given>('POST', `${one(id)}/confirm`, { code }));
}
/** The person's own passkey, at this device or on their phone. */
export function usePresence(id: string) {
  return useAct(async () => {
    const credential = await answerTo(`${one(id)}/passkey`);
    return send<Given>('POST', `${one(id)}/passkey`, { credential });
  });
}
/** A pen for longer: a request of its own. */
export function useExtend() {
  return useAct((penId: string) => send<Asked>('POST', `/api/grants/${encodeURIComponent(penId)}/extend`));
}
export function useResend(id: string) {
  return useLastingMutation({ mutationFn: () => send<Omit<Asked, 'id'>>('POST', `${one(id)}/resend`) });
}
export function useWithdraw(id: string) {
  return useAct(() => send('POST', `${one(id)}/withdraw`));
}

/** Card and access code: opens nothing before a colleague has witnessed it. */
export function useShowCard() {
  return useAct(
    (shown: Pick<Terms, 'scope' | 'purpose'> & { readonly card: string; readonly code: string }) =>
      send<{ readonly id: string; readonly until: string }>('POST', '/api/card-grants', shown),
  );
}
export interface CardShown {
  readonly state: 'waiting' | 'witnessed' | 'over';
  readonly cardEndsWith: string;
  readonly until: string;
  /** Once it was witnessed. */
  readonly patient?: string;
}
export function cardShownQuery(id: string) {
  return queryOptions({
    queryKey: [...CLINIC, 'card', id],
    queryFn: ({ signal }) => get<CardShown>(`/api/card-grants/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'waiting' ? 2000 : false,
  });
}

/** Opens a record in an emergency. */
export function useBreakGlass() {
  return useAct((why: { readonly patient: string; readonly reason: string }) =>
    send<{ readonly id: string; readonly patient: string; readonly until: string }>(
      'POST',
      '/api/break-glass',
      why,
    ),
  );
}
export function useCloseGlass() {
  return useAct((id: string) => send('DELETE', `/api/break-glass/${encodeURIComponent(id)}`));
}

/** Writes into the record that was opened; the pen is checked by the server. */
export function useWriteInto(patientId: string) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (resource: Resource) =>
      request<Resource>('POST', `${FHIR_BASE}/${resource.resourceType}`, { body: resource }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [...CLINIC, 'record', patientId] }),
  });
}

export interface GlassCounts {
  readonly since: string;
  readonly organizations: readonly {
    readonly organizationId: string;
    readonly organization: string | null;
    readonly broken: number;
    readonly reviewed: number;
    readonly notJustified: number;
    readonly questioned: number;
    readonly overdue: number;
  }[];
}

export const glassCountsQuery = queryOptions({
  queryKey: [...CLINIC, 'glass-counts'],
  queryFn: ({ signal }) => get<GlassCounts>('/api/break-glass/counts', { signal }),
});
export const reviewsAtWorkQuery = queryOptions({
  queryKey: [...CLINIC, 'reviews'],
  queryFn: ({ signal }) => get<readonly GlassReview[]>('/api/glass-reviews?at=work', { signal }),
});
export const casesAtWorkQuery = queryOptions({
  queryKey: [...CLINIC, 'cases'],
  queryFn: ({ signal }) => get<readonly Dispute[]>('/api/disputes?at=work', { signal }),
});

export function useReview() {
  return useAct(
    ({ id, ...found }: { readonly id: string; readonly finding: string; readonly words: string }) =>
      send('POST', `/api/glass-reviews/${encodeURIComponent(id)}`, found),
  );
}
export function useAnswerCase() {
  return useAct(
    ({ id, ...found }: { readonly id: string; readonly finding: string; readonly words: string }) =>
      send('POST', `/api/disputes/${encodeURIComponent(id)}/answer`, found),
  );
}

/** A late entry: the person decides whether it goes into their record. */
export function useAmend() {
  return useAct(
    (amendment: { readonly patient: string; readonly resource: Resource; readonly reason: string }) =>
      send<{ readonly id: string }>('POST', '/api/amendments', amendment),
  );
}
