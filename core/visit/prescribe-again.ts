// A prescription that stands, as a line to be prescribed again: what it says plainly is taken over, the rest stays words.
import type { JsonObject, Resource } from '../fhir/types.ts';
import { booleanAt, codedText, numberAt, objectAt, objectsAt, textAt } from '../record/elements.ts';
import type { Prescribed } from './draft.ts';
import { routeOf, unitOf } from './prescription.ts';
import { readLine } from './read-line.ts';

/** Undefined for what is no prescription, or names its medicine elsewhere. */
export function prescribeAgain(resource: Resource): Omit<Prescribed, 'key'> | undefined {
  if (resource.resourceType !== 'MedicationRequest') return undefined;
  const medicine = codedText(objectAt(resource, 'medicationCodeableConcept'));
  const id = textAt(resource, 'id');
  const dosages = objectsAt(resource, 'dosageInstruction');
  if (medicine === undefined || id === undefined) return undefined;
  return {
    text: medicine.text,
    codes: medicine.codes,
    ...nothing,
    ...(dosages.length > 1 ? { note: wordsOf(dosages) } : dosages[0] === undefined ? {} : doseOf(dosages[0])),
    ...daysOf(resource),
    reasons: {},
    prior: `MedicationRequest/${id}`,
  };
}

type Dose = Pick<Prescribed, 'dose' | 'unit' | 'route' | 'perDay' | 'days' | 'asNeeded' | 'note'>;

const nothing: Dose = { dose: '', unit: 'mg', route: '', perDay: '', days: '', asNeeded: false, note: '' };

const wordsOf = (dosages: readonly JsonObject[]): string =>
  dosages.flatMap((one) => textAt(one, 'text') ?? []).join('; ');

function doseOf(dosage: JsonObject): Partial<Dose> {
  const quantity = objectAt(objectsAt(dosage, 'doseAndRate')[0], 'doseQuantity');
  const repeat = objectAt(objectAt(dosage, 'timing'), 'repeat');
  const value = numberAt(quantity, 'value');
  const unit = unitOf(textAt(quantity, 'code') ?? textAt(quantity, 'unit') ?? '');
  const frequency = numberAt(repeat, 'frequency');
  const daily = numberAt(repeat, 'period') === 1 && textAt(repeat, 'periodUnit') === 'd';
  const text = textAt(dosage, 'text') ?? '';
  if (value === undefined || unit === undefined) return doseInWords(text);
  return {
    dose: String(value),
    unit,
    route: routeOf(textAt(objectAt(dosage, 'route'), 'text')) ?? '',
    asNeeded: booleanAt(dosage, 'asNeededBoolean') === true,
    note: textAt(dosage, 'patientInstruction') ?? '',
    ...(frequency !== undefined && daily ? { perDay: String(frequency) } : {}),
  };
}

/** "5 mg in the evening" is a dose and words; "4 to 6 units" is words alone, because a number is left over. */
function doseInWords(text: string): Partial<Dose> {
  const { name: rest, ...read } = readLine(text);
  return /\d/u.test(rest) ? { note: text } : { ...read, note: rest };
}

function daysOf(resource: Resource): { days?: string } {
  const supply = objectAt(objectAt(resource, 'dispenseRequest'), 'expectedSupplyDuration');
  const days = numberAt(supply, 'value');
  return days !== undefined && textAt(supply, 'code') === 'd' ? { days: String(days) } : {};
}
