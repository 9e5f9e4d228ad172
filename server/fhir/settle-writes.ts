// Conditions and names inside a Bundle made plain: each search of a conditional write is carried out once, under a lock of its own
// words, inside the transaction that writes; then every reference by fullUrl or by search says Type/id.
import { createHash } from 'node:crypto';
import { ownersOf } from '../../core/fhir/compartment.ts';
import { isJsonObject } from '../../core/fhir/json.ts';
import { parseReference, referencesOf, rewriteReferences } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { lockWords } from '../storage/locks.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';
import { within } from './bundle-place.ts';
import type { FoundMatch, FoundMatches } from './find-matches.ts';
import { findMatches, normalCriteria } from './find-matches.ts';
import { mapInSlices } from './in-slices.ts';
import type { Settled, WriteOperation } from './write-requests.ts';

export interface SettledWrites {
  operations: Settled[];
  /** Entries of the looks that the searches were. */
  looks: SealedEntry[];
}

const criteriaOf = (operation: WriteOperation): string | undefined =>
  operation.method === 'create' ? operation.ifNoneExist : operation.where;

/** Whether anything has to be looked for before the operations are plain. */
export function needsSearch(operations: readonly WriteOperation[]): boolean {
  return operations.some(
    (operation) => criteriaOf(operation) !== undefined || conditionalReferences(operation).length > 0,
  );
}

function conditionalReferences(operation: WriteOperation): { text: string; path: string }[] {
  if (operation.at === undefined || operation.method === 'delete' || operation.method === 'patch') return [];
  return referencesOf(operation.resource).filter(({ text }) => text.includes('?') && !/^[a-z]+:/.test(text));
}

