// Visits: those kept on this device, sending one, and telling the person. What is sent is a transaction, once.
import { useEffect } from 'react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { entryTitle } from '../../core/record/entry-title.ts';
import { newSince, standingVersions } from '../../core/visit/findings.ts';
import { visitSystem } from '../../core/visit/entries.ts';
import { visitBundle } from '../../core/visit/visit-bundle.ts';
import { ApiError, send } from './client.ts';
import { CLINIC, fetchRecord } from './clinic.ts';
import { FHIR_BASE } from './fhir.ts';
import type { Kept, KeptVisit, ServerFinding, Stop } from './kept-visits.ts';
import { keepsHere, listKept, saveKept, watchKept } from './kept-visits.ts';
import { useMe } from './session.ts';

const RULE_SYSTEM = 'urn:medallion:clinical-rule';

export const keptQuery = (account: string | undefined) =>
  queryOptions({
    queryKey: [...CLINIC, 'kept', account ?? ''],
    queryFn: () => (account === undefined || !keepsHere() ? [] : listKept(account, Date.now())),
    networkMode: 'always',
    staleTime: Infinity,
  });

/** What this device keeps, and again whenever it changes, here or in another window. */
export function useKept(): {
  readonly account: string | undefined;
  readonly kept: readonly Kept[] | undefined;
} {
  const queries = useQueryClient();
  const account = useMe().data?.account.id;
  useEffect(
    () => watchKept(() => void queries.invalidateQueries({ queryKey: [...CLINIC, 'kept'] })),
    [queries],
  );
  return { account, kept: useQuery(keptQuery(account)).data };
}

export async function tellPatient(encounter: string): Promise<void> {
  await send('POST', `/api/visits/${encodeURIComponent(encounter)}/tell`);
}

/** One visit that waits: sent, still waiting, or stopped with the reason. Each step is saved before the next. */
export async function sendVisit(account: string, waiting: Kept): Promise<KeptVisit> {
  let at = waiting;
  const keep = async (change: Partial<KeptVisit>): Promise<Kept> => {
    const next = { ...at, ...change };
    const revision = await saveKept(account, next, at.revision, Date.now());
    // Another window got ahead of this one: it goes on, this one does not.
    if (revision === undefined) throw new Error('taken over');
    at = { ...next, revision };
    return at;
  };
  const { draft, signing } = waiting;
  if (signing === undefined) return waiting;
  try {
    const record = await fetchRecord(draft.patientId);
    const arrived = at.unanswered > 0 ? ownEncounter(at, record) : undefined;
    if (arrived !== undefined) return await tellIfWished(await keep(sentAs(at, arrived)), keep);
    const changed = changedSince(at, record);
    if (changed !== undefined) return await keep({ state: 'stopped', stop: changed });
    const again = at.unanswered > 0;
    await keep({ unanswered: at.unanswered + 1 });
    const bundle = visitBundle(draft, { ...signing, again });
    const answer = await send<Bundle>('POST', FHIR_BASE, bundle, { timeoutMs: 30_000 });
    const encounter = /Encounter\/([^/]+)/.exec(answer.entry?.[0]?.response?.location ?? '')?.[1];
    return await tellIfWished(await keep(sentAs(at, encounter)), keep);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (at.state === 'sent') return at;
    return keep(stoppedBy(error, at));
  }
}

const sentAs = (at: Kept, encounter: string | undefined): Partial<KeptVisit> => ({
  state: 'sent',
  stop: undefined,
  draft: emptied(at),
  ...(encounter === undefined ? {} : { encounter }),
});

/** Whether they were told is kept; when it fails, the page offers it again. */
async function tellIfWished(
  sent: Kept,
  keep: (change: Partial<KeptVisit>) => Promise<Kept>,
): Promise<KeptVisit> {
  if (!sent.draft.tell || sent.encounter === undefined) return sent;
  await tellPatient(sent.encounter);
  return keep({ told: true });
}

