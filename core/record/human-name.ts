// A HumanName as people write it. Knows the data type, not whose name it is.

import type { JsonObject, JsonValue } from '../fhir/types.ts';
import { cleanText, dateAt, objectAt, objectsAt, textAt, textsAt } from './elements.ts';

const order = ['official', 'usual', undefined, 'nickname', 'temp', 'anonymous', 'maiden', 'old'];

const languageExtension = 'http://hl7.org/fhir/StructureDefinition/language';

/** The names of a person, the one in use first; the same name in another script behind it; ended and former names last. */
export function namesInOrder(person: JsonObject | undefined): JsonObject[] {
  const rank = (name: JsonObject): number => {
    const place = order.indexOf(textAt(name, 'use'));
    const ended = dateAt(objectAt(name, 'period'), 'end') === undefined ? 0 : 10;
    const otherScript = objectsAt(objectAt(name, '_text'), 'extension').some(
      (extension) => textAt(extension, 'url') === languageExtension,
    );
    return (place < 0 ? 3 : place) + (otherScript ? 4 : 0) + ended;
  };
  return objectsAt(person, 'name').sort((a, b) => rank(a) - rank(b));
}

/** "Dr Meera Iyer": the text as given, else prefix, given, family and suffix in that order. */
export function nameText(name: JsonObject | undefined): string | undefined {
  if (name === undefined) return undefined;
  return (
    textAt(name, 'text') ??
    cleanText(
      [
        ...textsAt(name, 'prefix'),
        ...textsAt(name, 'given'),
        textAt(name, 'family') ?? '',
        ...textsAt(name, 'suffix'),
      ]
        .filter((part) => part !== '')
        .join(' '),
    )
  );
}

/** The name of a Practitioner, Organization, Patient, RelatedPerson or Device. */
export function agentName(agent: JsonObject | undefined): string | undefined {
  if (agent === undefined) return undefined;
  const simple = textAt(agent, 'name');
  return (
    simple ??
    namesInOrder(agent)
      .map(nameText)
      .find((name) => name !== undefined)
  );
}

/** From `Patient.name`: the name in use, as everywhere else it is shown; '' when there is none. */
export function displayName(names: unknown): string {
  const person: JsonObject = { name: Array.isArray(names) ? (names as JsonValue[]) : [] };
  return (
    namesInOrder(person)
      .map(nameText)
      .find((text) => text !== undefined) ?? ''
  );
}
