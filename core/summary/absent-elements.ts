// What the profiles of the International Patient Summary want and a resource does not say: the element with the reason
// `unknown` in place of a value. Adds nothing that was not true.

import type { JsonObject } from '../fhir/types.ts';
import { codesOf, objectsAt, textAt } from '../record/elements.ts';

const unknown: JsonObject = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

function lacks(resource: JsonObject, ...names: readonly string[]): boolean {
  return names.every((name) => resource[name] === undefined && resource[`_${name}`] === undefined);
}

const effective = ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant'];
const performed = [
  'performedDateTime',
  'performedPeriod',
  'performedString',
  'performedAge',
  'performedRange',
];
const timing = ['timingTiming', 'timingPeriod', 'timingDateTime'];

export function absentElements(resource: JsonObject): JsonObject {
  switch (textAt(resource, 'resourceType') ?? '') {
    case 'Patient':
      return {
        ...(lacks(resource, 'birthDate') ? { _birthDate: unknown } : {}),
        ...(lacks(resource, 'name') ? { name: [{ _text: unknown }] } : {}),
      };
    case 'MedicationStatement':
    case 'DiagnosticReport':
      return lacks(resource, ...effective) ? { _effectiveDateTime: unknown } : {};
    case 'Procedure':
      return lacks(resource, ...performed) ? { _performedDateTime: unknown } : {};
    case 'DeviceUseStatement':
      return lacks(resource, ...timing) ? { _timingDateTime: unknown } : {};
    case 'Observation':
      return {
        ...(lacks(resource, ...effective) ? { _effectiveDateTime: unknown } : {}),
        ...(lacks(resource, 'performer') && isResult(resource) ? { performer: [unknown] } : {}),
      };
  }
  return {};
}

function isResult(resource: JsonObject): boolean {
  return objectsAt(resource, 'category').some((category) =>
    codesOf(category).some(({ code }) => code === 'laboratory' || code === 'imaging'),
  );
}
