// A record as a timeline: how much there is in each month, the entries of some months, and those in which words stand. Decided as a search
// is; each answer is a look. What is searched for comes in the body, never in an address.
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { categories, partNumber } from '../../core/access/categories.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { parseSearch } from '../../core/fhir/search-query.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { partialDate } from '../../core/record/elements.ts';
import type { TimelineEntry, TimelineKind } from '../../core/timeline/timeline-entry.ts';
import { isTimelineKind, timelineEntry, timelineKinds } from '../../core/timeline/timeline-entry.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import { authorSystem } from '../storage/prepare-version.ts';
import type { TimelineAsked, TimelineRow } from '../storage/timeline-store.ts';
import { countMonths, listPlaces, listTimeline } from '../storage/timeline-store.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { joinedTo, withAuthorities } from './authorise.ts';
import { recordLooksAtPeople } from './looks.ts';
import { searchScopeOf } from './search-scope.ts';

/** Entries of one answer. */
const pageLimit = 200;
/** Rows that are looked through for words in one request. */
const lookedThrough = 2_000;
const mostFound = 100;

/** Whose words, by the author tags: of the person and their guardians, of everybody else, or of one kind of these. */
const authors: Readonly<Record<string, readonly string[]>> = {
  self: ['patient', 'guardian'],
  others: ['professional', 'organization', 'import'],
  professional: ['professional'],
  organization: ['organization'],
  import: ['import'],
};

export interface TimelineAnswerEntry extends TimelineEntry {
  readonly version: number;
  /** Day it stands under, `YYYY-MM-DD`. */
  readonly day: string;
  /** Author tag that the server set. */
  readonly by: string;
  readonly entryId: string;
  readonly recordedAt: string;
}

interface Asked {
  readonly kinds: readonly TimelineKind[];
  /** A key of `authors`. */
  readonly by: string | undefined;
  /** Key of a place. */
  readonly at?: string;
}

/** A name of a place may tell of an illness: in an address stands its digest. */
const placeKey = (name: string): string => hash('sha256', name).slice(0, 16);

interface Opened extends TimelineAsked {
  readonly patientId: string;
  readonly context: RequestContext;
  readonly rule: string;
}

/** `GET /api/timeline/months?patient=&kind=&by=&at=`: newest first, `{ months: [{ month, count }], kinds: { visits: n }, places: [{ key, name, count }] }`. */
export const timelineMonths = (deps: Deps) => async (request: FastifyRequest) => {
  const asked = await open(deps, request, kindsAsked(request));
  const [counts, places] = await Promise.all([countMonths(deps.db.asks, asked), placesOf(deps, asked)]);
  await recordLooksAtPeople(
    deps,
    asked.context,
    [],
    { event: 'search', basis: asked.rule, query: 'timeline months' },
    asked.patientId,
  );
  const months = new Map<string, number>();
  const kinds: Partial<Record<TimelineKind, number>> = {};
  for (const { month, part, count } of counts) {
    months.set(month, (months.get(month) ?? 0) + count);
    const kind = categories[part % 100];
    if (kind !== undefined && isTimelineKind(kind)) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return {
    months: [...months].map(([month, count]) => ({ month, count })),
    kinds,
    places: places.map((place) => ({ key: placeKey(place.name), ...place })),
  };
};

/** `GET /api/timeline?from=2026-01&to=2026-11&…`: `{ entries, next? }`, newest first; `next` is given back as `after`. */
export const timeline = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { from, to, after } = request.query as Record<string, unknown>;
  const asked = await open(deps, request, kindsAsked(request));
  const rows = await listTimeline(deps.db.asks, asked, {
    from: monthAsked('from', from),
    to: monthAsked('to', to),
    after: placeAsked(after),
    limit: pageLimit + 1,
  });
  const shown = rows.slice(0, pageLimit);
  await look(deps, asked, shown);
  const last = rows.length > pageLimit ? shown.at(-1) : undefined;
  return reply.header('cache-control', 'no-store').send({
    entries: shown.flatMap(answerEntry),
    ...(last ? { next: `${last.day}_${last.resourceId}` } : {}),
  });
};

/** `POST /api/timeline/search {words, patient?, kind?, by?, at?}`: the newest in which all the words stand, `{ entries, more }`. */
export const timelineSearch = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const body = (request.body ?? {}) as Record<string, unknown>;
  const words = typeof body['words'] === 'string' ? wordsOf(body['words']) : [];
  const longest = words.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined || longest.length < 2)
    throw new ApiError(422, 'words-too-short', 'Give a word of at least two letters.');
  const asked = await open(deps, request, kindsIn(body['kind'], body['by'], body['at']), body['patient']);
  const rows = await listTimeline(deps.db.pool, asked, { containing: longest, limit: lookedThrough });
  const found: TimelineRow[] = [];
  for (const row of rows) {
    const [entry] = answerEntry(row);
    if (entry !== undefined && words.every((word) => wordsIn(entry).includes(word))) found.push(row);
    if (found.length > mostFound) break;
  }
  const shown = found.slice(0, mostFound);
  await look(deps, asked, shown);
  return reply.header('cache-control', 'no-store').send({
    entries: shown.flatMap(answerEntry),
    more: found.length > mostFound || rows.length === lookedThrough,
  });
};

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .slice(0, 200)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 8);

function wordsIn({ title, titleIn, value, lines, who, place }: TimelineEntry): string {
  return [title, titleIn?.hi, value, ...lines, who, place]
    .filter((one) => one !== undefined)
    .join('\n')
    .normalize('NFC')
    .toLowerCase();
}

