// The signed-in person's whole record: read once, changed through FHIR, kept in step with what the server stored.
// Numbers stay as they were written (1.10 is not 1.1). Knows no pages and no words.
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { canonicalJson, isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../../core/fhir/types.ts';
import { objectAt, objectsAt, textAt } from '../../core/record/elements.ts';
import type { Change } from '../../core/record/write-elements.ts';
import { ApiError, get, request } from './client.ts';
import { FHIR_BASE } from './fhir.ts';
import { useLastingMutation } from './lasting-mutation.ts';
import { meQuery, useSignedIn } from './session.ts';

const FHIR_JSON = 'application/fhir+json';

/** What to do to one resource. A removal takes it out of the current record; its versions stay. */
export type Write = Change | { readonly kind: 'delete'; readonly resource: Resource };

/** What became of a write: the resource as stored (absent after a removal) and the write that takes it back. */
export interface Written {
  readonly key: string;
  readonly resource: Resource | undefined;
  readonly undo: Write;
}

const recordKey = (patientId: string) => ['record', patientId] as const;

/** Of a person's current resources, as stored, those that facts are read from (core/record/fact-types.ts). */
export function recordQuery(patientId: string) {
  return queryOptions({
    queryKey: recordKey(patientId),
    queryFn: ({ signal }) => readBundles(`/api/facts?patient=${encodeURIComponent(patientId)}`, signal),
    // Each reading is a look that the record keeps; changes made here are put in without one.
    staleTime: 5 * 60_000,
    refetchOnWindowFocus: false,
  });
}

const MEASURED =
  'status,code,category,effective,issued,value,component,referenceRange,interpretation,performer';

/** What was measured, as much of it as is drawn. */
export function measuredQuery(patientId: string) {
  const query = new URLSearchParams({ patient: patientId, _count: '500', _elements: MEASURED });
  return queryOptions({
    queryKey: [...recordKey(patientId), 'measured'],
    queryFn: ({ signal }) => readBundles(`${FHIR_BASE}/Observation?${query.toString()}`, signal),
    refetchOnWindowFocus: false,
  });
}

/** The newest reports with their results. */
export function reportsQuery(patientId: string, count: number) {
  const query = new URLSearchParams({
    patient: patientId,
    _sort: '-date',
    _count: String(count),
    _include: 'DiagnosticReport:result',
  });
  return queryOptions({
    queryKey: [...recordKey(patientId), 'reports', count],
    queryFn: ({ signal }) => readPage(`${FHIR_BASE}/DiagnosticReport?${query.toString()}`, signal),
    refetchOnWindowFocus: false,
  });
}

/** All pages of a searchset. */
async function readBundles(path: string, signal: AbortSignal): Promise<readonly Resource[]> {
  const found: Resource[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const bundle: JsonObject = await readJson(next, signal);
    found.push(...resourcesIn(bundle));
    next = nextPage(bundle);
  }
  return found;
}

async function readPage(path: string, signal: AbortSignal): Promise<readonly Resource[]> {
  return resourcesIn(await readJson(path, signal));
}

function resourcesIn(bundle: JsonObject): Resource[] {
  return objectsAt(bundle, 'entry').flatMap((entry) => {
    const resource = objectAt(entry, 'resource');
    return isResource(resource) ? [resource] : [];
  });
}

function nextPage(bundle: JsonObject): string | undefined {
  const link = objectsAt(bundle, 'link').find((one) => textAt(one, 'relation') === 'next');
  const url = textAt(link, 'url');
  if (url === undefined) return undefined;
  const { pathname, search } = new URL(url, location.href);
  return `${pathname}${search}`;
}

async function readJson(path: string, signal?: AbortSignal): Promise<JsonObject> {
  const { data } = await request<string>('GET', path, {
    signal,
    asText: true,
    triesAfterNoConnection: 1,
    timeoutMs: 30_000,
  });
  return asObject(data);
}

function asObject(text: unknown): JsonObject {
  const value: JsonValue | undefined = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isJsonObject(value)) throw new ApiError({ status: 0, code: 'unknown', title: '' });
  return value;
}

function isResource(value: JsonObject | undefined): value is Resource {
  return typeof value?.['resourceType'] === 'string';
}

/** The record of the signed-in person. */
export function useRecord(): readonly Resource[] {
  return useSuspenseQuery(recordQuery(useSignedIn().patient.id)).data;
}

export function keyOf(resource: JsonObject): string {
  return `${textAt(resource, 'resourceType') ?? ''}/${textAt(resource, 'id') ?? ''}`;
}

export function versionOf(resource: JsonObject): string | undefined {
  return textAt(objectAt(resource, 'meta'), 'versionId');
}

const ifMatchOf = (resource: Resource): string | undefined => {
  const version = versionOf(resource);
  return version === undefined ? undefined : `W/"${version}"`;
};

