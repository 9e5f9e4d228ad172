// Searches: of one type, over several, inside one person's compartment; by address or by form. The decision is the scope of the
// statement, not a filter on its answer; every person whose data are shown gets an entry before the answer leaves.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { personOf } from '../../core/access/decide.ts';
import type { NamedValue, SearchQuery } from '../../core/fhir/search-query.ts';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import { isResource, resourceTypes } from '../../core/fhir/resource-types.ts';
import { subsetOf } from '../../core/fhir/subset.ts';
import type { OutcomeIssue } from '../errors.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { FoundResource, SearchCursor } from '../storage/search-store.ts';
import { countHits, searchPage } from '../storage/search-store.ts';
import type { FhirAnswer } from './answer.ts';
import { bundleText, sendAnswer } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { withAuthorities } from './authorise.ts';
import { followMerges, withJoined } from './follow-merges.ts';
import { recordLooksAtPeople } from './looks.ts';
import { findProvenance } from './provenance.ts';
import { requireId, requireType } from './resource-types.ts';
import { findCodesMeant } from './search-codes.ts';
import { findIncluded } from './search-includes.ts';
import { openPageLink, sealPageLink } from './search-pages.ts';
import type { OpenedScope } from './search-scope.ts';
import { searchScopeOf } from './search-scope.ts';

const defaultCount = 50;
/** Hits over all records are counted up to here unless an accurate number is asked for. */
const countedFreely = 10_000;
const countedAtMost = 1_000_000;
/** More hits over all records are not put in another order than that of ids and times. */
const sortedAtMost = 50_000;

export interface Asked {
  /** Path below the base. */
  readonly path: string;
  readonly type: string | undefined;
  /** The record whose compartment is searched. */
  readonly person?: string;
}

export const search = (deps: Deps) => (request: FastifyRequest, reply: FastifyReply) => {
  const type = requireType((request.params as { type: string }).type);
  return answerSearch(deps, request, reply, { path: type, type });
};

export const searchSystem = (deps: Deps) => (request: FastifyRequest, reply: FastifyReply) =>
  answerSearch(deps, request, reply, { path: '', type: undefined });

/** `Patient/[id]/[type]` and `Patient/[id]/*`; by form with `/_search` behind it. */
export const searchCompartment = (deps: Deps) => (request: FastifyRequest, reply: FastifyReply) => {
  const { type: compartment, id, within } = request.params as { type: string; id: string; within: string };
  if (requireType(compartment) !== 'Patient')
    throw fhirError(
      400,
      'not-supported',
      'Compartments of patients are searched here, and no others.',
      'http.path',
    );
  requireId(id);
  const type = within === '*' ? undefined : requireType(within);
  return answerSearch(deps, request, reply, { path: `Patient/${id}/${within}`, type, person: id });
};

async function answerSearch(deps: Deps, request: FastifyRequest, reply: FastifyReply, asked: Asked) {
  const context = requireContext(request);
  const given = [...pairsOf(queryOf(request.url)), ...pairsOf(formOf(request))];
  const handledLeniently = /\bhandling=lenient\b/.test(String(request.headers.prefer ?? ''));
  return sendAnswer(reply, await searchAnswer(deps, context, asked, given, handledLeniently));
}