/** The answer was lost, and the visit is there: it arrived. */
function ownEncounter({ draft }: KeptVisit, record: readonly Resource[]): string | undefined {
  return record.find(
    (one) =>
      one.resourceType === 'Encounter' &&
      one.identifier?.some(({ system, value }) => system === visitSystem && value === draft.id) === true,
  )?.id;
}

/** What was not signed is not needed on the device once it is in the record. */
const emptied = ({ draft }: KeptVisit): KeptVisit['draft'] => ({
  ...draft,
  symptoms: '',
  examination: '',
  vitals: {},
  diagnoses: [],
  tests: [],
  medicines: [],
  procedures: [],
  notes: '',
  advice: '',
  picture: undefined,
  seen: {},
});

function changedSince({ draft }: Kept, record: readonly Resource[]): Stop | undefined {
  const core = record as unknown as readonly CoreResource[];
  const changed = newSince(draft, core);
  if (changed.length === 0) return undefined;
  return {
    kind: 'record-changed',
    titles: changed.map((resource) => entryTitle(resource) ?? resource.resourceType).slice(0, 20),
    versions: standingVersions(core),
  };
}

function stoppedBy(error: ApiError, at: Kept): Partial<KeptVisit> {
  // No answer, signed out, or too busy: it waits. Whether it arrived is known after the next time.
  if (error.status === 0 || error.status === 401 || error.status === 429 || error.status >= 500)
    return { state: 'waiting' };
  const answered = { state: 'stopped' as const, unanswered: 0 };
  if (error.status === 403 || error.status === 404) return { ...answered, stop: { kind: 'pen' } };
  const found = serverFindings(error, at);
  return Object.keys(found).length > 0
    ? { ...answered, stop: { kind: 'findings' }, found }
    : { ...answered, stop: { kind: 'refused' } };
}

interface Issue {
  readonly expression?: readonly string[];
  readonly details?: {
    readonly text?: string;
    readonly coding?: readonly { readonly system?: string; readonly code?: string }[];
  };
}

/** The rules that the server named, by the key of the medicine's line. */
function serverFindings(error: ApiError, at: Kept): Record<string, ServerFinding[]> {
  const issues = Array.isArray(error.facts['issue']) ? (error.facts['issue'] as Issue[]) : [];
  const { draft, signing } = at;
  if (signing === undefined) return {};
  const entries = visitBundle(draft, signing)['entry'] as { resource: { identifier: { value: string }[] } }[];
  const found: Record<string, ServerFinding[]> = {};
  for (const { expression, details } of issues) {
    const rule = details?.coding?.find(({ system }) => system === RULE_SYSTEM)?.code;
    const place = /^Bundle\.entry\[(\d+)\]/.exec(expression?.[0] ?? '')?.[1];
    if (rule === undefined || place === undefined) continue;
    const key = entries[Number(place)]?.resource.identifier[0]?.value.slice(draft.id.length + 1) ?? '';
    (found[key] ??= []).push({ rule, words: details?.text ?? rule });
  }
  return found;
}

/** All that wait, one after the other; one window at a time. */
export async function sendWaiting(account: string): Promise<void> {
  const run = async (): Promise<void> => {
    for (const one of await listKept(account, Date.now()))
      if (one.state === 'waiting') await sendVisit(account, one).catch(() => undefined);
  };
  if ('locks' in navigator) await navigator.locks.request('medallion-visits', run);
  else await run();
}

/** Names, birth date: only people whose record is open. In a body, so that no name stands in an address. */
export async function findOpenPeople(
  name: string,
  birthDate: string | undefined,
): Promise<readonly Resource[]> {
  const asked = new URLSearchParams({
    name,
    ...(birthDate === undefined ? {} : { birthdate: birthDate }),
    _count: '20',
  });
  const bundle = await send<Bundle>('POST', `${FHIR_BASE}/Patient/_search`, new Blob([asked.toString()]), {
    contentType: 'application/x-www-form-urlencoded',
  });
  return (bundle.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'Patient' ? [resource] : [],
  );
}
