// A person's resources to an International Patient Summary: a document Bundle as text. Stored texts go in as they are, so
// every digit stays; only references to what the document does not hold lose their address. Same input, same document.

import { canonicalJson, isJsonObject, parseJson } from '../fhir/json.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { NoneKnownSection } from '../record/none-known.ts';
import { codesOf, objectAt, objectsAt, textAt } from '../record/elements.ts';
import { contradictions } from '../record/contradictions.ts';
import { recordIndex } from '../record/record-index.ts';
import { absentElements } from './absent-elements.ts';
import { confidentialityOf, highest, type Confidentiality } from './confidentiality.ts';
import { entryDate, entryWords, targetName } from './entry-words.ts';
import { listNarrative, sentenceNarrative } from './narrative.ts';
import {
  isBloodGroup,
  placementOf,
  summarySections,
  type SectionKey,
  type SummarySection,
} from './sections.ts';

export interface SummaryResource {
  readonly type: string;
  readonly id: string;
  /** Canonical JSON text as stored. */
  readonly text: string;
  /** YYYY-MM-DD, of what stands in a record that was joined on that day. */
  readonly joinedOn?: string;
}

export interface SummaryRequest {
  /** The server's FHIR base without a final slash. */
  readonly base: string;
  readonly patient: SummaryResource;
  /** Current resources of the person, in any order. */
  readonly resources: readonly SummaryResource[];
  /** Types that the asker may not see: their sections say so instead of seeming empty. */
  readonly withheldTypes: ReadonlySet<string>;
  /** A line for each sealed entry, where the asker may know that there are any; absent for everybody else. */
  readonly sealed?: readonly string[];
  readonly at: Date;
  /** Two UUIDs: of the document and of its author. */
  readonly documentId: string;
  readonly authorId: string;
}

/** What a document is made of, before the resources that it refers to outside the record are known. */
export interface SummaryDraft {
  readonly request: SummaryRequest;
  readonly chosen: ReadonlyMap<SectionKey, readonly Chosen[]>;
  readonly denials: ReadonlySet<NoneKnownSection>;
  /** `Type/id` of practitioners, organisations, medicines, devices and the like that the chosen name. */
  readonly wanted: readonly string[];
}

interface Chosen extends SummaryResource {
  readonly resource: JsonObject;
}

/** Entries in one section; the newest are kept. */
const maxEntries = 100;

const followed = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Medication',
  'Device',
  'Specimen',
  'Location',
]);