/** What a search answers, whoever carries it: the door, or an entry of a Bundle. */
export async function searchAnswer(
  deps: Deps,
  asking: RequestContext,
  asked: Asked,
  given: readonly NamedValue[],
  handledLeniently: boolean,
): Promise<FhirAnswer> {
  const page = given.find(([name]) => name === '_page')?.[1];
  const link = page === undefined ? undefined : await openPageLink(deps, asking.who, page);
  if (link !== undefined && (link.path !== asked.path || given.length > 1))
    throw fhirError(400, 'value', 'A link to a page is followed as it was given.', 'http._page');
  const lenient = link?.lenient ?? handledLeniently;
  const sent = link?.pairs ?? given;
  const first = await readQuery(asked, sent, lenient, deps);
  const context = await withAuthorities(deps, asking, peopleNamed(asked, first));
  const followed = followMerges(context, sent);
  const query = followed === sent ? first : await readQuery(asked, followed, lenient, deps);
  const opened = searchScopeOf(context);
  const rule = requireOpen(query, opened);
  const people = asked.person === undefined ? undefined : withJoined(context, asked.person);
  const stored = await findHits(deps, opened, query, people, link);
  const made =
    asked.type === 'Provenance' && link === undefined
      ? await findProvenance(deps, context, query, asked.person)
      : [];
  const limit = query.summary === 'count' ? 0 : (query.count ?? defaultCount);
  const hits = withMade(stored, made.slice(0, limit), made.length);
  const included =
    query.includes.length === 0 || stored.found.length === 0
      ? { found: [], cut: false }
      : await findIncluded(deps, opened.scope, query.includes, stored.found);
  await recordLooksAtPeople(
    deps,
    context,
    [...hits.found, ...included.found],
    {
      event: 'search',
      basis: rule,
      query: `${asked.path}?${[...new Set(query.used.map(([name]) => name))].join('&')}`,
    },
    homeOf(context, rule),
  );
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const links = await linksOf(deps, context, asked, query, { lenient, page, ...hits });
  const entries = [
    ...hits.found.map((found) => entryText(base, found, 'match', query)),
    ...included.found.map((found) => entryText(base, found, 'include', query)),
    ...outcomeEntries(query, included.cut || (limit > 0 && made.length > limit)),
  ];
  const total = query.total === 'none' ? undefined : hits.total;
  const body = bundleText('searchset', { ...(total === undefined ? {} : { total }), link: links }, entries);
  return { status: 200, headers: {}, body };
}

/** The records that the address or every part of the search names; undefined where it goes over all. */
function peopleNamed(asked: Asked, { filters }: SearchQuery): readonly string[] | undefined {
  if (asked.person !== undefined) return [asked.person];
  const named = filters.map(({ patients }) => patients);
  return named.every((one) => one !== undefined) ? [...new Set(named.flat())] : undefined;
}

interface Hits {
  readonly found: readonly FoundResource[];
  readonly total: number | undefined;
  readonly next: SearchCursor | undefined;
}

async function findHits(
  deps: Deps,
  { scope }: OpenedScope,
  query: SearchQuery,
  people: readonly string[] | undefined,
  link: { after: SearchCursor; total: number | undefined } | undefined,
): Promise<Hits> {
  const { db } = deps;
  const limit = query.summary === 'count' ? 0 : (query.count ?? defaultCount);
  if (limit === 0) {
    const total = await countHits(db, scope, query, countedAtMost, people);
    return { found: [], total, next: undefined };
  }
  const page = await searchPage(db, scope, query, {
    limit,
    after: link?.after,
    people,
    sortLimit: sortedAtMost,
  }).catch((error: unknown) => {
    throw error instanceof SearchError ? refusal(error) : error;
  });
  if (link !== undefined) return { ...page, total: link.total };
  if (query.total === 'none') return { ...page, total: undefined };
  if (page.next === undefined) return { ...page, total: page.found.length };
  const most = query.total === 'accurate' ? countedAtMost : countedFreely;
  const counted = await countHits(db, scope, query, most + 1, people);
  return { ...page, total: counted > most ? undefined : counted };
}

/** What is made of the log, before what is stored. */
function withMade(hits: Hits, made: readonly FoundResource[], count: number): Hits {
  if (count === 0) return hits;
  const { found, total } = hits;
  return { ...hits, found: [...made, ...found], total: total === undefined ? undefined : total + count };
}

function pairsOf(text: string): NamedValue[] {
  return text === '' ? [] : [...new URLSearchParams(text)];
}

/** Everything after the first question mark: a second one is part of a value. */
function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

/** The body of a search by form; empty where it is none. */
export function formOf({ method, body }: FastifyRequest): string {
  if (method !== 'POST') return '';
  const text = Buffer.isBuffer(body) ? body.toString('utf8') : typeof body === 'string' ? body : '';
  if (/%00|\0/.test(text))
    throw fhirError(400, 'value', 'A search holds no character with the code 0.', 'http.query');
  return text;
}

