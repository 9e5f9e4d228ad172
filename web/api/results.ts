// Orders at a laboratory, results as tasks, and what is kept back. Whose turn it is, the server says.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import type { DiagnosticReport, Observation, QuestionnaireResponse } from '@medplum/fhirtypes';
import { get, send } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

const LABORATORY = ['laboratory'] as const;
const RESULTS = ['results'] as const;

export type LabKind = 'laboratory' | 'radiology';

export interface OrderListed {
  readonly id: string;
  readonly test: string;
  /** The number that stands on it. */
  readonly code: string | null;
  readonly priority: string;
  readonly at: string;
  readonly last4: string;
  readonly state: 'new' | 'accepted' | 'declined' | 'sampled' | 'entered' | 'signed' | 'cancelled';
  readonly corrects?: boolean;
  /** False for what is over before anybody took it on. */
  readonly opens?: false;
}
/** That an order is somebody else's now, and no more of it. */
export interface OrderGone {
  readonly id: string;
  readonly code: string | null;
  /** When it had come into the list. */
  readonly at: string;
  readonly leftAt: string;
  readonly state: 'elsewhere';
}
export interface Worklist {
  readonly laboratories: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly role: string;
  }[];
  readonly fresh: readonly OrderListed[];
  readonly work: readonly (OrderListed | OrderGone)[];
}
export type ResultResource = Observation | DiagnosticReport;
/** A laboratory's own, for one value; without bounds the shown range stays. */
export interface OwnRange {
  readonly low?: number;
  readonly high?: number;
  readonly method?: string;
}
export interface ShownRange {
  readonly low?: number;
  readonly high?: number;
  readonly of: readonly [en: string, hi: string];
  readonly source: string;
}
export interface Draft {
  readonly ranges?: Readonly<Record<string, OwnRange>>;
  readonly form?: string;
  readonly response?: QuestionnaireResponse;
  readonly conclusion?: string;
}
export interface OpenOrder {
  readonly id: string;
  readonly state: OrderListed['state'];
  readonly laboratory: { readonly name: string; readonly role: LabKind };
  readonly test: string;
  readonly priority: string;
  readonly note: string;
  readonly patient: {
    readonly name: string;
    readonly birthDate: string | null;
    readonly sex: string | null;
    readonly uhid: string;
  };
  /** The number that stands on it. */
  readonly code: string | null;
  /** Why, where it was cancelled. */
  readonly cancelled: string | null;
  readonly takenAt: string | null;
  readonly edition: number;
  /** By form and field: what holds for this person where the laboratory writes no range of its own. */
  readonly ranges: Readonly<Record<string, Readonly<Record<string, ShownRange>>>>;
  readonly draft: Draft | null;
  readonly preview: readonly ResultResource[] | null;
  readonly critical: boolean;
}

const of = (id: string, step = ''): string => `/api/laboratory/orders/${encodeURIComponent(id)}${step}`;

export const worklistQuery = queryOptions({
  queryKey: [...LABORATORY, 'orders'],
  queryFn: ({ signal }) => get<Worklist>('/api/laboratory/orders', { signal }),
  refetchInterval: 120_000,
});
/** One look: kept while the page is open. */
export function orderQuery(id: string) {
  return queryOptions({
    queryKey: [...LABORATORY, 'order', id],
    queryFn: ({ signal }) => get<OpenOrder>(of(id), { signal }),
    refetchOnWindowFocus: false,
    staleTime: 60_000,
    retry: false,
  });
}

/** By the number of an order or a health ID; only what names this laboratory. */
export const useFindOrder = () =>
  useLastingMutation({
    mutationFn: (code: string) =>
      send<readonly (OrderListed | OrderGone)[]>('POST', '/api/laboratory/orders/find', { code }),
  });

function useStep<Input, Output>(act: (input: Input) => Promise<Output>, key: readonly string[]) {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
}
export const useAccept = (id: string) => useStep(() => send('POST', of(id, '/accept')), LABORATORY);
export const useDecline = (id: string) =>
  useStep((reason: string) => send('POST', of(id, '/decline'), { reason }), LABORATORY);
export const useSample = (id: string) =>
  useStep((what: string) => send('POST', of(id, '/sample'), what === '' ? {} : { what }), LABORATORY);
export const useEnter = (id: string) =>
  useStep((draft: Draft) => send('PUT', of(id, '/results'), draft), LABORATORY);
export const useSign = (id: string) =>
  useStep(
    () => send<{ readonly critical: boolean; readonly kept: boolean }>('POST', of(id, '/sign')),
    LABORATORY,
  );

export interface Task {
  readonly id: string;
  readonly critical: boolean;
  readonly signedAt: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly turn: 'owner' | 'orderer' | 'organization' | 'administrator';
  readonly corrects: boolean;
  readonly kept: boolean;
  readonly laboratory: string;
  readonly patient?: { readonly id: string; readonly name: string };
  readonly test?: string;
}
export interface OpenTask extends Task {
  readonly resources: readonly ResultResource[];
}
const task = (id: string, step = ''): string => `/api/results/tasks/${encodeURIComponent(id)}${step}`;

export const tasksQuery = queryOptions({
  queryKey: [...RESULTS, 'tasks'],
  queryFn: ({ signal }) => get<readonly Task[]>('/api/results/tasks', { signal }),
  refetchInterval: 30_000,
});
/** One look. */
export function taskQuery(id: string) {
  return queryOptions({
    queryKey: [...RESULTS, 'task', id],
    queryFn: ({ signal }) => get<OpenTask>(task(id), { signal }),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    retry: false,
  });
}
export const useAcknowledge = (id: string) =>
  useStep((words: string) => send('POST', task(id, '/acknowledge'), words === '' ? {} : { words }), RESULTS);
export const useHandOver = (id: string) =>
  useStep((to: string) => send('POST', task(id, '/hand-over'), { to }), RESULTS);

export interface Waiting {
  readonly test: string;
  readonly laboratory: string;
  readonly signedAt: string;
  readonly until: string;
  readonly rule: ReleaseRule;
}
export type ReleaseRule = 'at-once' | 'after-seen' | 'after-days';
export interface Release {
  readonly rule: ReleaseRule;
  readonly days?: number;
}
export const waitingQuery = queryOptions({
  queryKey: [...RESULTS, 'waiting'],
  queryFn: ({ signal }) => get<readonly Waiting[]>('/api/results/waiting', { signal }),
  refetchOnWindowFocus: false,
});
/** Signed, and kept back from its person by their own choice: for whoever was let into results. */
export interface HeldResult {
  readonly signedAt: string;
  readonly until: string;
  readonly resources: readonly ResultResource[];
}
export function heldResultsQuery(patientId: string) {
  return queryOptions({
    queryKey: [...RESULTS, 'held', patientId],
    queryFn: ({ signal }) =>
      get<readonly HeldResult[]>(`/api/results/held?patient=${encodeURIComponent(patientId)}`, { signal }),
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
    retry: false,
  });
}
export const releaseQuery = queryOptions({
  queryKey: [...RESULTS, 'release'],
  queryFn: ({ signal }) => get<Release>('/api/results/release', { signal }),
});
export const useRelease = () =>
  useStep((choice: Release) => send('PUT', '/api/results/release', choice), RESULTS);
