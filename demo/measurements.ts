// Measured values of the demo as FHIR Observations and laboratory reports. Knows codes and units, no person's story.
import * as systems from '../core/record/code-systems.ts';
import type { JsonObject, JsonValue, Resource } from '../core/fhir/types.ts';
import type { Panel, Test } from './panels.ts';
import type { Chance } from './random.ts';

export interface Measuring {
  /** `Patient/…` */
  subject: JsonObject;
  /** FHIR dateTime. */
  at: string;
  /** Who measured; absent where the person did. */
  performer?: JsonObject;
  encounter?: JsonObject;
}

function observation(
  { subject, at, performer, encounter }: Measuring,
  category: 'vital-signs' | 'laboratory',
  [code, words]: readonly [string, string],
  value: JsonObject,
): Resource {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: systems.observationCategory, code: category }] }],
    code: concept(code, words),
    subject,
    effectiveDateTime: at,
    ...(performer ? { performer: [performer] } : {}),
    ...(encounter ? { encounter } : {}),
    ...value,
  };
}

function concept(code: string, text: string): JsonObject {
  return { coding: [{ system: systems.loinc, code, display: text }], text };
}

function quantity(value: number, unit: string, code: string): JsonObject {
  return { value, ...(unit === '' ? {} : { unit }), system: systems.ucum, code };
}

export function bloodPressure(how: Measuring, systolic: number, diastolic: number): Resource {
  const part = (code: string, words: string, value: number): JsonObject => ({
    code: concept(code, words),
    valueQuantity: quantity(value, 'mmHg', 'mm[Hg]'),
  });
  return observation(how, 'vital-signs', ['85354-9', 'Blood pressure'], {
    component: [part('8480-6', 'Systolic', systolic), part('8462-4', 'Diastolic', diastolic)],
  });
}

export function weight(how: Measuring, kilograms: number): Resource {
  const value = { valueQuantity: quantity(kilograms, 'kg', 'kg') };
  return observation(how, 'vital-signs', ['29463-7', 'Body weight'], value);
}

export function height(how: Measuring, centimetres: number): Resource {
  const value = { valueQuantity: quantity(centimetres, 'cm', 'cm') };
  return observation(how, 'vital-signs', ['8302-2', 'Body height'], value);
}

export function oxygenSaturation(how: Measuring, percent: number): Resource {
  const value = { valueQuantity: quantity(percent, '%', '%') };
  return observation(how, 'vital-signs', ['59408-5', 'Oxygen saturation'], value);
}

/** The results of one sample, around the values of the panel. */
export function results(how: Measuring, panel: Panel, chance: Chance): Resource[] {
  return panel.tests.map((test) => {
    const value = rounded(chance.around(test.middle, test.spread), test.decimals);
    return observation(how, 'laboratory', [test.code, test.words], {
      valueQuantity: quantity(value, test.unit, test.ucum),
      ...limits(test),
      interpretation: [interpretation(test, value)],
    });
  });
}

function limits({ low, high, unit, ucum }: Test): JsonObject {
  const range: { [key: string]: JsonValue } = {};
  if (low !== undefined) range['low'] = quantity(low, unit, ucum);
  if (high !== undefined) range['high'] = quantity(high, unit, ucum);
  return { referenceRange: [range] };
}

function interpretation({ low, high }: Test, value: number): JsonObject {
  const [code, display] =
    low !== undefined && value < low
      ? ['L', 'Low']
      : high !== undefined && value > high
        ? ['H', 'High']
        : ['N', 'Normal'];
  const system = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
  return { coding: [{ system, code, display }], text: display };
}

/** The report that the results of one sample come in. */
export function laboratoryReport(how: Measuring, panel: Panel, resultIds: readonly string[]): Resource {
  return {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v2-0074',
            code: 'LAB',
            display: 'Laboratory',
          },
        ],
      },
    ],
    code: concept(panel.code, panel.words),
    subject: how.subject,
    effectiveDateTime: how.at,
    ...(how.performer ? { performer: [how.performer] } : {}),
    result: resultIds.map((id) => ({ reference: `Observation/${id}` })),
  };
}

export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
