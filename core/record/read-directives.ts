// Advance directives (Consent, DocumentReference, Flag) and ordinary documents.

import type { JsonObject } from '../fhir/types.ts';
import { consentCategory, consentScope, loinc, ownDocumentKind, snomed } from './code-systems.ts';
import {
  codedText,
  codesOf,
  dateAt,
  firstDate,
  hasCode,
  noteText,
  numberAt,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
} from './elements.ts';
import type { Code, Directive, DirectiveKind, DocumentFact, DocumentKind, Fact, Section } from './facts.ts';
import { noneKnownIn } from './none-known.ts';
import { isObservationStated, observationsOf } from './read-observations.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { newerFirst, section, sortFacts, type Denial } from './section-building.ts';

const directiveCodes: ReadonlyMap<string, DirectiveKind> = new Map([
  [`${consentCategory}|dnr`, 'dnr'],
  [`${consentCategory}|polst`, 'portable-order'],
  [`${consentCategory}|hcd`, 'power-of-attorney'],
  [`${loinc}|81351-9`, 'dnr'],
  [`${snomed}|304253006`, 'dnr'],
  [`${loinc}|93037-0`, 'portable-order'],
  [`${loinc}|81352-7`, 'portable-order'],
  [`${loinc}|86533-7`, 'living-will'],
  [`${loinc}|64298-3`, 'power-of-attorney'],
  [`${loinc}|92664-2`, 'power-of-attorney'],
  [`${loinc}|81334-5`, 'care-plan'],
  [`${loinc}|42348-3`, 'other'],
  [`${consentCategory}|acd`, 'other'],
]);
const kindOrder: readonly DirectiveKind[] = [
  'dnr',
  'portable-order',
  'living-will',
  'power-of-attorney',
  'care-plan',
  'other',
];
const directiveSection = new Set(['42348-3']);

/** Types and categories (`system|code`) by which a document is an advance directive: see `isDirective`. */
export const directiveTypeCodes: readonly string[] = [...directiveCodes.keys()];
export const directiveSectionCode = `${loinc}|42348-3`;
/** The scope of a Consent that is one. */
export const directiveConsentCode = `${consentScope}|adr`;

export function readDirectives(index: RecordIndex): Section<Directive> {
  const facts: Fact<Directive>[] = [];
  const denials: Denial[] = [];
  for (const resource of resourcesOf(index, 'Consent')) {
    const scope = codesOf(objectAt(resource, 'scope'));
    const codes = objectsAt(resource, 'category').flatMap(codesOf);
    if (statusCode(resource, 'status') !== 'active') continue;
    if (!hasCode(scope, consentScope, new Set(['adr'])) && kindOf(codes) === undefined) continue;
    if (noneKnownIn(codes).includes('directives')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
      continue;
    }
    const paper = objectAt(resource, 'sourceAttachment');
    facts.push(
      fact(index, resource, {
        kind: kindOf(codes) ?? 'other',
        title: codedText(objectsAt(resource, 'category')[0])?.text ?? 'Advance directive',
        ...optional('whereToFind', textAt(paper, 'title')),
        ...optional('date', dateAt(resource, 'dateTime')),
        ...optional('url', textAt(paper, 'url')),
      }),
    );
  }
  for (const resource of resourcesOf(index, 'DocumentReference')) {
    if (statusCode(resource, 'status') !== 'current' || !isDirective(resource)) continue;
    const type = codedText(objectAt(resource, 'type'));
    const paper = attachmentOf(resource);
    facts.push(
      fact(index, resource, {
        kind: kindOf(type?.codes ?? []) ?? 'other',
        title: type?.text ?? textAt(paper, 'title') ?? 'Advance directive',
        ...optional('whereToFind', textAt(resource, 'description') ?? noteText(resource)),
        ...optional('date', dateAt(paper, 'creation') ?? dateAt(resource, 'date')),
        ...optional('url', textAt(paper, 'url')),
      }),
    );
  }
  for (const resource of observationsOf(index, '81351-9')) {
    const said = codedText(objectAt(resource, 'valueCodeableConcept'));
    const yes = said?.codes.some((code) => code.code === 'Y' || code.code === 'LA33-6') === true;
    const order = resource['valueBoolean'] === true || yes;
    if (!isObservationStated(resource) || !order) continue;
    facts.push(
      fact(index, resource, {
        kind: 'dnr',
        title: codedText(objectAt(resource, 'code'))?.text ?? 'Do not resuscitate',
        ...optional('date', firstDate(resource, ['effectiveDateTime', 'issued'])),
      }),
    );
  }
  return section(
    sortFacts(facts, (value) => kindOrder.indexOf(value.kind)),
    denials,
  );
}

