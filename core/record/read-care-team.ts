// The preferred doctor and hospital: our own CareTeam where there is one, else Patient.generalPractitioner.
// Other care teams, which systems write for every visit, say nothing about preference.

import type { JsonObject } from '../fhir/types.ts';
import { ownCareTeam } from './code-systems.ts';
import {
  codedText,
  codesOf,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
  textsAt,
} from './elements.ts';
import type { CareProvider, Fact, Section } from './facts.ts';
import { agentName } from './human-name.ts';
import { telecomOf } from './read-patient.ts';
import { fact } from './read-source.ts';
import { referenceType, resolve, resourcesOf, type RecordIndex } from './record-index.ts';
import { section, withoutDoubles } from './section-building.ts';

export function readCareTeam(index: RecordIndex): Section<CareProvider> {
  const facts: Fact<CareProvider>[] = [];
  for (const team of resourcesOf(index, 'CareTeam')) {
    if (!isPreferredTeam(team) || (statusCode(team, 'status') ?? 'active') !== 'active') continue;
    for (const participant of objectsAt(team, 'participant')) {
      const provider = providerOf(
        index,
        team,
        objectAt(participant, 'member'),
        objectsAt(participant, 'role')[0],
      );
      if (provider !== undefined) facts.push(fact(index, team, provider));
    }
  }
  for (const patient of resourcesOf(index, 'Patient').slice(0, 1)) {
    for (const reference of objectsAt(patient, 'generalPractitioner')) {
      const provider = providerOf(index, patient, reference, undefined);
      if (provider !== undefined && !facts.some((one) => one.value.role === provider.role))
        facts.push(fact(index, patient, provider));
    }
  }
  const once = withoutDoubles(facts, (value) => `${value.role}|${value.name.toLowerCase()}`);
  return section(
    once.sort((a, b) => (a.value.role < b.value.role ? -1 : a.value.role > b.value.role ? 1 : 0)),
  );
}

export function isPreferredTeam(team: JsonObject): boolean {
  return objectsAt(team, 'category')
    .flatMap(codesOf)
    .some((code) => code.system === ownCareTeam);
}

function providerOf(
  index: RecordIndex,
  owner: JsonObject,
  reference: JsonObject | undefined,
  role: JsonObject | undefined,
): CareProvider | undefined {
  const member = resolve(index, owner, reference);
  const practitioner = resolve(index, owner, objectAt(member, 'practitioner'));
  const name =
    textAt(reference, 'display') ??
    agentName(member) ??
    agentName(practitioner) ??
    textAt(objectAt(member, 'practitioner'), 'display');
  if (name === undefined) return undefined;
  const isPlace = referenceType(index, owner, reference) === 'Organization';
  const specialty = codedText(
    objectsAt(objectsAt(member, 'qualification')[0], 'code')[0] ?? objectsAt(member, 'specialty')[0],
  )?.text;
  const told = codedText(role)?.text;
  return {
    role: isPlace ? 'hospital' : 'doctor',
    name,
    ...optional(
      'specialty',
      isPlace ? undefined : (specialty ?? (told === 'Preferred doctor' ? undefined : told)),
    ),
    ...optional('place', placeOf(member)),
    ...optional('phone', member === undefined ? undefined : telecomOf(member, ['phone'])[0]),
  };
}

function placeOf(member: JsonObject | undefined): string | undefined {
  const address = objectsAt(member, 'address')[0];
  if (address === undefined) return undefined;
  const parts = [...textsAt(address, 'line'), textAt(address, 'city')].filter((part) => part !== undefined);
  return textAt(address, 'text') ?? (parts.length > 0 ? parts.join(', ') : undefined);
}
