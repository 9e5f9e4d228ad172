// What the timeline says of one resource: words as they stand in it, numbers as they are read, nothing judged. Words of the
// app's own (what kind it is, whether a value is high) are the reader's; knows no language and no page.
import type { Category } from '../access/categories.ts';
import { categoryOf, isSealed } from '../access/categories.ts';
import type { JsonNumber, JsonObject, Resource } from '../fhir/types.ts';
import {
  codedText,
  dateAt,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
  textsAt,
  valueAt,
} from '../record/elements.ts';
import type { PartialDate } from '../record/facts.ts';
import { isNumber, shownNumber } from '../record/shown-number.ts';
import { careDay, careMoment } from './care-day.ts';
import { knownWords } from './known-words.ts';

/** The parts of a record that are care, in the order in which filters name them. */
export const timelineKinds = [
  'visits',
  'results',
  'vital-signs',
  'medicines',
  'vaccinations',
  'imaging',
  'procedures',
  'conditions',
  'allergies',
  'documents',
  'care-plans',
] as const satisfies readonly Category[];
/** Of these parts, but of no time: who cares for somebody, what they carry. */
export const typesOfNoTime: readonly string[] = ['CareTeam', 'Device', 'BodyStructure'];
export type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineEntry {
  readonly type: string;
  readonly id: string;
  readonly kind: TimelineKind;
  /** As much as was written; absent where the resource names no day: it then stands under the day it came. */
  readonly date?: PartialDate;
  /** `HH:MM` where it was written. */
  readonly time?: string;
  /** Absent where the resource does not name itself: its kind then does. */
  readonly title?: string;
  /** The word of our own lists for exactly this, where it is another than the title. */
  readonly titleIn?: { readonly hi: string };
  /** A measured or stated value with its unit. */
  readonly value?: string;
  /** Code of v3-ObservationInterpretation, such as `H`, `LL`, `A`. */
  readonly flag?: string;
  /** Reference range in the words that were written, or `low–high unit`. */
  readonly range?: string;
  /** At most four lines more. */
  readonly lines: readonly string[];
  /** The end of what lasts, `YYYY-MM-DD` or less. */
  readonly until?: string;
  /** FHIR status, or clinical status, where it says that something is not simply so. */
  readonly status?: string;
  readonly who?: string;
  readonly place?: string;
  /** Id of the Encounter it belongs to. */
  readonly visit?: string;
  /** What it gathers, a report its results, as `Type/id`. */
  readonly holds?: readonly string[];
  readonly sealed: boolean;
}

const mostLines = 4;
const mostHeld = 60;
/** Statuses that need no word. */
const plain = new Set([
  'final',
  'finished',
  'completed',
  'active',
  'current',
  'recorded',
  'confirmed',
  'available',
]);

type Numbers = (value: JsonNumber) => string;

/**
 * Undefined for what is not care: who somebody is, insurance, messages, sharing.
 * @param numbers how they are said: for a list as they are read, and where the whole entry is opened with all their digits
 */
export function timelineEntry(resource: Resource, numbers: Numbers = shownNumber): TimelineEntry | undefined {
  const kind = categoryOf(resource);
  if (!isTimelineKind(kind) || typesOfNoTime.includes(resource.resourceType)) return undefined;
  const { resourceType: type, id } = resource;
  const { title: written, lines } = sayingOf(resource, numbers);
  const named = objectsAt(resource, namedBy[type] ?? 'code')[0];
  const known = codedText(named)?.text === written ? knownWords(type, named) : undefined;
  const title = known?.title ?? written;
  const status = statusOf(resource);
  return {
    type,
    id: typeof id === 'string' ? id : '',
    kind,
    ...careMoment(resource),
    ...optional('title', title),
    ...(known?.hi === undefined ? {} : { titleIn: { hi: known.hi } }),
    ...optional('value', valueText(resource, numbers)),
    ...optional('flag', flagOf(resource)),
    ...optional('range', rangeText(resource, numbers)),
    lines: [...new Set(lines)].filter((line) => line !== title).slice(0, mostLines),
    ...optional('until', endOf(resource)),
    ...optional('status', status === undefined || plain.has(status) ? undefined : status),
    ...optional('who', whoOf(resource)),
    ...optional('place', placeOf(resource)),
    ...optional('visit', visitOf(resource)),
    ...optional('holds', heldBy(resource)),
    sealed: isSealed(resource),
  };
}

