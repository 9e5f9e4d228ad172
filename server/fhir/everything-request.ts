// What $everything is asked for, by GET or POST: read once, and refused by name where it is not understood.
import type { FastifyRequest } from 'fastify';
import { dateRange } from '../../core/fhir/dates.ts';
import type { JsonValue } from '../../core/fhir/types.ts';
import type { Subset } from '../../core/fhir/subset.ts';
import { fhirError } from '../errors.ts';
import type { CompartmentKey } from '../storage/everything-store.ts';
import { readResource } from './body.ts';
import { readParameters } from './parameters.ts';
import { viewOf } from './prefer.ts';
import { requireType } from './resource-types.ts';

export interface EverythingRequest {
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly sinceMs: number | undefined;
  readonly types: readonly string[];
  readonly count: number;
  /** As much of each resource as was asked for; undefined for all of it. */
  readonly viewOf: ((resourceType: string) => Subset) | undefined;
  readonly after: CompartmentKey;
  /** Name and text of what was given, for the links of the answer. */
  readonly given: readonly (readonly [string, string])[];
}

const usualCount = 500;
export const largestCount = 1000;
const names = ['start', 'end', '_since', '_type', '_count', '_summary', '_elements', 'after'] as const;
type Name = (typeof names)[number];

const kinds = {
  start: { value: 'valueDate' },
  end: { value: 'valueDate' },
  _since: { value: 'valueInstant' },
  _type: { value: 'valueCode', many: true },
  _count: { value: 'valueInteger' },
} as const;

export function readEverything(request: FastifyRequest): EverythingRequest {
  const given = new Map<Name, string>();
  const add = (name: string, value: string): void => {
    const known = names.find((one) => one === name);
    if (known === undefined)
      throw fhirError(
        400,
        'not-supported',
        '$everything takes start, end, _since, _type, _count, _summary and _elements here.',
        'http.query',
      );
    if (given.has(known) && known !== '_type')
      throw fhirError(400, 'value', 'Each parameter of $everything is given once.', `http.${known}`);
    given.set(known, given.has(known) ? `${given.get(known) ?? ''},${value}` : value);
  };
  const query = request.url.indexOf('?');
  for (const [name, value] of new URLSearchParams(query < 0 ? '' : request.url.slice(query + 1)))
    if (name !== '_format' && name !== '_pretty') add(name, value);
  if (request.method === 'POST' && Buffer.isBuffer(request.body) && request.body.length > 0)
    for (const [name, values] of readParameters(readResource(request), kinds))
      for (const value of values) add(name, scalar(value, name));
  return judge(given);
}

function scalar(value: JsonValue, name: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw fhirError(400, 'value', `${name} is of another type.`, `http.${name}`);
}

function judge(given: ReadonlyMap<Name, string>): EverythingRequest {
  const rangeOf = (name: Name) => {
    const text = given.get(name);
    const range = text === undefined ? undefined : dateRange(text);
    if (text !== undefined && range === undefined)
      throw fhirError(400, 'value', `${name} is a date or a time.`, `http.${name}`);
    return range;
  };
  const count = given.get('_count');
  const counted = count === undefined ? usualCount : /^[1-9][0-9]{0,8}$/.test(count) ? Number(count) : 0;
  if (counted === 0) throw fhirError(400, 'value', '_count is a whole number from 1.', 'http._count');
  return {
    startMs: rangeOf('start')?.lowMs,
    endMs: rangeOf('end')?.highMs,
    sinceMs: rangeOf('_since')?.lowMs,
    types: given.get('_type')?.split(',').map(requireType) ?? [],
    count: Math.min(counted, largestCount),
    viewOf: readView(given.get('_summary'), given.get('_elements')),
    after: readPlace(given.get('after')),
    given: [...given].filter(([name]) => name !== 'after' && name !== '_count'),
  };
}

/** Where the page before ended; before everything where nothing is given. */
export function readPlace(after: string | undefined): CompartmentKey {
  const [, patientId = '', resourceType = '', resourceId = ''] =
    /^(?:([A-Za-z0-9\-.]{1,64})\/)?([A-Za-z]{1,64})\/([A-Za-z0-9\-.]{1,64})$/.exec(after ?? '') ?? [];
  if (after !== undefined && resourceType === '')
    throw fhirError(400, 'value', 'after is the place that the page before ended with.', 'http.after');
  return { patientId, resourceType, resourceId };
}

function readView(
  summary: string | undefined,
  elements: string | undefined,
): ((resourceType: string) => Subset) | undefined {
  if (elements !== undefined && !/^[A-Za-z.]{1,80}(,[A-Za-z.]{1,80}){0,99}$/.test(elements))
    throw fhirError(400, 'value', '_elements names elements, between commas.', 'http._elements');
  const named = elements?.split(',').map((name) => name.split('.')) ?? [];
  const view = viewOf(summary === undefined ? {} : { _summary: summary }, 'Patient');
  if (view === undefined && elements === undefined) return undefined;
  return (resourceType) => ({
    ...view,
    ...(elements === undefined
      ? {}
      : {
          elements: named.flatMap(([first = '', second]) =>
            second === undefined ? [first] : first === resourceType ? [second] : [],
          ),
        }),
  });
}
