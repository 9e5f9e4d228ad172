// Patient (and RelatedPerson) to who somebody is, where they can be reached, and whom to call.

import { languageEntry } from './code-lists/languages.ts';
import { findEntry } from './code-lists/code-list.ts';
import { relations } from './code-lists/small-lists.ts';
import type { JsonObject } from '../fhir/types.ts';
import { aliasSystem, contactRole, uhidSystem, v3RoleCode } from './code-systems.ts';
import {
  booleanAt,
  codedText,
  codesOf,
  dateAt,
  numberAt,
  objectAt,
  objectsAt,
  optional,
  textAt,
  textsAt,
  valueAt,
} from './elements.ts';
import type {
  CodedText,
  ContactDetails,
  EmergencyContact,
  Fact,
  Identity,
  Language,
  Photo,
  PostalAddress,
  Section,
  Sex,
} from './facts.ts';
import { nameText, namesInOrder } from './human-name.ts';
import { fact } from './read-source.ts';
import { resourcesOf, type RecordIndex } from './record-index.ts';
import { section } from './section-building.ts';

const languageExtension = 'http://hl7.org/fhir/StructureDefinition/language';
const birthSexExtension = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex';
const preferredRank = 99;

export function readIdentity(index: RecordIndex): Section<Identity> {
  const patient = resourcesOf(index, 'Patient')[0];
  if (patient === undefined) return { state: 'not-recorded' };
  const names = namesInOrder(patient);
  const plain = names.filter((name) => scriptOf(name) === undefined);
  const name = [...plain, ...names].map(nameText).find((text) => text !== undefined);
  if (name === undefined) return { state: 'not-recorded' };
  const localNames = names.flatMap((one) => {
    const language = scriptOf(one);
    const text = nameText(one);
    return language === undefined || text === undefined ? [] : [{ language, text }];
  });
  return section([
    fact(index, patient, {
      name,
      localNames,
      ...optional('birthDate', dateAt(patient, 'birthDate')),
      ...optional('sex', sexOf(textAt(patient, 'gender'))),
      ...optional('sexAtBirth', birthSex(patient)),
      languages: languagesOf(patient),
      ...optional('photo', photoOf(patient)),
      ...optional('uhid', identifierOf(patient, uhidSystem)?.replace(/[^0-9]/gu, '')),
      ...optional('alias', identifierOf(patient, aliasSystem)),
      ...optional('deceased', deceasedOf(patient)),
    }),
  ]);
}

export function readContactDetails(index: RecordIndex): Section<ContactDetails> {
  const patient = resourcesOf(index, 'Patient')[0];
  if (patient === undefined) return { state: 'not-recorded' };
  const home = objectsAt(patient, 'address')
    .filter((address) => textAt(address, 'use') !== 'old')
    .sort((a, b) => Number(textAt(b, 'use') === 'home') - Number(textAt(a, 'use') === 'home'))
    .map(addressOf)
    .find((address) => address !== undefined);
  const phones = telecomOf(patient, ['phone', 'sms']);
  const emails = telecomOf(patient, ['email']);
  if (home === undefined && phones.length === 0 && emails.length === 0) return { state: 'not-recorded' };
  return section([fact(index, patient, { ...optional('home', home), phones, emails })]);
}

/** Contacts marked for emergencies; where none is marked, every personal contact. First to call first. */
export function readEmergencyContacts(index: RecordIndex): Section<EmergencyContact> {
  const found: (Fact<EmergencyContact> & { rank: number; marked: boolean })[] = [];
  for (const patient of resourcesOf(index, 'Patient').slice(0, 1)) {
    for (const [place, contact] of objectsAt(patient, 'contact').entries()) {
      const codes = objectsAt(contact, 'relationship').flatMap(codesOf);
      const roles = codes.filter((code) => code.system === contactRole).map((code) => code.code);
      if (roles.some((role) => role === 'E' || role === 'I' || role === 'F' || role === 'S' || role === 'BP'))
        continue;
      const value = contactOf(objectAt(contact, 'name'), contact, place);
      if (value === undefined) continue;
      const marked =
        roles.includes('C') || roles.includes('EP') || codes.some((code) => code.code === 'ECON');
      found.push({ ...fact(index, patient, value), rank: rankOf(contact, place), marked });
    }
  }
  for (const [place, person] of resourcesOf(index, 'RelatedPerson').entries()) {
    if (booleanAt(person, 'active') === false) continue;
    const codes = objectsAt(person, 'relationship').flatMap(codesOf);
    const marked = codes.some((code) => ['C', 'EP', 'ECON'].includes(code.code));
    const value = marked ? contactOf(namesInOrder(person)[0], person, place) : undefined;
    if (value !== undefined)
      found.push({ ...fact(index, person, value), rank: rankOf(person, 100 + place), marked });
  }
  const chosen = found.some((one) => one.marked) ? found.filter((one) => one.marked) : found;
  const ordered = chosen
    .sort((a, b) => a.rank - b.rank)
    .map(({ value, source, resource }, place) => ({
      value: { ...value, order: place + 1 },
      source,
      resource,
    }));
  return section(ordered);
}