async function readQuery(
  asked: Asked,
  pairs: readonly NamedValue[],
  lenient: boolean,
  deps: Deps,
): Promise<SearchQuery> {
  try {
    const codesMeant = await findCodesMeant(deps.db.pool, pairs);
    const query = parseSearch(asked.type, pairs, {
      ownBase: `${deps.config.publicUrl}/fhir/R4`,
      nowMs: deps.now(),
      lenient,
      codesMeant,
    });
    return query;
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    throw refusal(error);
  }
}

function refusal(error: SearchError): Error {
  const code = /costly|too-many/.test(error.code)
    ? 'too-costly'
    : /not-supported|unknown/.test(error.code)
      ? 'not-supported'
      : 'value';
  const place = `http.${error.parameter || 'query'}`;
  return fhirError(400, code, `The search is not understood: ${error.message}.`, place);
}

/** The rule by which it may be searched. Throws 403 when nothing of what is asked for may. */
function requireOpen(query: SearchQuery, { scope, ruleOf }: OpenedScope): string {
  const types = query.filters.flatMap(({ resourceType }) => resourceType ?? resourceTypes);
  const open = types.find((type) => scope(type).length > 0);
  const rule = open === undefined ? undefined : ruleOf(open);
  if (rule === undefined) throw fhirError(403, 'forbidden', 'You may not search this.');
  return rule;
}

/** Finding nothing in one's own record is a look at that record. */
function homeOf({ asker }: RequestContext, rule: string): string {
  const record = asker.kind === 'app' ? asker.inContext : undefined;
  return rule === 'directory' ? '' : (record ?? personOf(asker)?.patientId ?? '');
}

async function linksOf(
  deps: Deps,
  context: RequestContext,
  asked: Asked,
  query: SearchQuery,
  page: Hits & { lenient: boolean; page: string | undefined },
): Promise<{ relation: string; url: string }[]> {
  const address = `${deps.config.publicUrl}/fhir/R4${asked.path === '' ? '' : `/${asked.path}`}`;
  const written = new URLSearchParams(
    query.used.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const first = written === '' ? address : `${address}?${written}`;
  const links = [
    { relation: 'self', url: page.page === undefined ? first : `${address}?_page=${page.page}` },
  ];
  if (page.page !== undefined || page.next !== undefined) links.push({ relation: 'first', url: first });
  if (page.next !== undefined) {
    const { used: pairs } = query;
    const { lenient, next: after, total } = page;
    const sealed = await sealPageLink(deps, context.who, { path: asked.path, pairs, lenient, after, total });
    links.push({ relation: 'next', url: `${address}?_page=${sealed}` });
  }
  return links;
}

function entryText(
  base: string,
  { resourceType, resourceId, content }: FoundResource,
  mode: 'match' | 'include',
  query: SearchQuery,
): string {
  const shown = shownText(content, mode, query);
  return `{"fullUrl":"${base}/${resourceType}/${resourceId}","resource":${shown},"search":{"mode":"${mode}"}}`;
}

/** The stored text as it is, unless less of it was asked for. `_elements` is about the hits alone. */
function shownText(content: string, mode: 'match' | 'include', { summary, elements }: SearchQuery): string {
  const less = summary !== undefined && summary !== 'false' && summary !== 'count' ? summary : undefined;
  const named = mode === 'match' ? elements : undefined;
  if (less === undefined && named === undefined) return content;
  const resource = parseJson(content);
  if (!isResource(resource)) return content;
  const ownElements = named?.map((name) => name.replace(`${resource.resourceType}.`, ''));
  return canonicalJson(subsetOf(resource, { summary: less, elements: ownElements }));
}

/** What of the search was left out, or what of the answer. */
function outcomeEntries(query: SearchQuery, cut: boolean): string[] {
  const issue: OutcomeIssue[] = query.ignored.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: 'This parameter is not known here and was left out of the search.',
    expression: [`http.${/^[\w.:-]{1,64}$/.test(name) ? name : 'query'}`],
  }));
  if (cut)
    issue.push({
      severity: 'warning',
      code: 'incomplete',
      diagnostics: 'More was to be included than one page holds. Ask for fewer matches on a page.',
    });
  if (issue.length === 0) return [];
  return [
    JSON.stringify({ resource: { resourceType: 'OperationOutcome', issue }, search: { mode: 'outcome' } }),
  ];
}