function kindOf(codes: readonly Code[]): DirectiveKind | undefined {
  const kinds = codes.map((code) => directiveCodes.get(`${code.system}|${code.code}`));
  return kindOrder.find((kind) => kinds.includes(kind));
}

/** True for a document that is an advance directive: by its category, or by its type. */
export function isDirective(resource: JsonObject): boolean {
  const categories = objectsAt(resource, 'category').flatMap(codesOf);
  return (
    hasCode(categories, loinc, directiveSection) || kindOf(codesOf(objectAt(resource, 'type'))) !== undefined
  );
}

const documentCodes: ReadonlyMap<string, DocumentKind> = new Map([
  [`${loinc}|57833-6`, 'prescription'],
  [`${loinc}|11502-2`, 'lab-report'],
  [`${loinc}|18748-4`, 'imaging'],
  [`${loinc}|18842-5`, 'discharge-summary'],
  [`${loinc}|34133-9`, 'visit-note'],
  [`${loinc}|11506-3`, 'visit-note'],
  [`${loinc}|64290-0`, 'insurance'],
  [`${snomed}|440545006`, 'prescription'],
  [`${snomed}|373942005`, 'discharge-summary'],
  [`${snomed}|371530004`, 'visit-note'],
]);
const ownKinds: ReadonlySet<string> = new Set<DocumentKind>([
  'prescription',
  'lab-report',
  'imaging',
  'discharge-summary',
  'visit-note',
  'insurance',
  'identity',
  'other',
]);

/** Current documents that are no advance directives, the newest first. */
export function readDocuments(index: RecordIndex): Section<DocumentFact> {
  const facts: Fact<DocumentFact>[] = [];
  for (const resource of resourcesOf(index, 'DocumentReference')) {
    if (statusCode(resource, 'status') !== 'current' || isDirective(resource)) continue;
    const attachment = attachmentOf(resource);
    const type = codedText(objectAt(resource, 'type'));
    const title = textAt(resource, 'description') ?? textAt(attachment, 'title') ?? type?.text;
    if (title === undefined) continue;
    const url = textAt(attachment, 'url');
    facts.push(
      fact(index, resource, {
        title,
        kind: documentKind(type?.codes ?? []),
        ...optional('date', dateAt(attachment, 'creation') ?? dateAt(resource, 'date')),
        fileId: fileIdOf(url),
        ...optional('url', url),
        ...optional('contentType', textAt(attachment, 'contentType')),
        ...optional('sizeBytes', numberAt(attachment, 'size')),
      }),
    );
  }
  return section(facts.sort((a, b) => newerFirst(a.value.date, b.value.date)));
}

function attachmentOf(resource: JsonObject): JsonObject | undefined {
  return objectAt(objectsAt(resource, 'content')[0], 'attachment');
}

function documentKind(codes: readonly Code[]): DocumentKind {
  for (const code of codes) {
    if (code.system === ownDocumentKind && ownKinds.has(code.code)) return code.code as DocumentKind;
    const known = documentCodes.get(`${code.system}|${code.code}`);
    if (known !== undefined) return known;
  }
  return 'other';
}

function fileIdOf(url: string | undefined): string {
  return /([A-Za-z0-9._~-]+)\/?(?:[?#].*)?$/u.exec(url ?? '')?.[1] ?? '';
}