function fhirBody(value: JsonValue): Blob {
  return new Blob([canonicalJson(value)], { type: FHIR_JSON });
}

async function writeOne(write: Write): Promise<Resource | undefined> {
  const { kind, resource } = write;
  const created = kind === 'create';
  const path = created ? `${FHIR_BASE}/${resource.resourceType}` : `${FHIR_BASE}/${keyOf(resource)}`;
  const { data } = await request<string>(kind === 'delete' ? 'DELETE' : created ? 'POST' : 'PUT', path, {
    asText: true,
    ...(created ? {} : { ifMatch: ifMatchOf(resource) }),
    ...(kind === 'delete' ? {} : { body: fhirBody(resource), contentType: FHIR_JSON }),
  });
  return kind === 'delete' ? undefined : (asObject(data) as Resource);
}

/** All or none. The answer names only the versions, so each is read once more. */
async function writeTogether(writes: readonly Write[]): Promise<readonly (Resource | undefined)[]> {
  const entry = writes.map(({ kind, resource }): JsonObject => {
    const ifMatch = kind === 'create' ? undefined : ifMatchOf(resource);
    return {
      ...(kind === 'delete' ? {} : { resource }),
      request: {
        method: kind === 'create' ? 'POST' : kind === 'update' ? 'PUT' : 'DELETE',
        url: kind === 'create' ? resource.resourceType : keyOf(resource),
        ...(ifMatch === undefined ? {} : { ifMatch }),
      },
    };
  });
  const { data } = await request<string>('POST', FHIR_BASE, {
    asText: true,
    body: fhirBody({ resourceType: 'Bundle', type: 'transaction', entry }),
    contentType: FHIR_JSON,
  });
  const places = objectsAt(asObject(data), 'entry').map((one) =>
    textAt(objectAt(one, 'response'), 'location')?.replace(/\/_history\/.*$/, ''),
  );
  return Promise.all(
    places.map(async (place) =>
      place === undefined ? undefined : ((await readJson(`${FHIR_BASE}/${place}`)) as Resource),
    ),
  );
}

/** Carries out writes, all or none, under If-Match. `current` says what stood before, for the way back. */
async function carryOut(writes: readonly Write[], current: readonly Resource[]): Promise<readonly Written[]> {
  const [first] = writes;
  if (first === undefined) return [];
  const stored = writes.length === 1 ? [await writeOne(first)] : await writeTogether(writes);
  return writes.map((write, place) => {
    const after = stored[place];
    const key = keyOf(after ?? write.resource);
    const before = current.find((one) => keyOf(one) === key);
    return { key, resource: after, undo: wayBack(write, before, after) };
  });
}

function wayBack(write: Write, before: Resource | undefined, after: Resource | undefined): Write {
  if (before === undefined) return { kind: 'delete', resource: after ?? write.resource };
  // A deleted resource comes back as its next version; without a version there is nothing to match.
  const version = after === undefined ? undefined : versionOf(after);
  const meta = { ...objectAt(before, 'meta') };
  if (version === undefined) delete meta['versionId'];
  else meta['versionId'] = version;
  return { kind: 'update', resource: { ...before, meta } };
}

/** How far one version is proven. */
export interface LogState {
  readonly state: 'pending' | 'logged' | 'witnessed' | 'anchored';
  readonly anchor?: { readonly block: number; readonly local: boolean };
  readonly witnesses?: { readonly count: number; readonly of: number };
}

const NEWEST_ENTRIES = 200;
/** The sequencer works every second; sooner there is nothing new to hear. */
const LOGGED_AFTER_MS = 2000;

interface EntryView extends LogState {
  readonly on?: { readonly type: string; readonly id: string; readonly version?: number };
}

/** By `Type/id/version`: whether that version is in the public log. Older ones than the newest entries are. */
export const logStatesQuery = queryOptions({
  queryKey: ['log-states'],
  queryFn: async ({ signal }) => {
    const { entries } = await get<{ readonly entries: readonly EntryView[] }>(
      `/api/entries?kind=writes&limit=${NEWEST_ENTRIES}`,
      { signal },
    );
    const states = new Map<string, LogState>();
    for (const entry of entries) {
      const { on } = entry;
      if (on?.version !== undefined) states.set(`${on.type}/${on.id}/${on.version}`, entry);
    }
    return { states, whole: entries.length < NEWEST_ENTRIES };
  },
  staleTime: 5 * 60_000,
  refetchOnWindowFocus: false,
});

function awaitLog(queries: QueryClient, written: readonly Written[]): void {
  queries.setQueryData(logStatesQuery.queryKey, (known) => {
    if (known === undefined) return known;
    const states = new Map(known.states);
    for (const { key, resource } of written)
      if (resource !== undefined) states.set(`${key}/${versionOf(resource) ?? ''}`, { state: 'pending' });
    return { ...known, states };
  });
  setTimeout(() => void queries.invalidateQueries({ queryKey: logStatesQuery.queryKey }), LOGGED_AFTER_MS);
}

