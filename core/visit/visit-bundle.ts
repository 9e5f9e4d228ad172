// A signed visit as one FHIR transaction: all of it is stored, or nothing. Pure: ids and times are those of the draft and of whoever signs.
import { categoryOf } from '../access/categories.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { said } from '../forms/making.ts';
import { loinc } from '../record/code-systems.ts';
import { concept } from '../record/write-elements.ts';
import type { VisitDraft } from './draft.ts';
import type { Signing, VisitEntry } from './entries.ts';
import { linesOf, referenceTo, signer, urlOf, visitSystem } from './entries.ts';
import { noteOf } from './note.ts';
import { findingResources, orderResources, planResources } from './visit-parts.ts';

export function visitBundle(draft: VisitDraft, signing: Signing): Resource {
  const inside = (entry: VisitEntry): boolean =>
    signing.covered === undefined || signing.covered.includes(categoryOf(entry.resource));
  const parts = [
    ...findingResources(draft, signing),
    ...orderResources(draft, signing),
    ...planResources(draft, signing),
    ...pictureOf(draft, signing),
  ].filter(inside);
  const encounter = { part: 'encounter', resource: encounterOf(draft, signing, parts) };
  const note = [{ part: 'note', resource: noteOf(draft, signing, parts) }].filter(inside);
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [encounter, ...parts, ...note].map((entry) => entryOf(draft, signing, entry)),
  };
}

function entryOf(draft: VisitDraft, { again }: Signing, { part, resource }: VisitEntry): JsonObject {
  const identifier = { system: visitSystem, value: part === 'encounter' ? draft.id : `${draft.id}.${part}` };
  const many = resource.resourceType !== 'Composition';
  const own = Array.isArray(resource['identifier']) ? resource['identifier'] : [];
  return {
    fullUrl: urlOf(draft, part),
    resource: { ...resource, identifier: many ? [identifier, ...own] : identifier },
    request: said({
      method: 'POST',
      url: resource.resourceType,
      ifNoneExist:
        again === true
          ? `identifier=${encodeURIComponent(`${identifier.system}|${identifier.value}`)}`
          : undefined,
    }),
  };
}

function encounterOf(draft: VisitDraft, signing: Signing, parts: readonly VisitEntry[]): Resource {
  const symptoms = linesOf(draft.symptoms);
  const diagnosis = parts.filter(({ resource }) => resource.resourceType === 'Condition');
  const participant: JsonValue = [
    {
      type: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
              code: 'PPRF',
              display: 'primary performer',
            },
          ],
        },
      ],
      individual: signer(signing),
    },
  ];
  return {
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [{ text: 'Consultation' }],
    subject: { reference: `Patient/${draft.patientId}` },
    participant,
    period: { start: draft.startedAt < signing.at ? draft.startedAt : signing.at, end: signing.at },
    ...said({
      reasonCode: symptoms.length > 0 ? symptoms.map((text) => ({ text })) : undefined,
      diagnosis:
        diagnosis.length > 0
          ? diagnosis.map(({ part }) => ({ condition: referenceTo(draft, part) }))
          : undefined,
      serviceProvider:
        signing.organization === undefined
          ? undefined
          : { reference: signing.organization.reference, display: signing.organization.name },
    }),
  };
}

function pictureOf(draft: VisitDraft, signing: Signing): VisitEntry[] {
  if (draft.picture === undefined) return [];
  const { contentType, data } = draft.picture;
  return [
    {
      part: 'picture',
      resource: {
        resourceType: 'DocumentReference',
        status: 'current',
        type: concept('Prescription on paper', [{ system: loinc, code: '57833-6' }]),
        subject: { reference: `Patient/${draft.patientId}` },
        date: signing.at,
        author: [signer(signing)],
        content: [{ attachment: { contentType, data, title: 'Prescription on paper' } }],
        context: { encounter: [referenceTo(draft, 'encounter')] },
      },
    },
  ];
}
