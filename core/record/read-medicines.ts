// MedicationStatement and MedicationRequest to the medicines somebody takes or is meant to take now.

import type { JsonObject } from '../fhir/types.ts';
import { medicineClasses, medicineEntry } from './code-lists/medicines.ts';
import { plainKey } from './code-lists/code-list.ts';
import {
  booleanAt,
  codedText,
  dateAt,
  firstDate,
  noteText,
  numberAt,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
} from './elements.ts';
import type { CodedText, Fact, Frequency, Medicine, PartialDate, Quantity, Section } from './facts.ts';
import { noneKnownIn, saysNothing } from './none-known.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resolve, resourcesOf, type RecordIndex } from './record-index.ts';
import { replacedPrescriptions } from './replaced.ts';
import { section, sortFacts, withoutDoubles, type Denial } from './section-building.ts';

/** Current medicines: active, not refused, not replaced by a later prescription, and not ended before `today` where a day is given. */
export function readMedicines(index: RecordIndex, today?: PartialDate): Section<Medicine> {
  const facts: Fact<Medicine>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'MedicationStatement')) {
    if (statusCode(resource, 'status') !== 'active' || hasEnded(objectAt(resource, 'effectivePeriod'), today))
      continue;
    const concept = medicationOf(index, resource);
    if (concept !== undefined && noneKnownIn(concept.codes).includes('medicines')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
    } else if (concept !== undefined && !saysNothing(concept.codes, concept.text)) {
      const dosage = objectsAt(resource, 'dosage');
      const since = firstDate(resource, ['effectivePeriod', 'effectiveDateTime']);
      facts.push(fact(index, resource, medicineOf(resource, concept, dosage, 'taken', since)));
    }
  }
  const replaced = replacedPrescriptions(index);
  for (const resource of resourcesOf(index, 'MedicationRequest')) {
    if (replaced.has(resource) || !isStandingOrder(resource, today)) continue;
    const concept = medicationOf(index, resource);
    if (concept === undefined || saysNothing(concept.codes, concept.text)) continue;
    const dosage = objectsAt(resource, 'dosageInstruction');
    facts.push(
      fact(
        index,
        resource,
        medicineOf(resource, concept, dosage, 'prescribed', dateAt(resource, 'authoredOn')),
      ),
    );
  }
  return section(sortFacts(withoutDoubles(facts, sameMedicine), importanceOf), denials);
}

function isStandingOrder(resource: JsonObject, today: PartialDate | undefined): boolean {
  if (statusCode(resource, 'status') !== 'active' || booleanAt(resource, 'doNotPerform') === true)
    return false;
  const intent = statusCode(resource, 'intent');
  if (intent === 'proposal' || intent === 'plan' || intent === 'option') return false;
  return !objectsAt(resource, 'dosageInstruction').some((dosage) =>
    hasEnded(objectAt(objectAt(objectAt(dosage, 'timing'), 'repeat'), 'boundsPeriod'), today),
  );
}

function hasEnded(period: JsonObject | undefined, today: PartialDate | undefined): boolean {
  const end = dateAt(period, 'end');
  return end !== undefined && today !== undefined && end < today.slice(0, end.length);
}

function medicationOf(index: RecordIndex, resource: JsonObject): CodedText | undefined {
  const inline = codedText(objectAt(resource, 'medicationCodeableConcept'));
  if (inline !== undefined) return inline;
  const reference = objectAt(resource, 'medicationReference');
  const referenced = codedText(objectAt(resolve(index, resource, reference), 'code'));
  if (referenced !== undefined) return referenced;
  const display = textAt(reference, 'display');
  return display === undefined ? undefined : { text: display, codes: [] };
}

function medicineOf(
  resource: JsonObject,
  concept: CodedText,
  dosages: readonly JsonObject[],
  basis: Medicine['basis'],
  since: PartialDate | undefined,
): Medicine {
  const [first] = dosages;
  const written = dosages
    .map((dosage) => textAt(dosage, 'text') ?? textAt(dosage, 'patientInstruction'))
    .filter((text) => text !== undefined);
  const asNeeded = dosages.some(
    (dosage) =>
      booleanAt(dosage, 'asNeededBoolean') === true ||
      objectAt(dosage, 'asNeededCodeableConcept') !== undefined,
  );
  const reason =
    objectsAt(resource, 'reasonCode')
      .map((one) => codedText(one)?.text)
      .find((text) => text !== undefined) ?? textAt(objectsAt(resource, 'reasonReference')[0], 'display');
  return {
    name: concept.text,
    codes: concept.codes,
    basis,
    ...optional('doseText', written.length > 0 ? [...new Set(written)].join('; ') : undefined),
    ...optional('dose', doseOf(first)),
    ...optional('frequency', frequencyOf(first)),
    ...optional('route', codedText(objectAt(first, 'route'))),
    asNeeded,
    ...optional('reason', reason),
    ...optional('since', since),
    ...optional('note', noteText(resource)),
  };
}

function doseOf(dosage: JsonObject | undefined): Quantity | undefined {
  const rate = objectsAt(dosage, 'doseAndRate')[0];
  const quantity = objectAt(rate, 'doseQuantity') ?? objectAt(dosage, 'doseQuantity');
  const value = numberAt(quantity, 'value');
  if (value === undefined || value <= 0) return undefined;
  const unit = textAt(quantity, 'unit') ?? textAt(quantity, 'code');
  return { value, ...optional('unit', unit) };
}

const units: ReadonlySet<string> = new Set(['s', 'min', 'h', 'd', 'wk', 'mo', 'a']);

function frequencyOf(dosage: JsonObject | undefined): Frequency | undefined {
  const repeat = objectAt(objectAt(dosage, 'timing'), 'repeat');
  const period = numberAt(repeat, 'period');
  const unit = textAt(repeat, 'periodUnit');
  const times = numberAt(repeat, 'frequency') ?? 1;
  if (period === undefined || unit === undefined || !units.has(unit) || period <= 0 || times <= 0)
    return undefined;
  return { times, period, unit: unit as Frequency['unit'] };
}

// Two entries for one drug with different doses are both kept: one of them may be the change that matters.
function sameMedicine(medicine: Medicine): string {
  const dose = medicine.dose === undefined ? '' : `${medicine.dose.value} ${medicine.dose.unit ?? ''}`;
  return [plainKey(medicine.name), plainKey(medicine.doseText ?? ''), dose].join('|');
}

const critical = new Set<string>([
  'anticoagulant',
  'antiplatelet',
  'insulin',
  'steroid',
  'bleeding-disorder',
]);
const important = new Set<string>([
  'antiepileptic',
  'immunosuppressant',
  'chemotherapy',
  'antiarrhythmic',
  'opioid',
  'beta-blocker',
  'diabetes',
  'nitrate',
]);

function importanceOf(medicine: Medicine): number {
  const classes = medicineClasses(medicine.codes, medicine.name);
  if (classes.some((one) => critical.has(one))) return 0;
  if (classes.some((one) => important.has(one))) return 1;
  if (medicine.asNeeded) return 4;
  return medicineEntry(medicine.codes, medicine.name) === undefined ? 3 : 2;
}