function putIn(queries: QueryClient, patientId: string, written: readonly Written[]): void {
  awaitLog(queries, written);
  queries.setQueryData<readonly Resource[]>(recordKey(patientId), (record) => {
    if (record === undefined) return record;
    const changed = new Map(written.map((one) => [one.key, one.resource]));
    const kept = record.flatMap((one) => {
      const key = keyOf(one);
      if (!changed.has(key)) return [one];
      const next = changed.get(key);
      changed.delete(key);
      return next === undefined ? [] : [next];
    });
    return [...kept, ...[...changed.values()].filter((one) => one !== undefined)];
  });
  for (const { key } of written) void queries.invalidateQueries({ queryKey: ['versions', key] });
  if (written.some(({ key }) => key.startsWith('Patient/')))
    void queries.invalidateQueries({ queryKey: meQuery.queryKey });
}

/** True where somebody else was first: nothing was stored, and the newest version is fetched. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 412);
}

/** Stores changes of the signed-in person's record. After a conflict the record is read again, never overwritten. */
export function useWriteRecord() {
  const queries = useQueryClient();
  const patientId = useSignedIn().patient.id;
  return useLastingMutation({
    mutationFn: (writes: readonly Write[]) =>
      carryOut(writes, queries.getQueryData<readonly Resource[]>(recordKey(patientId)) ?? []),
    onSuccess: (written) => putIn(queries, patientId, written),
    onError: async (error) => {
      if (isConflict(error)) await queries.invalidateQueries({ queryKey: recordKey(patientId) });
    },
  });
}

/** One resource that was changed by another door than FHIR: read again and put into the record. */
function useReadAgain() {
  const queries = useQueryClient();
  const patientId = useSignedIn().patient.id;
  return async (type: string, id: string): Promise<void> => {
    const resource = (await readJson(`${FHIR_BASE}/${type}/${id}`)) as Resource;
    putIn(queries, patientId, [{ key: keyOf(resource), resource, undo: { kind: 'delete', resource } }]);
  };
}

/** Stores (a file) or takes away (null) the holder's photo. */
export function useSavePhoto() {
  const readAgain = useReadAgain();
  const patientId = useSignedIn().patient.id;
  return useLastingMutation({
    mutationFn: async (picture: Blob | null) => {
      await (picture === null
        ? request('DELETE', '/api/photo')
        : request('PUT', '/api/photo', {
            body: picture,
            contentType: picture.type === '' ? 'application/octet-stream' : picture.type,
            timeoutMs: 120_000,
          }));
      await readAgain('Patient', patientId);
    },
  });
}

export interface NewDocument {
  readonly file: Blob;
  readonly title: string;
  readonly kind: string;
  readonly date?: string;
}

/** Sends a file; the server keeps it and makes its DocumentReference. */
export function useSendDocument() {
  const readAgain = useReadAgain();
  return useLastingMutation({
    mutationFn: async ({ file, title, kind, date }: NewDocument) => {
      const query = new URLSearchParams({ title, kind, ...(date === undefined ? {} : { date }) });
      const { data } = await request<{ readonly id: string }>('POST', `/api/files?${query.toString()}`, {
        body: file,
        contentType: file.type === '' ? 'application/octet-stream' : file.type,
        timeoutMs: 300_000,
      });
      await readAgain('DocumentReference', data.id);
      return data.id;
    },
  });
}

/** One version of a resource: `resource` is absent where it was removed. */
export interface Version {
  readonly version: string;
  readonly at: string;
  readonly resource: Resource | undefined;
}

/** Every version of one resource, the newest first. */
export function versionsQuery(type: string, id: string) {
  return queryOptions({
    queryKey: ['versions', `${type}/${id}`],
    queryFn: async ({ signal }): Promise<readonly Version[]> => {
      const found: Version[] = [];
      let next: string | undefined = `${FHIR_BASE}/${type}/${encodeURIComponent(id)}/_history`;
      while (next !== undefined) {
        const bundle: JsonObject = await readJson(next, signal);
        for (const entry of objectsAt(bundle, 'entry')) {
          const response = objectAt(entry, 'response');
          const resource = objectAt(entry, 'resource');
          found.push({
            version: /\d+/.exec(textAt(response, 'etag') ?? '')?.[0] ?? '',
            at: textAt(response, 'lastModified') ?? textAt(response, 'lastUpdated') ?? '',
            resource: isResource(resource) ? resource : undefined,
          });
        }
        next = nextPage(bundle);
      }
      return found;
    },
    staleTime: 60_000,
  });
}