function answerEntry(row: TimelineRow): TimelineAnswerEntry[] {
  const resource = parseJson(row.content) as Resource;
  const entry = timelineEntry(resource);
  if (entry === undefined) return [];
  const tags = (resource.meta as { tag?: { system?: unknown; code?: unknown }[] } | undefined)?.tag ?? [];
  const author = tags.find(({ system }) => system === authorSystem)?.code;
  return [
    {
      ...entry,
      version: row.version,
      day: row.day,
      by: typeof author === 'string' ? author : 'import',
      entryId: row.entryId,
      recordedAt: row.lastUpdated.toISOString(),
    },
  ];
}

async function open(
  deps: Deps,
  request: FastifyRequest,
  { kinds, by, at }: Asked,
  named?: unknown,
): Promise<Opened> {
  const actor = requirePerson(request);
  const patientId =
    typeof named === 'string' && named !== '' ? named.slice(0, 64) : patientNamed(request, actor);
  const context = await withAuthorities(deps, requireContext(request), [patientId]);
  const { scope, ruleOf } = searchScopeOf(context);
  const patientIds = [patientId, ...(patientId === actor.patientId ? joinedTo(context, patientId) : [])];
  const mine = (type: string): ReturnType<typeof scope> => {
    const allowed = scope(type);
    if (allowed === 'everyone') return [patientId];
    return allowed.filter((one) => patientIds.includes(typeof one === 'string' ? one : one.patientId));
  };
  const rule = mine('Encounter').length > 0 ? ruleOf('Encounter') : ruleOf('Observation');
  if (rule === undefined || !timelineTypes.some((type) => mine(type).length > 0))
    throw new ApiError(404, 'not-found', 'There is no such record, or you may not see it.');
  const pairs =
    by === undefined
      ? []
      : [['_tag', (authors[by] ?? []).map((code) => `${authorSystem}|${code}`).join(',')] as const];
  const { filters } = parseSearch('Basic', pairs, { nowMs: deps.now() });
  const opened: Opened = {
    context,
    rule,
    scope: mine,
    patientId,
    patientIds,
    parts: partsOf(kinds),
    condition: filters[0]?.condition ?? { kind: 'and', of: [] },
  };
  if (at === undefined) return opened;
  const places = await placesOf(deps, opened);
  const place = places.find(({ name }) => placeKey(name) === at);
  if (place === undefined)
    throw new ApiError(422, 'place-unknown', 'Give back the key that the months named.');
  return { ...opened, at: place.name };
}

const partsOf = (kinds: readonly TimelineKind[]): readonly number[] =>
  kinds.flatMap((kind) => [partNumber(kind, false), partNumber(kind, true)]);

/** Of every kind and author: a place that was chosen stays among them, whatever else is. */
const placesOf = (deps: Deps, opened: Opened) =>
  listPlaces(deps.db.asks, { ...opened, parts: partsOf(timelineKinds), condition: { kind: 'and', of: [] } });

/** Whoever may see none of these sees no timeline. */
const timelineTypes = [
  'Encounter',
  'Observation',
  'Condition',
  'MedicationRequest',
  'Immunization',
  'DocumentReference',
];

async function look(
  deps: Deps,
  { context, rule, patientId }: Opened,
  shown: readonly TimelineRow[],
): Promise<void> {
  await recordLooksAtPeople(
    deps,
    context,
    shown,
    { event: 'search', basis: rule, query: 'timeline' },
    patientId,
  );
}

function kindsAsked(request: FastifyRequest): ReturnType<typeof kindsIn> {
  const { kind, by, at } = request.query as Record<string, unknown>;
  return kindsIn(kind, by, at);
}

function kindsIn(kind: unknown, by: unknown, at: unknown): Asked {
  const named =
    kind === undefined || kind === '' ? timelineKinds : typeof kind === 'string' ? kind.split(',') : [];
  const kinds = named.filter(isTimelineKind);
  if (kinds.length === 0 || kinds.length !== named.length)
    throw new ApiError(422, 'kind-unknown', `The kinds are ${timelineKinds.join(', ')}.`);
  if (by !== undefined && by !== '' && !(typeof by === 'string' && Object.hasOwn(authors, by)))
    throw new ApiError(422, 'author-unknown', `One of ${Object.keys(authors).join(', ')}.`);
  if (at !== undefined && at !== '' && (typeof at !== 'string' || !/^[0-9a-f]{16}$/.test(at)))
    throw new ApiError(422, 'place-unknown', 'Give back the key that the months named.');
  return {
    kinds,
    by: typeof by === 'string' && by !== '' ? by : undefined,
    ...(typeof at === 'string' && at !== '' ? { at } : {}),
  };
}

function monthAsked(name: string, value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && /^[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(value)) return value;
  throw new ApiError(422, 'month-unreadable', `${name} is a month such as 2026-11.`);
}

function placeAsked(value: unknown): { day: string; resourceId: string } | undefined {
  if (value === undefined || value === '') return undefined;
  const [, day, resourceId] =
    (typeof value === 'string' && /^(\d{4}-\d{2}-\d{2})_([A-Za-z0-9.-]{1,64})$/.exec(value)) || [];
  if (day === undefined || resourceId === undefined || partialDate(day) === undefined)
    throw new ApiError(422, 'place-unreadable', 'Give back the place that the page before named.');
  return { day, resourceId };
}
