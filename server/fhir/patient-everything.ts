// Patient/$everything: whole compartments as they stand, in pages, as stored, with the directory entries that they refer to.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide, personOf } from '../../core/access/decide.ts';
import { careSpan, isWithin } from '../../core/fhir/care-dates.ts';
import { earliestMs, latestMs } from '../../core/fhir/dates.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { resourceTypes } from '../../core/fhir/resource-types.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { CompartmentKey, CompartmentRow } from '../storage/everything-store.ts';
import { findDirectoryEntries, listCompartmentPage } from '../storage/everything-store.ts';
import type { SealedPlace } from '../storage/sealed-places.ts';
import { bundleText, fhirJson } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { sealedKnownTo, sealedOutcome } from './sealed-known.ts';
import { decideOn } from './authorise.ts';
import { directoryReferencesIn, directoryTypes } from './directory-references.ts';
import type { EverythingRequest } from './everything-request.ts';
import { largestCount, readEverything } from './everything-request.ts';
import { viewText } from './prefer.ts';
import { listJoinedSafety } from './joined-safety.ts';
import { recordLook, recordLooksAtPeople } from './looks.ts';
import { requireReadable } from './read.ts';
import { requireId } from './resource-types.ts';

const everybodys = '/fhir/R4/Patient/$everything';
/** Directory entries that one page brings along. */
const mostReferred = 500;

export const patientEverything = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const asking = requireContext(request);
  const { id } = request.params as { id: string };
  requireId(id);
  const asked = readEverything(request);
  const { rule, context } = await requireReadable(deps, asking, 'Patient', id);
  const { found, next } = await readPage(deps, context, asked, id);
  const referred = await readReferred(deps, context, asked, found);
  await recordLook(deps, context, id, {
    event: 'everything',
    basis: rule,
    on: { type: 'Patient', id },
    shown: referred.length > 0 ? [...found, ...referred] : found,
  });
  // What may kill in a record that was joined comes with the first page: it belongs to the person, and stands elsewhere.
  const joined = asked.after.resourceType === '' ? await readJoined(deps, asking, asked, id) : [];
  // Told with the first page, to those alone who may know it.
  const sealed = asked.after.resourceType === '' ? await sealedKnownTo(deps, context, id) : [];
  return answerPage(deps, reply, `/fhir/R4/Patient/${id}/$everything`, asked, {
    found,
    referred,
    joined,
    next,
    sealed,
  });
};

/** Without an id: a person's own record; for a program that reads every Patient, one record after the other. */
export const everybodysEverything = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { asker } = context;
  const person = personOf(asker);
  if (person) {
    const id = (asker.kind === 'app' ? asker.inContext : undefined) ?? person.patientId;
    Object.assign(request.params as object, { id });
    return patientEverything(deps)(request, reply);
  }
  const decision = decide(asker, 'read', { patientId: '', resourceType: 'Patient' });
  if (!decision.allowed) throw fhirError(403, 'forbidden', 'You may not read the records of others.');
  const asked = readEverything(request);
  const { found, next } = await readPage(deps, context, asked, undefined);
  const referred = await readReferred(deps, context, asked, found);
  await recordLooksAtPeople(deps, context, found, {
    event: 'everything',
    basis: decision.rule,
    query: 'Patient/$everything',
  });
  return answerPage(deps, reply, everybodys, asked, { found, referred, next });
};

export interface Page {
  found: CompartmentRow[];
  next: CompartmentKey | undefined;
}

export async function readPage(
  deps: Deps,
  context: RequestContext,
  asked: EverythingRequest,
  patientId: string | undefined,
): Promise<Page> {
  const { sinceMs, count, startMs, endMs } = asked;
  // A program's scopes leave out whole types: those are not looked at at all.
  const types = asked.types.length === 0 && context.asker.kind === 'client' ? resourceTypes : asked.types;
  const readable = readableBy(context);
  const wanted = (one: CompartmentRow): boolean =>
    (startMs === undefined && endMs === undefined) ||
    isWithin(careSpan(parseJson(one.content) as Resource), startMs ?? earliestMs, endMs ?? latestMs);
  const open = types.filter(mayHoldReadable(context, patientId));
  if (open.length === 0 && types.length > 0) return { found: [], next: undefined };
  // Between two dates a page may hold less than it could: the table is looked at no further than for any other page.
  // Pages are cut by what may be seen alone: neither their length nor the place they end with tells of anything else.
  const rows: CompartmentRow[] = [];
  let limit = count + 1;
  let after: CompartmentKey | undefined = asked.after;
  while (after !== undefined && rows.length <= count) {
    const more: CompartmentRow[] = await listCompartmentPage(
      patientId === undefined ? deps.db.pool : deps.db.asks,
      {
        patientId,
        after,
        types: open.length === resourceTypes.length ? [] : open,
        sinceMs,
        limit,
      },
    );
    rows.push(...more.filter(readable));
    after = more.length === limit ? more.at(-1) : undefined;
    limit = largestCount;
  }
  const page = rows.slice(0, count);
  return { found: page.filter(wanted), next: rows.length > count ? page.at(-1) : undefined };
}

