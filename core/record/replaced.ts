// Prescriptions that a later one took the place of (MedicationRequest.priorPrescription). What is read as taken now leaves them out: two
// lines of one medicine look like twice the dose. One is left out for the same medicine alone, so that a wrong reference hides nothing else.
import type { JsonObject } from '../fhir/types.ts';
import { plainKey } from './code-lists/code-list.ts';
import { booleanAt, codedText, objectAt, statusCode, textAt } from './elements.ts';
import { resolve, resourcesOf, type RecordIndex } from './record-index.ts';

/** The replaced among the MedicationRequests of the index; those that name one another in a circle all stand. */
export function replacedPrescriptions(index: RecordIndex): ReadonlySet<JsonObject> {
  const priors = new Map<JsonObject, JsonObject>();
  for (const one of resourcesOf(index, 'MedicationRequest')) {
    if (!wasPrescribed(one)) continue;
    const prior = resolve(index, one, objectAt(one, 'priorPrescription'));
    if (prior !== undefined && isSameMedicine(index, one, prior)) priors.set(one, prior);
  }
  const circles = inCircles(priors);
  return new Set([...priors].flatMap(([one, prior]) => (circles.has(one) ? [] : [prior])));
}

const prescribed: ReadonlySet<string | undefined> = new Set(['active', 'on-hold', 'completed', 'stopped']);
const notYet: ReadonlySet<string | undefined> = new Set(['proposal', 'plan', 'option']);

function wasPrescribed(request: JsonObject): boolean {
  return (
    prescribed.has(statusCode(request, 'status')) &&
    !notYet.has(statusCode(request, 'intent')) &&
    booleanAt(request, 'doNotPerform') !== true
  );
}

function isSameMedicine(index: RecordIndex, one: JsonObject, other: JsonObject): boolean {
  if (textAt(other, 'resourceType') !== 'MedicationRequest') return false;
  const names = namesOf(index, one);
  return namesOf(index, other).some((name) => names.includes(name));
}

/** Its codes and its words, each of which may be what two prescriptions have in common. */
function namesOf(index: RecordIndex, request: JsonObject): string[] {
  const reference = objectAt(request, 'medicationReference');
  const concept =
    codedText(objectAt(request, 'medicationCodeableConcept')) ??
    codedText(objectAt(resolve(index, request, reference), 'code'));
  const words = plainKey(concept?.text ?? textAt(reference, 'display') ?? '');
  return [
    ...(concept?.codes ?? []).map(({ system, code }) => `${system}|${code}`),
    ...(words === '' ? [] : [`words ${words}`]),
  ];
}

/** Each has at most one before it: a way that comes to a place it has passed went round from there. */
function inCircles(priors: ReadonlyMap<JsonObject, JsonObject>): ReadonlySet<JsonObject> {
  const circles = new Set<JsonObject>();
  const passed = new Set<JsonObject>();
  for (const start of priors.keys()) {
    const way = new Set<JsonObject>();
    let at: JsonObject | undefined = start;
    for (; at !== undefined && !passed.has(at); at = priors.get(at)) {
      passed.add(at);
      way.add(at);
    }
    if (at === undefined || !way.has(at)) continue;
    const round = [...way];
    for (const one of round.slice(round.indexOf(at))) circles.add(one);
  }
  return circles;
}
