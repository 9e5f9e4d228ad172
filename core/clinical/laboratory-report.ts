// From what a laboratory entered to what goes into the record: the values with their ranges and flags, and the report that holds them
// together. Pure: ids, clock and the person are the caller's.
import { daysInMonth } from '../record/elements.ts';
import type { Form } from '../forms/form.ts';
import { fieldsOf } from '../forms/form.ts';
import type { AnswerProblem } from '../forms/answers.ts';
import { extract } from '../forms/extract.ts';
import { quantityOf } from '../forms/extract-measures.ts';
import { said } from '../forms/making.ts';
import { codingOfField } from '../forms/questionnaire.ts';
import { isJsonObject, numberOf } from '../fhir/json.ts';
import type { JsonNumber, JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import type { Field } from '../forms/form.ts';
import type { Flag } from './flags.ts';
import { criticalLimit, flagOf, flagWords, isCritical } from './flags.ts';
import type { Measured, ReferenceRange } from './reference-ranges.ts';
import { referenceRange } from './reference-ranges.ts';

/** Of a laboratory's own, where it has one; it goes before ours. Without bounds it says how it was measured, and ours stays. */
export interface OwnRange {
  readonly low?: JsonNumber;
  readonly high?: JsonNumber;
  readonly method?: string;
}

/** What a laboratory is shown before it writes its own: our range for this person, by form and field. */
export function shownRanges(form: Form, person: Measured): Record<string, ReferenceRange> {
  return Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const range = referenceRange(`${form.id}.${field.id}`, person, field.bands);
      return range === undefined ? [] : [[field.id, range]];
    }),
  );
}

export interface ReportInput {
  /** Absent: a report in words, as radiology writes it. */
  readonly panel?: { readonly form: Form; readonly response: Resource };
  readonly ranges: Readonly<Record<string, OwnRange>>;
  readonly conclusion?: string;
  readonly kind: 'laboratory' | 'radiology';
  readonly patientId: string;
  readonly person: Measured;
  /** The ServiceRequest as it stands. */
  readonly order: Resource & { readonly id: string };
  readonly specimenId?: string;
  readonly laboratory: { readonly id: string; readonly name: string };
  /** FHIR instants. */
  readonly takenAt: string;
  readonly issuedAt: string;
  /** Ids of an earlier edition by what they are of, so that a correction becomes a version and not a second result. */
  readonly ids: Readonly<Record<string, string>>;
  newId(): string;
}

export interface LaboratoryReport {
  /** Observations, and last the DiagnosticReport. Each has its id. */
  readonly resources: readonly (Resource & { readonly id: string })[];
  readonly ids: Readonly<Record<string, string>>;
  readonly reportId: string;
  readonly critical: boolean;
}

/** Whether every field of it is a laboratory's: only those are entered by one. */
export function isLaboratoryForm(form: Form): boolean {
  return form.groups.every(
    ({ as, fields }) => as === undefined && fields.every((field) => field.as === 'laboratory'),
  );
}

/** Age at a day, in whole months; undefined where the birth date does not say it. */
export function measuredPerson(patient: Resource, day: string): Measured {
  const { gender, birthDate } = patient;
  const sex = gender === 'female' || gender === 'male' ? gender : undefined;
  const ageMonths = typeof birthDate === 'string' ? monthsBetween(birthDate, day) : undefined;
  return { ...(sex ? { sex } : {}), ...(ageMonths === undefined ? {} : { ageMonths }) };
}

function monthsBetween(born: string, day: string): number | undefined {
  const [year = 0, month = 1, on = 1] = born.split('-').map(Number);
  const [nowYear = 0, nowMonth = 1, nowOn = 1] = day.slice(0, 10).split('-').map(Number);
  const turns = Math.min(on, daysInMonth(nowYear, nowMonth));
  const months = (nowYear - year) * 12 + (nowMonth - month) - (nowOn < turns ? 1 : 0);
  return months < 0 ? undefined : months;
}

export function laboratoryReport(
  input: ReportInput,
): { readonly problems: readonly AnswerProblem[] } | LaboratoryReport {
  const { panel, ids } = input;
  const corrects = ids['report'] !== undefined;
  const status = corrects ? 'corrected' : 'final';
  const made = panel === undefined ? [] : valuesOf(input, panel);
  if (!Array.isArray(made)) return made;
  const known: Record<string, string> = { ...ids };
  const idOf = (what: string): string => (known[what] ??= input.newId());
  const reportId = idOf('report');
  const values = made.map(({ measure, resource }) => ({
    ...resource,
    status: ids[measure] === undefined ? 'final' : status,
    id: idOf(measure),
  }));
  const given = new Set(made.map(({ measure }) => measure));
  const { order, specimenId, laboratory } = input;
  const report: Resource & { id: string } = {
    resourceType: 'DiagnosticReport',
    id: reportId,
    status,
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v2-0074',
            code: input.kind === 'laboratory' ? 'LAB' : 'RAD',
          },
        ],
      },
    ],
    code: order['code'] ?? { text: panel?.form.words[0] ?? 'Report' },
    ...shared(input),
    ...said({
      effectiveDateTime: input.takenAt,
      specimen: specimenId ? [{ reference: `Specimen/${specimenId}` }] : undefined,
      result: values.length > 0 ? values.map(({ id }) => ({ reference: `Observation/${id}` })) : undefined,
      conclusion: input.conclusion,
    }),
    performer: [{ reference: `Organization/${laboratory.id}`, display: laboratory.name }],
  };
  // A value that a correction leaves out was never right: it says so itself, and its earlier version stays.
  const gone = Object.entries(ids).filter(([what]) => what.includes('.') && !given.has(what));
  return {
    resources: [...values, ...gone.map(([what, id]) => withdrawn(input, what, id)), report],
    ids: known,
    reportId,
    critical: made.some(({ flag }) => isCritical(flag)),
  };
}