/** Whether anything of a type could be shown; in somebody else's record that is decided entry by entry. */
function mayHoldReadable(
  { asker }: RequestContext,
  patientId: string | undefined,
): (type: string) => boolean {
  if (asker.kind !== 'client') return () => true;
  return (resourceType) => decide(asker, 'read', { patientId: patientId ?? '', resourceType }).allowed;
}

/**
 * Scopes may leave out types of a record; each type is decided about once. In somebody else's record what was given may leave
 * out parts and sealed entries: there each entry is.
 */
export function readableBy(context: RequestContext): (one: CompartmentRow) => boolean {
  const { asker } = context;
  if (asker.kind === 'app' || (asker.kind === 'person' && (asker.authorities ?? []).length > 0))
    return (one) => decideOn(context, 'read', one).allowed;
  const known = new Map<string, boolean>();
  return ({ patientId, resourceType }) => {
    const key = `${patientId}/${resourceType}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const { allowed } = decide(asker, 'read', { patientId, resourceType });
    known.set(key, allowed);
    return allowed;
  };
}

export async function readJoined(
  deps: Deps,
  asking: RequestContext,
  { types, sinceMs, startMs, endMs }: EverythingRequest,
  id: string,
): Promise<CompartmentRow[]> {
  const { context, entries } = await listJoinedSafety(deps, asking, id, types.length > 0 ? types : undefined);
  const wanted = entries.filter(
    ({ content, lastUpdated }) =>
      (sinceMs === undefined || lastUpdated.getTime() >= sinceMs) &&
      ((startMs === undefined && endMs === undefined) ||
        isWithin(careSpan(parseJson(content) as Resource), startMs ?? earliestMs, endMs ?? latestMs)),
  );
  if (wanted.length > 0)
    await recordLooksAtPeople(deps, context, wanted, { event: 'everything', basis: 'joined-safety' });
  return wanted;
}

export async function readReferred(
  deps: Deps,
  context: RequestContext,
  { types }: EverythingRequest,
  found: readonly CompartmentRow[],
): Promise<CompartmentRow[]> {
  if (types.length > 0 && !types.some((type) => directoryTypes.includes(type))) return [];
  const references = directoryReferencesIn(
    found.map(({ content }) => content),
    mostReferred,
  ).filter(({ resourceType }) => types.length === 0 || types.includes(resourceType));
  if (references.length === 0) return [];
  return (await findDirectoryEntries(deps.db.pool, references)).filter(readableBy(context));
}

export function answerPage(
  deps: Deps,
  reply: FastifyReply,
  address: string,
  { given, count, viewOf }: EverythingRequest,
  {
    found,
    referred,
    joined = [],
    next,
    sealed = [],
  }: Page & {
    referred: readonly CompartmentRow[];
    joined?: readonly CompartmentRow[];
    sealed?: readonly SealedPlace[];
  },
): FastifyReply {
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const url = (more: readonly (readonly [string, string])[]): string => {
    const query = new URLSearchParams(
      [...given, ...more].map(([name, value]): [string, string] => [name, value]),
    ).toString();
    return `${deps.config.publicUrl}${address}${query === '' ? '' : `?${query}`}`;
  };
  const link = [{ relation: 'self', url: url([]) }];
  if (next) {
    const place = `${address === everybodys ? `${next.patientId}/` : ''}${next.resourceType}/${next.resourceId}`;
    link.push({
      relation: 'next',
      url: url([
        ['_count', String(count)],
        ['after', place],
      ]),
    });
  }
  const entryOf = (mode: string) => (v: CompartmentRow) =>
    `{"fullUrl":"${base}/${v.resourceType}/${v.resourceId}","resource":${viewOf ? viewText(v.content, viewOf(v.resourceType)) : v.content},"search":{"mode":"${mode}"}}`;
  const entries = found.map(entryOf('match'));
  for (const one of [...joined, ...referred]) entries.push(entryOf('include')(one));
  if (sealed.length > 0)
    entries.push(JSON.stringify({ resource: sealedOutcome(sealed), search: { mode: 'outcome' } }));
  return reply.type(fhirJson).send(bundleText('searchset', { link }, entries));
}
