// What of a record the clinical checks look at: medicines that are taken or about to be, allergies that stand, weight and birth date.
// Reads FHIR R4 resources; judges nothing.
import type { JsonObject } from '../fhir/types.ts';
import {
  booleanAt,
  codesOf,
  dateAt,
  firstDate,
  numberAt,
  objectAt,
  objectsAt,
  statusCode,
  textAt,
} from '../record/elements.ts';
import type { PartialDate } from '../record/facts.ts';
import { substanceName } from '../record/read-allergies.ts';
import type { RecordIndex } from '../record/record-index.ts';
import { resolve } from '../record/record-index.ts';
import { noneKnownIn } from '../record/none-known.ts';
import type { Contents } from './ingredients.ts';
import { contentsOfAllergen, contentsOfMedicine } from './ingredients.ts';
import type { GroupId } from './ingredient-table.ts';
import type { Dose } from './read-dose.ts';
import { readDose } from './read-dose.ts';

export const checkedTypes = [
  'MedicationRequest',
  'MedicationStatement',
  'MedicationDispense',
  'MedicationAdministration',
] as const;
export type CheckedType = (typeof checkedTypes)[number];

export function isCheckedType(type: string): type is CheckedType {
  return (checkedTypes as readonly string[]).includes(type);
}

export interface Medicine extends Contents {
  /** `Type/id`. */
  readonly key: string;
  /** Its name in plain form, to tell two unknown medicines apart. */
  readonly name: string;
  readonly doses: readonly Dose[];
  /** What it carries out or continues: the same medicine under one of these is no second one. */
  readonly continues: ReadonlySet<string>;
}

export interface Allergen extends Contents {
  readonly key: string;
  /** Groups that were named as such. */
  readonly named: ReadonlySet<GroupId>;
  /** An intolerance that nobody calls dangerous. */
  readonly mild: boolean;
}

const keyOf = (resource: JsonObject): string =>
  `${textAt(resource, 'resourceType') ?? ''}/${textAt(resource, 'id') ?? ''}`;

const ongoing: Readonly<Record<CheckedType, ReadonlySet<string>>> = {
  MedicationRequest: new Set(['active', 'on-hold', 'draft', 'unknown']),
  MedicationStatement: new Set(['active', 'intended', 'on-hold', 'unknown']),
  MedicationDispense: new Set(['preparation', 'in-progress', 'on-hold', 'completed', 'unknown']),
  MedicationAdministration: new Set(['in-progress', 'completed', 'on-hold', 'unknown']),
};

/** Whether what is about to be written puts a medicine into somebody. A proposal does not yet; what was stopped does not any more. */
export function isGiven(resource: JsonObject): boolean {
  const type = textAt(resource, 'resourceType') ?? '';
  if (!isCheckedType(type)) return false;
  if (booleanAt(resource, 'doNotPerform') === true) return false;
  const intent = statusCode(resource, 'intent');
  if (intent === 'proposal' || intent === 'plan' || intent === 'option') return false;
  return ongoing[type].has(statusCode(resource, 'status') ?? 'unknown');
}

/** Days for which a dispensed medicine counts as taken, where nothing says for how long it is. */
const daysOfDispense = 30;
const dayMs = 86_400_000;

/** Whether it counts as taken on this day. @param today YYYY-MM-DD */
export function isTaken(resource: JsonObject, today: PartialDate): boolean {
  if (!isGiven(resource)) return false;
  const since = (date: PartialDate | undefined, days: number): boolean =>
    date !== undefined && date.length === 10 && Date.parse(today) - Date.parse(date) <= days * dayMs;
  switch (textAt(resource, 'resourceType') ?? '') {
    case 'MedicationDispense': {
      if (statusCode(resource, 'status') !== 'completed') return true;
      const supply = numberAt(objectAt(resource, 'daysSupply'), 'value');
      return since(firstDate(resource, ['whenHandedOver', 'whenPrepared']), supply ?? daysOfDispense);
    }
    case 'MedicationAdministration':
      return (
        statusCode(resource, 'status') !== 'completed' ||
        since(firstDate(resource, ['effectiveDateTime', 'effectivePeriod']), 1)
      );
    case 'MedicationStatement':
      return !hasEnded(dateAt(objectAt(resource, 'effectivePeriod'), 'end'), today);
    default:
      return (
        statusCode(resource, 'status') !== 'draft' &&
        !objectsAt(resource, 'dosageInstruction').some((dosage) =>
          hasEnded(
            dateAt(objectAt(objectAt(objectAt(dosage, 'timing'), 'repeat'), 'boundsPeriod'), 'end'),
            today,
          ),
        )
      );
  }
}