interface Value {
  readonly measure: string;
  readonly flag: Flag | undefined;
  readonly resource: Resource;
}

function valuesOf(
  input: ReportInput,
  { form, response }: NonNullable<ReportInput['panel']>,
): Value[] | { problems: readonly AnswerProblem[] } {
  let next = 0;
  const { problems, extracted } = extract(form, response, {
    patientId: input.patientId,
    now: input.issuedAt,
    authored: input.takenAt,
    response: 'QuestionnaireResponse/none',
    newUrl: () => `urn:uuid:${next++}`,
  });
  if (problems.length > 0) return { problems };
  if (extracted.length === 0) return { problems: [{ linkId: form.id, code: 'missing' }] };
  const fields = new Map(fieldsOf(form).map((field) => [codeOf(codingOfField(form, field)), field]));
  return extracted.flatMap(({ resource }): Value[] => {
    const coding = (resource['code'] as { coding: JsonObject[] }).coding[0] ?? {};
    const field = fields.get(codeOf(coding));
    return field === undefined ? [] : [valueOf(input, form, field, resource)];
  });
}

const codeOf = ({ system, code }: JsonObject): string => `${textOf(system)}|${textOf(code)}`;
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

function valueOf(input: ReportInput, form: Form, field: Field, from: Resource): Value {
  const { derivedFrom: _derived, referenceRange: _range, interpretation: _said, ...resource } = from;
  const measure = `${form.id}.${field.id}`;
  const quantity = resource['valueQuantity'] as { value: JsonNumber } | undefined;
  const value = quantity === undefined ? Number.NaN : numberOf(quantity.value);
  const given = input.ranges[field.id];
  const own = given?.low === undefined && given?.high === undefined ? undefined : given;
  const ours = referenceRange(measure, input.person, field.bands);
  const range = own === undefined ? ours : ownRange(own);
  const flag = flagOf(value, range, criticalLimit(measure, input.person));
  return {
    measure,
    flag,
    resource: {
      ...resource,
      ...shared(input),
      ...said({
        specimen: input.specimenId ? { reference: `Specimen/${input.specimenId}` } : undefined,
        referenceRange: Number.isNaN(value)
          ? undefined
          : rangeElement(field, range, own, input.laboratory.name),
        interpretation: flag === undefined ? undefined : [interpretation(flag)],
        method: given?.method === undefined ? undefined : { text: given.method },
      }),
      performer: [{ reference: `Organization/${input.laboratory.id}`, display: input.laboratory.name }],
    },
  };
}

function shared({ order, patientId, issuedAt }: ReportInput): JsonObject {
  return {
    basedOn: [{ reference: `ServiceRequest/${order.id}` }],
    subject: { reference: `Patient/${patientId}` },
    ...(typeof order['encounter'] === 'object' ? { encounter: order['encounter'] } : {}),
    ...labelsOf(order),
    issued: issuedAt,
  };
}

/** What comes of a sealed order is sealed like it. */
function labelsOf({ meta }: Resource): JsonObject {
  if (!isJsonObject(meta) || !Array.isArray(meta['security'])) return {};
  return { meta: { security: meta['security'] } };
}

const boundOf = (value: JsonNumber | undefined): number | undefined =>
  value === undefined ? undefined : numberOf(value);

function ownRange({ low, high }: OwnRange): Pick<ReferenceRange, 'low' | 'high'> {
  const [from, to] = [boundOf(low), boundOf(high)];
  return { ...(from === undefined ? {} : { low: from }), ...(to === undefined ? {} : { high: to }) };
}

function rangeElement(
  field: Field,
  range: Partial<ReferenceRange> | undefined,
  own: OwnRange | undefined,
  laboratory: string,
): JsonValue | undefined {
  if (range === undefined || (range.low === undefined && range.high === undefined)) return undefined;
  const { low, high, of, source } = range;
  return [
    said({
      low: low === undefined ? undefined : quantityOf(field, own?.low ?? low),
      high: high === undefined ? undefined : quantityOf(field, own?.high ?? high),
      appliesTo: of ? [{ text: of[0] }] : undefined,
      text: source ? `${source.name}, ${source.year}` : `Range of ${laboratory}`,
    }),
  ];
}

function interpretation(flag: Flag): JsonObject {
  return {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
        code: flag,
        display: flagWords[flag],
      },
    ],
  };
}

function withdrawn(input: ReportInput, measure: string, id: string): Resource & { id: string } {
  return {
    resourceType: 'Observation',
    id,
    status: 'entered-in-error',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
        ],
      },
    ],
    code: { text: measure.split('.')[1] ?? measure },
    ...shared(input),
    effectiveDateTime: input.takenAt,
    dataAbsentReason: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'error' }],
    },
    performer: [{ reference: `Organization/${input.laboratory.id}`, display: input.laboratory.name }],
  };
}