export function isTimelineKind(kind: string): kind is TimelineKind {
  return (timelineKinds as readonly string[]).includes(kind);
}

interface Saying {
  readonly title: string | undefined;
  readonly lines: readonly string[];
}

const concept = (resource: JsonObject, key: string): string | undefined =>
  codedText(objectsAt(resource, key)[0])?.text;
const concepts = (resource: JsonObject, key: string): string[] =>
  objectsAt(resource, key).flatMap((one) => codedText(one)?.text ?? []);
const displayAt = (resource: JsonObject, key: string): string | undefined =>
  objectsAt(resource, key)
    .map((one) => textAt(one, 'display'))
    .find((one) => one !== undefined);
const present = (...texts: (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);
const notes = (resource: JsonObject): string[] =>
  objectsAt(resource, 'note').flatMap((note) => textAt(note, 'text') ?? []);

/** The CodeableConcept that is the title; of all others `code`. */
const namedBy: Readonly<Record<string, string>> = {
  Encounter: 'type',
  Immunization: 'vaccineCode',
  ImagingStudy: 'procedureCode',
  MedicationRequest: 'medicationCodeableConcept',
  MedicationStatement: 'medicationCodeableConcept',
  MedicationDispense: 'medicationCodeableConcept',
  MedicationAdministration: 'medicationCodeableConcept',
};

/** By type what names it, and what else a reader wants first. */
const sayings: Readonly<Record<string, (resource: JsonObject, numbers: Numbers) => Saying>> = {
  Encounter: (r) => ({
    title: concept(r, 'type') ?? concept(r, 'serviceType') ?? textAt(objectAt(r, 'class'), 'display'),
    lines: [...concepts(r, 'reasonCode'), ...present(concept(r, 'serviceType'))],
  }),
  Observation: (r, numbers) => ({
    title: concept(r, 'code'),
    lines: [...componentLines(r, numbers), ...notes(r)],
  }),
  DiagnosticReport: (r) => ({
    title: concept(r, 'code'),
    lines: present(textAt(r, 'conclusion'), ...concepts(r, 'conclusionCode')),
  }),
  Condition: (r) => ({ title: concept(r, 'code'), lines: [...present(concept(r, 'severity')), ...notes(r)] }),
  AllergyIntolerance: (r) => ({
    title: concept(r, 'code'),
    lines: objectsAt(r, 'reaction').flatMap((one) => concepts(one, 'manifestation')),
  }),
  Immunization: (r) => ({
    title: concept(r, 'vaccineCode'),
    lines: present(textAt(r, 'lotNumber'), ...notes(r)),
  }),
  Procedure: (r) => ({
    title: concept(r, 'code'),
    lines: [...concepts(r, 'reasonCode'), ...present(concept(r, 'outcome')), ...notes(r)],
  }),
  ImagingStudy: (r) => ({
    title: textAt(r, 'description') ?? concept(r, 'procedureCode') ?? displayAt(r, 'modality'),
    lines: objectsAt(r, 'series').flatMap((series) => textAt(series, 'description') ?? []),
  }),
  DocumentReference: (r) => ({
    title: textAt(r, 'description') ?? concept(r, 'type'),
    lines: present(
      concept(r, 'type'),
      ...objectsAt(r, 'content').map((one) => textAt(objectAt(one, 'attachment'), 'title')),
    ),
  }),
  CarePlan: (r) => ({
    title: textAt(r, 'title') ?? concept(r, 'category'),
    lines: [
      ...present(textAt(r, 'description')),
      ...objectsAt(r, 'activity').flatMap((one) => concept(objectAt(one, 'detail') ?? {}, 'code') ?? []),
    ],
  }),
  DeviceUseStatement: (r) => ({
    title:
      displayAt(r, 'device') ??
      objectsAt(r, 'contained').flatMap((one) => [
        ...objectsAt(one, 'deviceName').flatMap((name) => textAt(name, 'name') ?? []),
        ...present(concept(one, 'type')),
      ])[0],
    lines: [...present(concept(r, 'bodySite')), ...notes(r)],
  }),
  Goal: (r) => ({ title: concept(r, 'description'), lines: notes(r) }),
  QuestionnaireResponse: () => ({ title: undefined, lines: [] }),
};

const medicines: ReadonlySet<string> = new Set([
  'MedicationRequest',
  'MedicationStatement',
  'MedicationDispense',
  'MedicationAdministration',
]);

function sayingOf(resource: Resource, numbers: Numbers): Saying {
  const { resourceType } = resource;
  if (medicines.has(resourceType))
    return {
      title: concept(resource, 'medicationCodeableConcept') ?? displayAt(resource, 'medicationReference'),
      lines: [
        ...[...objectsAt(resource, 'dosageInstruction'), ...objectsAt(resource, 'dosage')].flatMap(
          (dose) => textAt(dose, 'text') ?? [],
        ),
        ...concepts(resource, 'reasonCode'),
        ...notes(resource),
      ],
    };
  const known = sayings[resourceType];
  if (known) return known(resource, numbers);
  return {
    title: concept(resource, 'code') ?? textAt(resource, 'title') ?? textAt(resource, 'description'),
    lines: notes(resource),
  };
}

function componentLines(resource: JsonObject, numbers: Numbers): string[] {
  if (pressure(resource, numbers) !== undefined) return [];
  return objectsAt(resource, 'component').flatMap((one) => {
    const name = concept(one, 'code');
    const value = valueText(one, numbers);
    return name === undefined || value === undefined ? [] : [`${name}: ${value}`];
  });
}

/** Systolic and diastolic pressure (LOINC) read as one. */
function pressure(resource: JsonObject, numbers: Numbers): string | undefined {
  const named = (code: string): JsonObject | undefined =>
    objectsAt(resource, 'component').find((one) =>
      objectsAt(objectAt(one, 'code'), 'coding').some((coding) => textAt(coding, 'code') === code),
    );
  const [upper, lower] = [named('8480-6'), named('8462-4')].map((one) => objectAt(one, 'valueQuantity'));
  const [high, low] = [upper, lower].map((one) => plainNumber(one, numbers));
  if (high === undefined || low === undefined) return undefined;
  return `${high}/${low} ${unitOf(upper) ?? ''}`.trim();
}

function plainNumber(quantity: JsonObject | undefined, numbers: Numbers): string | undefined {
  const value = valueAt(quantity, 'value');
  return isNumber(value) ? numbers(value) : undefined;
}

function unitOf(quantity: JsonObject | undefined): string | undefined {
  const unit = textAt(quantity, 'unit') ?? textAt(quantity, 'code');
  // UCUM writes what is only counted in braces.
  return unit === undefined || unit === '1' || /^\{.*\}$/.test(unit) ? undefined : unit;
}

function quantityText(quantity: JsonObject | undefined, numbers: Numbers): string | undefined {
  const number = plainNumber(quantity, numbers);
  if (number === undefined) return undefined;
  return `${textAt(quantity, 'comparator') ?? ''}${number} ${unitOf(quantity) ?? ''}`.trim();
}

function valueText(resource: JsonObject, numbers: Numbers): string | undefined {
  const quantity = quantityText(objectAt(resource, 'valueQuantity'), numbers);
  if (quantity !== undefined) return quantity;
  const coded =
    codedText(objectAt(resource, 'valueCodeableConcept'))?.text ?? textAt(resource, 'valueString');
  if (coded !== undefined) return coded;
  const whole = valueAt(resource, 'valueInteger');
  if (typeof whole === 'number') return String(whole);
  const ratio = objectAt(resource, 'valueRatio');
  const [over, under] = ['numerator', 'denominator'].map((key) =>
    quantityText(objectAt(ratio, key), numbers),
  );
  if (over !== undefined && under !== undefined) return `${over} : ${under}`;
  const bounds = objectAt(resource, 'valueRange');
  const [low, high] = ['low', 'high'].map((key) => quantityText(objectAt(bounds, key), numbers));
  if (low !== undefined && high !== undefined) return `${low} – ${high}`;
  return pressure(resource, numbers) ?? dateAt(resource, 'valueDateTime');
}

function flagOf(resource: JsonObject): string | undefined {
  const codes = [resource, ...objectsAt(resource, 'component')].flatMap((one) =>
    objectsAt(one, 'interpretation').flatMap((interpretation) =>
      objectsAt(interpretation, 'coding').flatMap((coding) => textAt(coding, 'code') ?? []),
    ),
  );
  return codes.find((code) => code !== 'N') ?? codes[0];
}

function rangeText(resource: JsonObject, numbers: Numbers): string | undefined {
  const [range] = objectsAt(resource, 'referenceRange');
  const text = textAt(range, 'text');
  if (range === undefined || text !== undefined) return text;
  const [low, high] = ['low', 'high'].map((key) => objectAt(range, key));
  const [from, to] = [plainNumber(low, numbers), plainNumber(high, numbers)];
  const unit = unitOf(high ?? low) ?? '';
  if (from !== undefined && to !== undefined) return `${from}–${to} ${unit}`.trim();
  if (to !== undefined) return `≤ ${to} ${unit}`.trim();
  return from === undefined ? undefined : `≥ ${from} ${unit}`.trim();
}

function endOf(resource: JsonObject): string | undefined {
  for (const key of ['period', 'effectivePeriod', 'performedPeriod']) {
    const end = dateAt(objectAt(resource, key), 'end');
    if (end !== undefined && end !== careDay(resource as Resource)) return end;
  }
  return dateAt(resource, 'abatementDateTime');
}

function statusOf(resource: JsonObject): string | undefined {
  const verification = statusCode(resource, 'verificationStatus');
  if (verification !== undefined && !plain.has(verification)) return verification;
  return statusCode(resource, 'clinicalStatus') ?? textAt(resource, 'status');
}

function whoOf(resource: JsonObject): string | undefined {
  for (const key of [
    'performer',
    'recorder',
    'requester',
    'author',
    'asserter',
    'interpreter',
    'participant',
    'source',
    'informationSource',
  ]) {
    for (const one of objectsAt(resource, key)) {
      const named =
        textAt(one, 'display') ??
        textAt(objectAt(one, 'actor'), 'display') ??
        textAt(objectAt(one, 'individual'), 'display');
      if (named !== undefined) return named;
    }
  }
  return undefined;
}

function placeOf(resource: JsonObject): string | undefined {
  return (
    displayAt(resource, 'serviceProvider') ??
    displayAt(resource, 'custodian') ??
    displayAt(resource, 'managingOrganization') ??
    objectsAt(resource, 'location')
      .map((one) => textAt(objectAt(one, 'location'), 'display') ?? textAt(one, 'display'))
      .find((one) => one !== undefined)
  );
}

function visitOf(resource: JsonObject): string | undefined {
  const references = [
    ...objectsAt(resource, 'encounter'),
    ...objectsAt(resource, 'context'),
    ...objectsAt(objectAt(resource, 'context'), 'encounter'),
  ].flatMap((one) => textsAt(one, 'reference'));
  return references.flatMap((one) => /^Encounter\/([A-Za-z0-9.-]{1,64})$/.exec(one)?.[1] ?? [])[0];
}

function heldBy(resource: JsonObject): readonly string[] | undefined {
  const held = [...objectsAt(resource, 'result'), ...objectsAt(resource, 'hasMember')]
    .flatMap((one) => textAt(one, 'reference') ?? [])
    .filter((one) => /^[A-Za-z]{1,40}\/[A-Za-z0-9.-]{1,64}$/.test(one));
  return held.length === 0 ? undefined : held.slice(0, mostHeld);
}