const hasEnded = (end: PartialDate | undefined, today: PartialDate): boolean =>
  end !== undefined && end < today.slice(0, end.length);

/** @param index where a Medication is looked up that it refers to */
export function readMedicine(resource: JsonObject, index: RecordIndex): Medicine {
  const reference = objectAt(resource, 'medicationReference');
  const medication = resolve(index, resource, reference);
  const concepts = [
    objectAt(resource, 'medicationCodeableConcept'),
    objectAt(medication, 'code'),
    ...objectsAt(medication, 'ingredient').map((one) => objectAt(one, 'itemCodeableConcept')),
  ].filter((concept) => concept !== undefined);
  const texts = [...concepts.flatMap(textsOf), textAt(reference, 'display')].filter(
    (one) => one !== undefined,
  );
  const name = texts[0] ?? '';
  const dosage = objectAt(resource, 'dosage');
  const dosages =
    textAt(resource, 'resourceType') === 'MedicationAdministration' && dosage !== undefined
      ? [
          {
            doseAndRate: [{ doseQuantity: objectAt(dosage, 'dose') ?? {} }],
            route: objectAt(dosage, 'route') ?? {},
          },
        ]
      : [...objectsAt(resource, 'dosageInstruction'), ...objectsAt(resource, 'dosage')];
  return {
    key: keyOf(resource),
    name: plainName(name),
    ...contentsOfMedicine(concepts.flatMap(codesOf), texts),
    doses: dosages.map((one) => readDose(one, name)),
    continues: continuesOf(resource),
  };
}

function textsOf(concept: JsonObject): string[] {
  return [
    textAt(concept, 'text'),
    ...objectsAt(concept, 'coding').map((coding) => textAt(coding, 'display')),
  ].filter((text) => text !== undefined);
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();

function continuesOf(resource: JsonObject): ReadonlySet<string> {
  const references = [
    ...['authorizingPrescription', 'basedOn', 'partOf', 'derivedFrom'].flatMap((key) =>
      objectsAt(resource, key),
    ),
    objectAt(resource, 'request'),
    objectAt(resource, 'priorPrescription'),
  ];
  return new Set(
    references.flatMap((one) => {
      const named = /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]+)(?:\/_history\/[^/]+)?$/u.exec(
        textAt(one, 'reference') ?? '',
      );
      return named?.[1] === undefined ? [] : [named[1]];
    }),
  );
}

/** Undefined for what is over, was a mistake, or says that there is none. */
export function readAllergen(resource: JsonObject): Allergen | undefined {
  const verification = statusCode(resource, 'verificationStatus');
  const clinical = statusCode(resource, 'clinicalStatus');
  if (verification === 'entered-in-error' || verification === 'refuted') return undefined;
  if (clinical === 'inactive' || clinical === 'resolved') return undefined;
  const reactions = objectsAt(resource, 'reaction');
  const concepts = [objectAt(resource, 'code'), ...reactions.map((one) => objectAt(one, 'substance'))].filter(
    (concept) => concept !== undefined,
  );
  const codes = concepts.flatMap(codesOf);
  if (noneKnownIn(codes).includes('allergies')) return undefined;
  const mild =
    textAt(resource, 'type') === 'intolerance' &&
    textAt(resource, 'criticality') !== 'high' &&
    !reactions.some((one) => textAt(one, 'severity') === 'severe');
  return {
    key: keyOf(resource),
    ...contentsOfAllergen(codes, concepts.flatMap(textsOf).map(substanceName)),
    mild,
  };
}

/** Kilograms; undefined for another Observation, another unit, or what nobody weighs. */
export function readWeight(resource: JsonObject): { kg: number; on: PartialDate } | undefined {
  const quantity = objectAt(resource, 'valueQuantity');
  const value = numberAt(quantity, 'value');
  const unit = textAt(quantity, 'code') ?? textAt(quantity, 'unit');
  const isWeight = codesOf(objectAt(resource, 'code')).some(
    ({ code }) => code === '29463-7' || code === '3141-9',
  );
  const status = statusCode(resource, 'status');
  if (!isWeight || value === undefined || status === 'entered-in-error' || status === 'cancelled')
    return undefined;
  const kg =
    unit === 'kg' ? value : unit === 'g' ? value / 1000 : unit === '[lb_av]' ? value * 0.453_592_37 : 0;
  const on = firstDate(resource, ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant']) ?? '';
  return kg > 0.3 && kg < 500 ? { kg, on } : undefined;
}
