// Answers that stand for themselves: measured and observed values as Observations, with the bands they are read by.
import { bandOf, bandsOf } from '../clinical/bands.ts';
import type { JsonObject, JsonValue } from '../fhir/types.ts';
import { loinc, observationCategory, ucum } from '../record/code-systems.ts';
import type { Answer } from './answers.ts';
import type { Field, Group } from './form.ts';
import type { Making } from './making.ts';
import { conceptOfAnswer, conceptOfField, said, subjectOf } from './making.ts';

const categories: ReadonlySet<string> = new Set([
  'laboratory',
  'vital-signs',
  'exam',
  'survey',
  'social-history',
  'procedure',
]);
/** A question of a scale is a question of a survey. */
export const categoryOfField = ({ as }: Field): string | undefined =>
  as === 'score' ? 'survey' : categories.has(as) ? as : undefined;

export function observation(
  making: Making,
  category: string,
  code: JsonObject,
  elements: { readonly [key: string]: JsonValue | undefined },
): string {
  return making.add({
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: observationCategory, code: category }] }],
    code,
    subject: subjectOf(making),
    effectiveDateTime: making.authored,
    derivedFrom: [{ reference: making.response }],
    ...said(elements),
  });
}

export function addMeasure(making: Making, field: Field, answers: readonly Answer[], category: string): void {
  for (const answer of answers)
    observation(making, category, conceptOfField(making.form, field), valueOf(field, answer));
}

function valueOf(field: Field, answer: Answer): JsonObject {
  switch (answer.kind) {
    case 'number':
      return { valueQuantity: quantityOf(field, answer.written), ...readingOf(field, answer.value) };
    case 'option':
      return { valueCodeableConcept: conceptOfAnswer(answer) };
    case 'text':
      return { valueString: answer.text };
    case 'date':
      return { valueDateTime: answer.date };
    case 'flag':
      return { valueBoolean: answer.flag };
    case 'file':
      return {};
  }
}

export function quantityOf({ unit }: Field, value: JsonValue): JsonObject {
  if (unit === undefined) return { value };
  return { value, unit: unit.text || unit.ucum, system: ucum, code: unit.ucum };
}

const interpretations = {
  low: ['L', 'Low'],
  normal: ['N', 'Normal'],
  raised: ['H', 'High'],
  high: ['H', 'High'],
};

/** Reference ranges, and what the value means where they agree for everybody. */
export function readingOf(field: Field, value: number): JsonObject {
  if (field.bands === undefined) return {};
  const known = bandsOf(field.bands);
  const referenceRange = known.flatMap((one) => {
    const at = one.bands.findIndex(({ tone }) => tone === 'normal');
    const after = one.bands.slice(at).find(({ tone }) => tone !== 'normal');
    const from = one.bands[at]?.from;
    if (at < 0) return [];
    const unit = (number: number): JsonObject => quantityOf(field, number);
    return [
      said({
        low: from === undefined ? undefined : unit(from),
        high: after?.from === undefined ? undefined : unit(after.from),
        appliesTo: one.of ? [{ text: one.of[0] }] : undefined,
        text: `${one.source.name}, ${one.source.year}`,
      }),
    ];
  });
  const read = known.map((one) => bandOf(one, value));
  const [first] = read;
  const agreed = first !== undefined && read.every((one) => one?.tone === first.tone) ? first : undefined;
  return said({
    referenceRange: referenceRange.length > 0 ? referenceRange : undefined,
    interpretation:
      agreed === undefined
        ? undefined
        : [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
                  code: interpretations[agreed.tone][0] ?? 'N',
                  display: interpretations[agreed.tone][1] ?? 'Normal',
                },
              ],
              text: agreed.words[0],
            },
          ],
  });
}

/** Both values of one measurement belong together. */
export function addBloodPressure(
  making: Making,
  group: Group,
  answers: ReadonlyMap<string, readonly Answer[]>,
): void {
  const component = group.fields.flatMap((field) => {
    const [answer] = answers.get(field.id) ?? [];
    if (answer?.kind !== 'number') return [];
    return [{ code: conceptOfField(making.form, field), ...valueOf(field, answer) }];
  });
  if (component.length === 0) return;
  const code = {
    coding: [{ system: loinc, code: '85354-9', display: 'Blood pressure panel with all children optional' }],
    text: group.words[0],
  };
  observation(making, 'vital-signs', code, { component });
}
