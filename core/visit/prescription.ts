// One prescribed medicine as FHIR, as it is checked while typed and as it is signed.
import { ruleSystem } from '../clinical/detected-issue.ts';
import type { JsonObject, Resource } from '../fhir/types.ts';
import { said } from '../forms/making.ts';
import { medicines } from '../record/code-lists/medicines.ts';
import { snomed, ucum } from '../record/code-systems.ts';
import { textAt } from '../record/elements.ts';
import { codesOfChoice, concept } from '../record/write-elements.ts';
import type { DoseUnit, Prescribed, Route } from './draft.ts';
import { daysLater, doseUnits, routes } from './draft.ts';
import { numberIn } from './problems.ts';

const ucumOf: Readonly<Record<DoseUnit, readonly [unit: string, code: string]>> = {
  mg: ['mg', 'mg'],
  g: ['g', 'g'],
  mcg: ['microgram', 'ug'],
  ml: ['mL', 'mL'],
  tablet: ['tablet', '{tbl}'],
  puff: ['puff', '{puff}'],
  drop: ['drop', '[drp]'],
  unit: ['unit', '[iU]'],
};

const routeWords: Readonly<Record<Route, JsonObject>> = {
  oral: { coding: [{ system: snomed, code: '26643006', display: 'Oral route' }], text: 'By mouth' },
  inhaled: { text: 'Inhaled' },
  skin: { text: 'On the skin' },
  injection: { text: 'Injection' },
  drops: { text: 'Drops' },
};

/** By UCUM code or by word; undefined where it is neither. */
export const unitOf = (code: string): DoseUnit | undefined =>
  doseUnits.find((unit) => unit === code || ucumOf[unit].includes(code));

/** By its words. */
export const routeOf = (words: string | undefined): Route | undefined =>
  routes.find((route) => textAt(routeWords[route], 'text') === words);

/** The codes of what was chosen; of own words those of a list's medicine with just this name. */
export function medicineConcept(one: Prescribed): JsonObject {
  const text = one.text.trim();
  return concept(text, one.codes.length > 0 ? one.codes : codesOfChoice(medicines, { text }));
}

/** "500 mg, 3 times a day, for 5 days, by mouth": for whoever reads it without a program. */
export function doseText(one: Prescribed): string {
  const perDay = numberIn(one.perDay);
  const parts = [
    one.dose.trim() === '' ? '' : `${one.dose.trim()} ${ucumOf[one.unit][0]}`,
    perDay === undefined ? '' : perDay === 1 ? 'once a day' : `${one.perDay.trim()} times a day`,
    one.asNeeded ? 'when needed' : '',
    one.days.trim() === '' ? '' : `for ${one.days.trim()} ${one.days.trim() === '1' ? 'day' : 'days'}`,
    one.route === '' ? '' : (textAt(routeWords[one.route], 'text') ?? '').toLowerCase(),
    one.note.trim(),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** @param day YYYY-MM-DD, the first on which it is taken */
export function dosageOf(one: Prescribed, day: string): JsonObject {
  const dose = numberIn(one.dose);
  const perDay = numberIn(one.perDay);
  const days = numberIn(one.days);
  const [unit, code] = ucumOf[one.unit];
  const text = doseText(one);
  return said({
    text: text === '' ? undefined : text,
    patientInstruction: one.note.trim() === '' ? undefined : one.note.trim(),
    timing:
      perDay === undefined && days === undefined
        ? undefined
        : {
            repeat: said({
              // A period: whoever checks medicines later knows that it is over.
              boundsPeriod:
                days === undefined ? undefined : { start: day, end: daysLater(day, Math.max(1, days) - 1) },
              ...(perDay === undefined
                ? {}
                : { frequency: Math.max(1, Math.round(perDay)), period: 1, periodUnit: 'd' }),
            }),
          },
    asNeededBoolean: one.asNeeded ? true : undefined,
    route: one.route === '' ? undefined : routeWords[one.route],
    doseAndRate:
      dose === undefined ? undefined : [{ doseQuantity: { value: dose, unit, system: ucum, code } }],
  });
}

export function prescription(
  one: Prescribed,
  of: { readonly patientId: string; readonly at: string } & { readonly more?: JsonObject },
): Resource {
  const dosage = dosageOf(one, of.at.slice(0, 10));
  const days = numberIn(one.days);
  return {
    resourceType: 'MedicationRequest',
    ...reasonsOf(one),
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: medicineConcept(one),
    subject: { reference: `Patient/${of.patientId}` },
    authoredOn: of.at,
    ...(one.prior === undefined ? {} : { priorPrescription: { reference: one.prior } }),
    ...of.more,
    ...(Object.keys(dosage).length > 0 ? { dosageInstruction: [dosage] } : {}),
    ...(days === undefined || Number.isNaN(days)
      ? {}
      : {
          dispenseRequest: {
            expectedSupplyDuration: { value: days, unit: 'days', system: ucum, code: 'd' },
          },
        }),
  };
}

/** Each rule that is passed by, with the words of who prescribes: kept inside the prescription. */
function reasonsOf({ reasons }: Prescribed): JsonObject {
  const contained = Object.entries(reasons)
    .filter(([, why]) => why.trim() !== '')
    .map(([rule, why], i) => ({
      resourceType: 'DetectedIssue',
      id: `why${i}`,
      status: 'mitigated',
      identifier: [{ system: ruleSystem, value: rule }],
      mitigation: [{ action: { text: why.trim() } }],
    }));
  if (contained.length === 0) return {};
  return { contained, detectedIssue: contained.map(({ id }) => ({ reference: `#${id}` })) };
}