function contactOf(
  name: JsonObject | undefined,
  contact: JsonObject,
  place: number,
): EmergencyContact | undefined {
  const phone = telecomOf(contact, ['phone', 'sms'])[0];
  const text = nameText(name) ?? textAt(objectAt(contact, 'organization'), 'display');
  if (text === undefined && phone === undefined) return undefined;
  return {
    name: text ?? phone ?? '',
    ...optional('relation', relationOf(contact)),
    ...optional('phone', phone),
    order: place + 1,
  };
}

/** The relation in family words: v3 RoleCode first, then words; the mere role "emergency contact" is none. */
function relationOf(contact: JsonObject): CodedText | undefined {
  const concepts = objectsAt(contact, 'relationship');
  for (const concept of concepts) {
    const codes = codesOf(concept).filter((code) => code.system === v3RoleCode && code.code !== 'ECON');
    const entry = findEntry(relations, codes, '');
    const text = textAt(concept, 'text') ?? entry?.en ?? codes[0]?.display;
    if (codes.length > 0 && text !== undefined) return { text, codes };
  }
  for (const concept of concepts) {
    const text = textAt(concept, 'text');
    const entry = text === undefined ? undefined : findEntry(relations, [], text);
    if (text !== undefined && !/^(?:emergency|next.of.kin)/iu.test(text))
      return { text, codes: entry?.codes ?? [] };
  }
  return undefined;
}

function rankOf(contact: JsonObject, place: number): number {
  const ranks = objectsAt(contact, 'telecom')
    .map((telecom) => numberAt(telecom, 'rank'))
    .filter((rank) => rank !== undefined && rank > 0);
  return Math.min(...ranks.map((rank) => rank ?? preferredRank), preferredRank) * 1000 + place;
}

/** Numbers or addresses of some systems, in the order of their rank, without old ones and doubles. */
export function telecomOf(owner: JsonObject, systems: readonly string[]): string[] {
  const values = objectsAt(owner, 'telecom')
    .filter((one) => systems.includes(textAt(one, 'system') ?? 'phone') && textAt(one, 'use') !== 'old')
    .sort((a, b) => (numberAt(a, 'rank') ?? preferredRank) - (numberAt(b, 'rank') ?? preferredRank))
    .map((one) => textAt(one, 'value'))
    .filter((value) => value !== undefined);
  return [...new Set(values)];
}

function addressOf(address: JsonObject): PostalAddress | undefined {
  const lines = textsAt(address, 'line');
  const text = textAt(address, 'text');
  const parts = {
    ...optional('city', textAt(address, 'city')),
    ...optional('district', textAt(address, 'district')),
    ...optional('state', textAt(address, 'state')),
    ...optional('postalCode', textAt(address, 'postalCode')),
    ...optional('country', textAt(address, 'country')),
  };
  if (lines.length === 0 && Object.keys(parts).length === 0) {
    return text === undefined ? undefined : { lines: [text] };
  }
  return { lines, ...parts };
}

function languagesOf(patient: JsonObject): Language[] {
  const found: Language[] = [];
  for (const item of objectsAt(patient, 'communication')) {
    const said = codedText(objectAt(item, 'language'));
    const code = said?.codes[0]?.code ?? '';
    const text = languageEntry(code)?.en ?? said?.text;
    if (text === undefined || found.some((one) => one.text === text)) continue;
    found.push({ code, text, preferred: booleanAt(item, 'preferred') === true });
  }
  return found.sort((a, b) => Number(b.preferred) - Number(a.preferred));
}

function scriptOf(name: JsonObject): string | undefined {
  return objectsAt(objectAt(name, '_text'), 'extension')
    .filter((extension) => textAt(extension, 'url') === languageExtension)
    .map((extension) => textAt(extension, 'valueCode'))
    .find((code) => code !== undefined);
}

function sexOf(text: string | undefined): Sex | undefined {
  return text === 'male' || text === 'female' || text === 'other' || text === 'unknown' ? text : undefined;
}

function birthSex(patient: JsonObject): Sex | undefined {
  const code = objectsAt(patient, 'extension')
    .filter((extension) => textAt(extension, 'url') === birthSexExtension)
    .map((extension) => textAt(extension, 'valueCode'))[0];
  return code === 'M' ? 'male' : code === 'F' ? 'female' : code === 'OTH' ? 'other' : undefined;
}

function photoOf(patient: JsonObject): Photo | undefined {
  for (const photo of objectsAt(patient, 'photo')) {
    const url = textAt(photo, 'url');
    const data = valueAt(photo, 'data');
    if (url === undefined && typeof data !== 'string') continue;
    return {
      ...optional('url', url),
      ...optional('data', typeof data === 'string' ? data : undefined),
      ...optional('contentType', textAt(photo, 'contentType')),
    };
  }
  return undefined;
}

function identifierOf(patient: JsonObject, system: string): string | undefined {
  return objectsAt(patient, 'identifier')
    .filter((identifier) => textAt(identifier, 'system') === system && textAt(identifier, 'use') !== 'old')
    .map((identifier) => textAt(identifier, 'value'))
    .find((value) => value !== undefined);
}

function deceasedOf(patient: JsonObject): Identity['deceased'] {
  const date = dateAt(patient, 'deceasedDateTime');
  if (date !== undefined) return { date };
  return booleanAt(patient, 'deceasedBoolean') === true ? {} : undefined;
}
