// When the care that a resource speaks of took place, for $everything between two dates: not when it was recorded here.
import { dateRange, earliestMs, latestMs } from './dates.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

/** Who somebody is and who cares for them holds at all times. */
const timeless = new Set([
  'Patient',
  'RelatedPerson',
  'Person',
  'CareTeam',
  'Consent',
  'Coverage',
  'Flag',
  'Device',
]);
/** These last until something says that they are over. */
const lasting = new Set(['Condition', 'AllergyIntolerance']);

const moments =
  /^(effective|onset|abatement|performed|occurrence|serviced|occurred|collected)(DateTime|Date|Instant|Period|Timing)$|^(period|billablePeriod|date|dateTime|authoredOn|created|sent|received|whenHandedOver|whenPrepared|start|end|started|startDate|recordedDate|recorded|issued)$/;
/** Where a type keeps its dates one storey deeper. */
const deeper = new Set(['collection', 'context']);

interface Span {
  lowMs: number;
  highMs: number;
}

/** First and last millisecond; undefined for what has no date of care, which belongs to every time. */
export function careSpan(resource: Resource): Span | undefined {
  if (timeless.has(resource.resourceType)) return undefined;
  const spans = spansOf(resource, 0);
  const [first] = spans;
  if (first === undefined) return undefined;
  const lasts =
    lasting.has(resource.resourceType) && !Object.keys(resource).some((name) => name.startsWith('abatement'));
  return {
    lowMs: spans.reduce((low, span) => Math.min(low, span.lowMs), first.lowMs),
    highMs: lasts ? latestMs : spans.reduce((high, span) => Math.max(high, span.highMs), first.highMs),
  };
}

function spansOf(object: JsonObject, depth: number): Span[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (moments.test(name)) return spanOf(value);
    return depth === 0 && deeper.has(name) && isJsonObject(value) ? spansOf(value, 1) : [];
  });
}

function spanOf(value: JsonValue): Span[] {
  if (typeof value === 'string') {
    const range = dateRange(value);
    return range === undefined ? [] : [range];
  }
  if (!isJsonObject(value)) return [];
  const { start, end, event, repeat } = value;
  if (typeof start === 'string' || typeof end === 'string') {
    const low = typeof start === 'string' ? dateRange(start)?.lowMs : undefined;
    const high = typeof end === 'string' ? dateRange(end)?.highMs : undefined;
    return [{ lowMs: low ?? earliestMs, highMs: high ?? latestMs }];
  }
  const bounds = isJsonObject(repeat) ? repeat['boundsPeriod'] : undefined;
  return [
    ...(Array.isArray(event) ? event.flatMap(spanOf) : []),
    ...(bounds === undefined ? [] : spanOf(bounds)),
  ];
}

export function isWithin(span: Span | undefined, startMs: number, endMs: number): boolean {
  return span === undefined || (span.lowMs <= endMs && span.highMs >= startMs);
}