/** Throws 412 for a condition that several resources meet, 422 for a reference that leads to none or several, 400 for a search not understood. */
export async function settleWrites(
  client: Queryable,
  deps: Deps,
  context: RequestContext,
  operations: readonly WriteOperation[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<SettledWrites> {
  const search = await openSearch(client, deps, context, operations);
  const settled = operations.map((operation) => within(operation.at, () => settle(operation, search)));
  refuseDoubles(settled);
  const targets = new Map(known);
  for (const [i, { fullUrl }] of operations.entries()) {
    const { type, id } = settled[i] as Settled;
    if (fullUrl !== undefined && id !== '') targets.set(fullUrl, `${type}/${id}`);
  }
  const resolved = await mapInSlices(settled, (one, i) =>
    one.method === 'create' || one.method === 'update'
      ? {
          ...one,
          resource: within(one.at, () =>
            resolve(one.resource, operations[i] as WriteOperation, targets, search),
          ),
        }
      : one,
  );
  return { operations: resolved, looks: search.looks };
}

interface Search {
  /** What stands and meets the criteria, and is not deleted by this very change. */
  matches(type: string, criteria: string): readonly FoundMatch[];
  /** What this very change makes and meets them; known for identifiers only. */
  made(type: string, criteria: string): readonly string[];
  /** Ids given to conditional creates of these words, so that a second one finds the first. */
  readonly created: Map<string, string>;
  readonly looks: SealedEntry[];
}

async function openSearch(
  client: Queryable,
  deps: Deps,
  context: RequestContext,
  operations: readonly WriteOperation[],
): Promise<Search> {
  const wanted = new Map<string, Wanted>();
  for (const operation of operations) {
    const criteria = criteriaOf(operation);
    const locks = operation.method === 'create' || operation.method === 'update';
    const { at } = operation;
    const records = recordsOf(deps, operation);
    if (criteria !== undefined) want(wanted, { type: operation.type, criteria, locks, at, records });
    for (const { text, path } of conditionalReferences(operation)) {
      const reference = parseReference(text);
      if (reference.kind !== 'conditional')
        throw fhirError(422, 'value', 'This reference is not understood.', path);
      want(wanted, { type: reference.type, criteria: reference.query, locks: false, at, records });
    }
  }
  // Two that ask for the same go one after the other; in one order, so that they cannot wait for each other.
  await lockWords(
    client,
    [...wanted].filter(([, { locks }]) => locks).map(([words]) => lockOf(words)),
  );
  const found = new Map<string, readonly FoundMatch[]>();
  const looks: SealedEntry[] = [];
  for (const [words, { type, criteria, records }] of wanted) {
    const seen = await findMatches(client, deps, context, type, criteria, records);
    found.set(words, seen.matches);
    looks.push(...looksAt(deps, seen, words));
  }
  const gone = new Set(
    operations.filter((o) => o.method === 'delete' && o.where === undefined).map((o) => `${o.type}/${o.id}`),
  );
  const made = madeByIdentifier(operations);
  return {
    matches: (type, criteria) =>
      (found.get(normalCriteria(type, criteria)) ?? []).filter(({ id }) => !gone.has(`${type}/${id}`)),
    made: (type, criteria) => made.get(normalCriteria(type, criteria)) ?? [],
    created: new Map(),
    looks,
  };
}

interface Wanted {
  type: string;
  criteria: string;
  locks: boolean;
  at: string | undefined;
  /** Undefined: not said, so all that is open to the asker. */
  records: readonly string[] | undefined;
}

function want(wanted: Map<string, Wanted>, one: Wanted): void {
  const words = normalCriteria(one.type, one.criteria);
  const known = wanted.get(words);
  if (!known) {
    wanted.set(words, one);
    return;
  }
  known.locks ||= one.locks;
  known.records = known.records && one.records ? [...new Set([...known.records, ...one.records])] : undefined;
}

/** The records that an operation is about, where what it brings says so: its condition is looked for there. */
function recordsOf(deps: Deps, operation: WriteOperation): readonly string[] | undefined {
  // A Patient is its own record: which one it is, the condition says.
  if ((operation.method !== 'create' && operation.method !== 'update') || operation.type === 'Patient')
    return undefined;
  const owners = ownersOf(operation.resource, operation.id, `${deps.config.publicUrl}/fhir/R4`);
  return owners === 'nobody' ? [] : owners.length === 0 ? undefined : owners;
}

/** A lock's number: 63 bits of the words' hash. */
function lockOf(words: string): bigint {
  return createHash('sha256').update(words).digest().readBigInt64BE(0);
}

/** `Type?identifier=system|value` for every resource that this change makes. */
function madeByIdentifier(operations: readonly WriteOperation[]): Map<string, string[]> {
  const made = new Map<string, string[]>();
  for (const operation of operations) {
    if (operation.method !== 'create' && operation.method !== 'update') continue;
    if (criteriaOf(operation) !== undefined || operation.at === undefined) continue;
    const { identifier } = operation.resource;
    for (const one of Array.isArray(identifier) ? identifier : [identifier]) {
      if (!isJsonObject(one) || typeof one['value'] !== 'string') continue;
      const escaped = (text: string): string => text.replace(/[\\,|$]/g, String.raw`\$&`);
      const values = [escaped(one['value'])];
      if (typeof one['system'] === 'string') values.push(`${escaped(one['system'])}|${values[0]}`);
      for (const value of values) {
        const words = normalCriteria(operation.type, new URLSearchParams([['identifier', value]]).toString());
        made.set(words, [...(made.get(words) ?? []), operation.id]);
      }
    }
  }
  return made;
}

/** A search tells whether something is there: it is a look at those it found, and an event of the system where it found nobody. */
function looksAt(deps: Deps, { matches, lookAt }: FoundMatches, words: string): SealedEntry[] {
  const people = new Set(matches.map(({ patientId }) => patientId));
  if (people.size === 0) people.add('');
  const names = words.replace(/=[^&]*/g, '');
  return [...people].map((patientId) => {
    const { context, rule } = lookAt(patientId);
    const { who, agent, authority } = context;
    return sealEntry(
      patientId,
      {
        event: 'search',
        outcome: 'done',
        who,
        basis: rule,
        query: names,
        agent,
        ...(authority === undefined ? {} : { detail: { authority } }),
      },
      deps,
    );
  });
}

function settle(operation: WriteOperation, search: Search): Settled {
  const { type, at } = operation;
  const place = at === undefined ? {} : { at };
  const criteria = criteriaOf(operation);
  if (operation.method === 'create') {
    const { id, resource } = operation;
    if (criteria === undefined) return { method: 'create', type, id, resource, ...place };
    const one = onlyMatch(search.matches(type, criteria), at)?.id ?? search.made(type, criteria)[0];
    if (one !== undefined) return { method: 'keep', type, id: one, ...place };
    const words = normalCriteria(type, criteria);
    const before = search.created.get(words);
    if (before !== undefined) return { method: 'keep', type, id: before, ...place };
    search.created.set(words, id);
    return { method: 'create', type, id, resource, ...place };
  }
  if (criteria === undefined) {
    const { fullUrl: _url, ...plain } = operation;
    return plain;
  }
  const match = onlyMatch(search.matches(type, criteria), at);
  if (operation.method === 'delete') {
    if (match === undefined) return { method: 'nothing', type, id: '', ...place };
    return { method: 'delete', type, id: match.id, ...ifMatchOf(operation), ...place };
  }
  if (operation.method === 'patch') {
    if (match === undefined)
      throw fhirError(404, 'not-found', 'There is no such resource, or you may not see it.');
    return { method: 'patch', type, id: match.id, patch: operation.patch, ...ifMatchOf(operation), ...place };
  }
  const { resource } = operation;
  const given = typeof resource['id'] === 'string' ? resource['id'] : undefined;
  if (match !== undefined) {
    if (given !== undefined && given !== match.id)
      throw fhirError(400, 'value', 'The id in the body is not that of the resource found.', `${type}.id`);
    return {
      method: 'update',
      type,
      id: match.id,
      resource: { ...resource, id: match.id },
      ...ifMatchOf(operation),
      ...place,
    };
  }
  if (operation.ifMatch !== undefined)
    throw fhirError(412, 'conflict', 'There is no such resource of this version.');
  if (given !== undefined) return { method: 'update', type, id: given, resource, ...place };
  return { method: 'create', type, id: operation.id, resource, ...place };
}

const ifMatchOf = ({ ifMatch }: { ifMatch?: number }): { ifMatch?: number } =>
  ifMatch === undefined ? {} : { ifMatch };

function onlyMatch(matches: readonly FoundMatch[], at: string | undefined): FoundMatch | undefined {
  if (matches.length > 1)
    throw fhirError(
      412,
      'multiple-matches',
      'More than one resource meets the condition. Nothing was changed.',
      at === undefined ? undefined : `${at}.request`,
    );
  return matches[0];
}

/** One change writes each resource once: which of two would count must not depend on their order. */
function refuseDoubles(settled: readonly Settled[]): void {
  const seen = new Set<string>();
  for (const { method, type, id, at } of settled) {
    if (method === 'keep' || method === 'nothing') continue;
    const key = `${type}/${id}`;
    if (seen.has(key))
      throw fhirError(400, 'duplicate', 'Two entries write the same resource.', at ?? 'Bundle.entry');
    seen.add(key);
  }
}

function resolve(
  resource: Resource,
  { at, fullUrl }: WriteOperation,
  targets: ReadonlyMap<string, string>,
  search: Search,
): Resource {
  if (at === undefined) return resource;
  // Relative references are read against the address that the entry says it has (R4, Bundle, resolving references).
  const base = /^(https?:\/\/.+)\/[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '')?.[1];
  const own = new Map<string, string>();
  for (const { text, path } of referencesOf(resource)) {
    if (own.has(text) || targets.has(text)) continue;
    const absolute = base === undefined ? undefined : targets.get(`${base}/${text}`);
    if (absolute !== undefined) own.set(text, absolute);
    else if (text.startsWith('urn:'))
      throw fhirError(422, 'not-found', 'This reference leads to no entry of the Bundle.', path);
    else if (text.includes('?')) {
      const reference = parseReference(text);
      if (reference.kind === 'conditional')
        own.set(text, target(reference.type, reference.query, search, path));
    }
  }
  if (own.size === 0 && targets.size === 0) return resource;
  return rewriteReferences(resource, {
    get: (text) => own.get(text) ?? targets.get(text),
    has: (text) => own.has(text) || targets.has(text),
  });
}

function target(type: string, query: string, search: Search, path: string): string {
  const ids = new Set([...search.matches(type, query).map(({ id }) => id), ...search.made(type, query)]);
  const [id, ...more] = ids;
  if (id === undefined) throw fhirError(422, 'not-found', 'This reference finds nothing.', path);
  if (more.length > 0)
    throw fhirError(412, 'multiple-matches', 'This reference finds more than one resource.', path);
  return `${type}/${id}`;
}