/** `"reference":"Type/id"` in canonical text; quotes inside strings are escaped, so this stands only where a property is. */
const localReference =
  /"reference":"(?:(https?:\/\/[^"]*)\/)?([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?"(,"type":"[^"]*")?/g;

/** Chooses what stands in which section. */
export function draftSummary(request: SummaryRequest): SummaryDraft {
  const chosen = new Map<SectionKey, Chosen[]>();
  const denials = new Set<NoneKnownSection>();
  for (const one of request.resources) {
    const resource = parseJson(one.text);
    if (!isJsonObject(resource)) continue;
    const placement = placementOf(resource);
    if (placement === undefined) continue;
    if ('denies' in placement) {
      denials.add(placement.denies);
      continue;
    }
    const list = chosen.get(placement.in) ?? [];
    list.push({ ...one, resource });
    chosen.set(placement.in, list);
  }
  for (const [section, list] of chosen) chosen.set(section, newest(section, list));
  const wanted = new Set<string>();
  collectWanted(request, request.patient.text, wanted);
  for (const list of chosen.values()) for (const one of list) collectWanted(request, one.text, wanted);
  return { request, chosen, denials, wanted: [...wanted].sort() };
}

const latestOfEach: ReadonlySet<SectionKey> = new Set([
  'results',
  'vital-signs',
  'social-history',
  'pregnancy',
]);

/** Newest first; of measurements that repeat only the last of each kind. Blood groups do not change: each that is said stands. */
function newest(section: SectionKey, list: readonly Chosen[]): Chosen[] {
  const dated = list
    .map((one) => ({ one, date: entryDate(one.resource) ?? '' }))
    .sort((a, b) => compare(b.date, a.date) || compare(a.one.type, b.one.type) || compare(a.one.id, b.one.id))
    .map(({ one }) => one);
  if (!latestOfEach.has(section)) return dated.slice(0, maxEntries);
  const kinds = new Set<string>();
  return dated
    .filter((one) => {
      const [code] = codesOf(objectAt(one.resource, 'code'));
      const said = textAt(objectAt(one.resource, 'code'), 'text');
      const named = code === undefined ? (said ?? one.id) : `${one.type} ${code.system}|${code.code}`;
      const kind = isBloodGroup(one.resource)
        ? `${named} ${entryWords(undated(one.resource), unnamed)}`
        : named;
      if (kinds.has(kind)) return false;
      kinds.add(kind);
      return true;
    })
    .slice(0, maxEntries);
}

const unnamed = (): undefined => undefined;
const undated = (resource: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => !/^(?:effective|issued)/u.test(key)));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function collectWanted(request: SummaryRequest, text: string, wanted: Set<string>): void {
  for (const [, base, type = '', id = ''] of text.matchAll(localReference))
    if ((base === undefined || base === request.base) && followed.has(type)) wanted.add(`${type}/${id}`);
}

/** What the wanted ones name in their turn (a role names a practitioner and an organisation); one step further, no more. */
export function furtherWanted(draft: SummaryDraft, targets: readonly SummaryResource[]): string[] {
  const known = new Set(draft.wanted);
  const further = new Set<string>();
  for (const target of targets) {
    const wanted = new Set<string>();
    collectWanted(draft.request, target.text, wanted);
    for (const key of wanted) if (!known.has(key)) further.add(key);
  }
  return [...further].sort();
}

/** @param targets those of the wanted resources that stand and may be shown */
export function summaryDocument(draft: SummaryDraft, targets: readonly SummaryResource[]): string {
  const { request, chosen } = draft;
  const { base, patient } = request;
  const inside = new Set([`${patient.type}/${patient.id}`]);
  for (const list of chosen.values()) for (const one of list) inside.add(`${one.type}/${one.id}`);
  for (const target of targets) inside.add(`${target.type}/${target.id}`);
  const named = targetNames(targets);
  const sections = summarySections
    .filter((section) => isShown(draft, section))
    .map((section) => sectionElement(draft, section, named));
  if (request.sealed !== undefined) sections.push(sealedSection(request.sealed));
  const marks = new Set<Confidentiality>();
  const entries = [`{"fullUrl":"urn:uuid:${request.authorId}","resource":${canonicalJson(authorDevice)}}`];
  const written = new Set<string>();
  const add = ({ type, id, text }: SummaryResource): void => {
    const key = `${type}/${id}`;
    if (written.has(key)) return;
    written.add(key);
    for (const mark of confidentialityOf(text)) marks.add(mark);
    entries.push(`{"fullUrl":"${base}/${key}","resource":${insideText(request, text, inside)}}`);
  };
  add({ ...patient, text: withAbsent(patient.text, absentElements(parsed(patient.text))) });
  for (const section of summarySections)
    for (const one of chosen.get(section.id) ?? [])
      add({ ...one, text: withAbsent(one.text, absentElements(one.resource)) });
  for (const target of targets) add(target);
  const [author = '', ...others] = entries;
  const mark = highest(marks);
  const head = canonicalJson({
    resourceType: 'Bundle',
    meta: { security: [mark.coding] },
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${request.documentId}` },
    timestamp: request.at.toISOString(),
  });
  const composition = `{"fullUrl":"urn:uuid:${request.documentId}","resource":${canonicalJson(
    compositionResource(request, sections, mark.code),
  )}}`;
  return `${head.slice(0, -1)},"entry":[${[composition, ...others, author].join(',')}]}`;
}

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

/** Elements that a profile wants and nobody recorded stand with the reason why they are absent. */
function withAbsent(text: string, absent: JsonObject): string {
  const added = canonicalJson(absent);
  return added === '{}' ? text : `${added.slice(0, -1)},${text.slice(1)}`;
}

/** References to what is not in the document keep type and words, and lose an address that would lead nowhere. */
function insideText(request: SummaryRequest, text: string, inside: ReadonlySet<string>): string {
  return text.replace(
    localReference,
    (whole, base: string | undefined, type: string, id: string, said: string | undefined) => {
      if (base !== undefined && base !== request.base) return whole;
      const key = `${type}/${id}`;
      return inside.has(key) ? `"reference":"${key}"${said ?? ''}` : `"type":"${type}"`;
    },
  );
}

function targetNames(targets: readonly SummaryResource[]): (reference: string) => string | undefined {
  const named = new Map<string, string>();
  for (const { type, id, text } of targets) {
    if (type !== 'Medication' && type !== 'Device') continue;
    const name = targetName(parsed(text));
    if (name !== undefined) named.set(`${type}/${id}`, name);
  }
  return (reference) => named.get(reference.split('/').slice(-2).join('/'));
}

function isWithheld({ request }: SummaryDraft, { types }: SummarySection): boolean {
  return types.every((type) => request.withheldTypes.has(type));
}

function isShown(draft: SummaryDraft, section: SummarySection & { id: SectionKey }): boolean {
  return section.required !== undefined || (draft.chosen.get(section.id) ?? []).length > 0;
}

/** Nothing known of, nobody asked, or not for this reader: three silences that never look alike. */
const silences = {
  nilknown: ['Nil Known', 'None known: this was asked, and there is none.'],
  unavailable: ['Unavailable', 'Nothing is recorded about this. It does not mean that there is none.'],
  withheld: ['Information Withheld', 'Not shown to this reader, whether or not there is anything.'],
} as const;

function sectionElement(
  draft: SummaryDraft,
  section: SummarySection & { id: SectionKey },
  named: (reference: string) => string | undefined,
): JsonObject {
  const list = draft.chosen.get(section.id) ?? [];
  const head = {
    title: section.title,
    code: { coding: [{ system: 'http://loinc.org', code: section.code, display: section.display }] },
  };
  if (list.length > 0)
    return {
      ...head,
      text: listNarrative([...warnings(list), ...list.map((one) => lineOf(one, named))]),
      entry: list.map(({ type, id }) => ({ reference: `${draft.request.base}/${type}/${id}` })),
    };
  const silence = isWithheld(draft, section)
    ? 'withheld'
    : section.required !== undefined && draft.denials.has(section.required)
      ? 'nilknown'
      : 'unavailable';
  const [display, sentence] = silences[silence];
  return {
    ...head,
    text: sentenceNarrative(sentence),
    emptyReason: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: silence, display }],
    },
  };
}

const lineOf = (one: Chosen, named: (reference: string) => string | undefined): string =>
  [
    entryWords(one.resource, named),
    ...(one.joinedOn === undefined ? [] : [`in the record joined on ${one.joinedOn}`]),
  ].join(', ');

/** What stands in two ways where only one can be right. */
function warnings(list: readonly Chosen[]): string[] {
  const { bloodGroups } = contradictions([recordIndex(list.map(({ resource }) => resource))]);
  return bloodGroups.length === 0
    ? []
    : ['Two different blood groups are recorded: type again before transfusing.'];
}

/** That there is more, and where it came from: for the reader who may know it. */
function sealedSection(lines: readonly string[]): JsonObject {
  return {
    title: 'Sealed entries',
    code: { text: 'Sealed entries' },
    text: listNarrative(lines),
    emptyReason: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason',
          code: 'withheld',
          display: silences.withheld[0],
        },
      ],
    },
  };
}

const authorDevice: JsonObject = {
  resourceType: 'Device',
  type: { text: 'Personal health record' },
  deviceName: [{ name: 'Medallion', type: 'user-friendly-name' }],
};

function compositionResource(
  request: SummaryRequest,
  sections: readonly JsonObject[],
  confidentiality: string,
): JsonObject {
  const day = request.at.toISOString();
  return {
    resourceType: 'Composition',
    meta: { profile: ['http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips'] },
    status: 'final',
    type: {
      coding: [{ system: 'http://loinc.org', code: '60591-5', display: 'Patient summary Document' }],
    },
    subject: { reference: `${request.base}/Patient/${request.patient.id}` },
    date: day,
    author: [{ reference: `urn:uuid:${request.authorId}`, display: 'Medallion' }],
    title: `Patient summary as of ${day.slice(0, 10)}`,
    confidentiality,
    text: sentenceNarrative(
      `Patient summary as of ${day.slice(0, 10)}, put together from the person's record.`,
    ),
    section: sections.map((section) => section),
  };
}

/** The sections' own objects, for whoever wants to know what a document says without its resources. */
export function sectionsOf(document: JsonObject): readonly JsonObject[] {
  const composition = objectAt(objectsAt(document, 'entry')[0], 'resource');
  return objectsAt(composition, 'section');
}
