// Measured values of a record over time: what can be drawn as one line, oldest first. A value that was entered in error is not there,
// and values of different units never share a line.
import { DecimalLiteral, isJsonObject, numberOf } from '../fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { authorTag, loinc } from './code-systems.ts';
import { shownNumber } from './shown-number.ts';

export interface SeriesPoint {
  /** As the record has it: a date or an instant. */
  readonly at: string;
  readonly value: number;
  /** `<`, `<=`, `>=` or `>` where the value itself is not known, only that it lies beyond this one. */
  readonly comparator?: string;
  /** Of a blood pressure: the lower one. */
  readonly lower?: number;
  readonly low?: number;
  readonly high?: number;
  /** HL7 v3 ObservationInterpretation. */
  readonly flag?: string;
  /** Code of the author tag. */
  readonly by: string;
  readonly who?: string;
  readonly id: string;
  readonly corrected: boolean;
}

export interface Series {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly kind: 'line' | 'pressure';
  readonly group: 'vital-signs' | 'laboratory';
  readonly points: readonly SeriesPoint[];
}

const objects = (value: JsonValue | undefined): JsonObject[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(isJsonObject);
const text = (value: JsonValue | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const number = (value: JsonValue | undefined): number | undefined => {
  const read = typeof value === 'number' || value instanceof DecimalLiteral ? numberOf(value) : Number.NaN;
  return Number.isFinite(read) ? read : undefined;
};

interface Named {
  readonly key: string;
  readonly title: string;
}

function named(code: JsonValue | undefined): Named | undefined {
  const [concept] = objects(code);
  if (concept === undefined) return undefined;
  const [coding] = objects(concept['coding']);
  const title = text(concept['text']) ?? text(coding?.['display']) ?? text(coding?.['code']);
  if (title === undefined) return undefined;
  const system = text(coding?.['system']);
  return { key: system === undefined ? title : `${system}|${text(coding?.['code']) ?? ''}`, title };
}

const pressureCodes = {
  upper: new Set([`${loinc}|8480-6`, 'urn:medallion:form-field|general.systolic']),
  lower: new Set([`${loinc}|8462-4`, 'urn:medallion:form-field|general.diastolic']),
};

/** A value as it is read, of a blood pressure both: "5.43", "118/76". */
export const pointText = ({
  value,
  lower,
  comparator = '',
}: Pick<SeriesPoint, 'value' | 'lower' | 'comparator'>): string =>
  comparator + [value, ...(lower === undefined ? [] : [lower])].map(shownNumber).join('/');

/** Of a FHIR record, most points first within vital signs and laboratory. */
export function seriesOf(resources: readonly Resource[]): readonly Series[] {
  const found = new Map<string, Omit<Series, 'points'> & { points: SeriesPoint[] }>();
  for (const resource of resources) {
    if (resource.resourceType !== 'Observation') continue;
    if (resource['status'] === 'entered-in-error' || resource['status'] === 'cancelled') continue;
    const at = text(resource['effectiveDateTime']) ?? text(resource['issued']);
    const what = named(resource['code']);
    const categories = objects(resource['category']).flatMap((one) => objects(one['coding']));
    const group = categories.some((one) => one['code'] === 'vital-signs') ? 'vital-signs' : 'laboratory';
    if (at === undefined || what === undefined || !isMeasure(categories)) continue;
    const shared = {
      at,
      by: authorOf(resource),
      id: text(resource['id']) ?? '',
      corrected: resource['status'] === 'corrected' || resource['status'] === 'amended',
      ...optional('who', text(objects(resource['performer'])[0]?.['display'])),
      ...optional('flag', text(objects(objects(resource['interpretation'])[0]?.['coding'])[0]?.['code'])),
    };
    const pressure = pressureOf(resource);
    if (pressure) {
      add(
        { key: 'pressure', title: what.title, unit: pressure.unit, kind: 'pressure', group },
        {
          ...shared,
          value: pressure.upper,
          lower: pressure.lower,
        },
      );
      continue;
    }
    const quantity = objects(resource['valueQuantity'])[0];
    const value = number(quantity?.['value']);
    if (quantity === undefined || value === undefined) continue;
    const unit = unitOf(quantity);
    const range = objects(resource['referenceRange']);
    const only = range.length === 1 ? range[0] : undefined;
    add(
      { key: `${what.key} ${unit}`, title: what.title, unit, kind: 'line', group },
      {
        ...shared,
        value,
        ...optional('comparator', comparatorOf(quantity)),
        ...optional('low', number(objects(only?.['low'])[0]?.['value'])),
        ...optional('high', number(objects(only?.['high'])[0]?.['value'])),
      },
    );
  }
  return [...found.values()]
    .map((one) => ({ ...one, points: one.points.toSorted(byTime) }))
    .toSorted((a, b) => order(a) - order(b) || b.points.length - a.points.length || (a.key < b.key ? -1 : 1));

  function add(line: Omit<Series, 'points'>, point: SeriesPoint): void {
    const known = found.get(line.key);
    if (known) known.points.push(point);
    else found.set(line.key, { ...line, points: [point] });
  }
}

const order = ({ group }: Pick<Series, 'group'>): number => (group === 'vital-signs' ? 0 : 1);
const byTime = (a: SeriesPoint, b: SeriesPoint): number =>
  timeOf(a.at) - timeOf(b.at) || (a.id < b.id ? -1 : 1);

/** Epoch milliseconds; a date, a month and a year count with their first moment. */
export function timeOf(at: string): number {
  const read = Date.parse(at);
  return Number.isNaN(read) ? 0 : read;
}

function isMeasure(categories: readonly JsonObject[]): boolean {
  const codes = categories.map((one) => one['code']);
  return codes.length === 0 || codes.includes('vital-signs') || codes.includes('laboratory');
}

function authorOf(resource: Resource): string {
  const meta = isJsonObject(resource['meta']) ? resource['meta'] : {};
  const tag = objects(meta['tag']).find(({ system }) => system === authorTag);
  return text(tag?.['code']) ?? 'import';
}

/** UCUM writes what is only counted in braces, and a plain number as 1: neither is a unit to read. */
function unitOf(quantity: JsonObject | undefined): string {
  const unit = text(quantity?.['unit']) ?? text(quantity?.['code']) ?? '';
  return unit === '1' || /^\{.*\}$/.test(unit) ? '' : unit;
}

function comparatorOf(quantity: JsonObject): string | undefined {
  const written = text(quantity['comparator']);
  return written !== undefined && ['<', '<=', '>=', '>'].includes(written) ? written : undefined;
}

function pressureOf(resource: Resource): { upper: number; lower: number; unit: string } | undefined {
  const parts = objects(resource['component']).flatMap((one) => {
    const key = named(one['code'])?.key ?? '';
    const quantity = objects(one['valueQuantity'])[0];
    const value = number(quantity?.['value']);
    return value === undefined ? [] : [{ key, value, unit: unitOf(quantity) }];
  });
  const upper = parts.find(({ key }) => pressureCodes.upper.has(key));
  const lower = parts.find(({ key }) => pressureCodes.lower.has(key));
  if (upper === undefined || lower === undefined) return undefined;
  return { upper: upper.value, lower: lower.value, unit: upper.unit };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}
