// Forms to the Patient resource: who somebody is, where they can be reached, whom to call.
// Identifiers, links and everything the forms do not ask stay as they are.

import { entryById } from './code-lists/code-list.ts';
import { languageEntry } from './code-lists/languages.ts';
import { relations } from './code-lists/small-lists.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { bcp47, contactRole } from './code-systems.ts';
import { codesOf, numberAt, objectAt, objectsAt, textAt, textsAt } from './elements.ts';
import type { AddressForm, ContactForm, ContactsForm, IdentityForm } from './forms.ts';
import { nameText, namesInOrder } from './human-name.ts';
import { telecomOf } from './read-patient.ts';
import { plainPhone } from './validate-forms.ts';
import { codesOfChoice, concept, trimmed, withElements, type WriteContext } from './write-elements.ts';

const languageExtension = 'http://hl7.org/fhir/StructureDefinition/language';
const birthSexExtension = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex';

/** The stored Patient, or a new one. A new one has no id where the context names none. */
export function patientBase(context: WriteContext): Resource {
  const stored = context.current.find((one) => one.resourceType === 'Patient');
  return stored ?? { resourceType: 'Patient' };
}

export function identityResource(form: IdentityForm, context: WriteContext): Resource {
  const base = patientBase(context);
  return withElements(base, {
    name: namesWith(base, form),
    birthDate: form.birthDate,
    gender: form.sex,
    extension: extensionsWith(base, form),
    communication:
      form.languages === undefined ? base['communication'] : communicationWith(base, form.languages),
    photo: form.photo === undefined ? base['photo'] : form.photo === null ? undefined : [{ ...form.photo }],
  });
}

function namesWith(base: Resource, form: IdentityForm): JsonValue {
  const text = form.name.trim();
  const ordered = namesInOrder(base);
  const local = new Set(ordered.filter((name) => languageOf(name) !== undefined));
  const main = ordered.find((name) => !local.has(name));
  const unchanged = main !== undefined && nameText(main) === text;
  const others = objectsAt(base, 'name').filter((name) => name !== main && !local.has(name));
  const localNames =
    form.localNames === undefined
      ? [...local]
      : form.localNames.map(({ language, text: words }) => ({
          use: 'usual',
          text: words.trim(),
          _text: { extension: [{ url: languageExtension, valueCode: language }] },
        }));
  // The parts of a name that was typed as one are not guessed: only its text is stored.
  return [unchanged ? main : { use: 'official', text }, ...localNames, ...others];
}

function languageOf(name: JsonObject): string | undefined {
  return objectsAt(objectAt(name, '_text'), 'extension')
    .filter((extension) => textAt(extension, 'url') === languageExtension)
    .map((extension) => textAt(extension, 'valueCode'))[0];
}

function extensionsWith(base: Resource, form: IdentityForm): JsonValue | undefined {
  const others = objectsAt(base, 'extension').filter((one) => textAt(one, 'url') !== birthSexExtension);
  const codes = { male: 'M', female: 'F', other: 'OTH', unknown: 'UNK' };
  const extensions: JsonObject[] =
    form.sexAtBirth === undefined
      ? others
      : [...others, { url: birthSexExtension, valueCode: codes[form.sexAtBirth] }];
  return extensions.length === 0 ? undefined : extensions;
}

function communicationWith(base: Resource, tags: readonly string[]): JsonValue | undefined {
  const stored = objectsAt(base, 'communication');
  if (tags.length === 0) return undefined;
  return tags.map((tag, place) => {
    const same = stored.find((one) => codesOf(objectAt(one, 'language')).some((code) => code.code === tag));
    const entry = languageEntry(tag);
    const language = objectAt(same, 'language') ?? concept(entry?.en ?? tag, [{ system: bcp47, code: tag }]);
    const item: JsonObject = { ...same, language };
    delete item['preferred'];
    return place === 0 ? { ...item, preferred: true } : item;
  });
}

export function addressResource(form: AddressForm, context: WriteContext): Resource {
  const base = patientBase(context);
  const stored = objectsAt(base, 'address');
  const shown =
    stored.find((one) => textAt(one, 'use') === 'home') ?? stored.find((one) => textAt(one, 'use') !== 'old');
  const lines = (form.lines ?? []).map((line) => line.trim()).filter((line) => line !== '');
  const address = withElements({ use: 'home', ...shown } as unknown as Resource, {
    text: undefined,
    line: lines.length === 0 ? undefined : lines,
    city: trimmed(form.city),
    district: trimmed(form.district),
    state: trimmed(form.state),
    postalCode: trimmed(form.postalCode),
    country: trimmed(form.country),
  }) as JsonObject;
  const moved = ['line', 'city', 'postalCode'].some(
    (key) => textsAt(address, key).join('|') !== textsAt(shown, key).join('|'),
  );
  // Coordinates belong to the old address.
  if (moved) delete address['extension'];
  const empty = ['line', 'city', 'district', 'state', 'postalCode', 'country'].every(
    (key) => address[key] === undefined,
  );
  const others = stored.filter((one) => one !== shown);
  const addresses = empty ? others : [address, ...others];
  const telecom = [
    ...contactPoint(base, 'phone', form.phone === undefined ? undefined : plainPhone(form.phone)),
    ...contactPoint(base, 'email', trimmed(form.email)),
    ...objectsAt(base, 'telecom').filter(
      (one) => !['phone', 'sms', 'email'].includes(textAt(one, 'system') ?? ''),
    ),
  ];
  return withElements(base, {
    address: addresses.length === 0 ? undefined : addresses,
    telecom: telecom.length === 0 ? undefined : telecom,
  });
}

/** The form knows one phone and one e-mail: the first. Further ones stay. */
function contactPoint(base: Resource, system: 'phone' | 'email', value: string | undefined): JsonObject[] {
  const systems = system === 'phone' ? ['phone', 'sms'] : ['email'];
  const stored = objectsAt(base, 'telecom').filter((one) => systems.includes(textAt(one, 'system') ?? ''));
  const first = telecomOf(base, systems)[0];
  const shown = stored.find((one) => textAt(one, 'value') === first);
  const others = stored.filter((one) => one !== shown);
  if (value === undefined) return others;
  const kept = others.filter((one) => textAt(one, 'value') !== value);
  return [{ system, use: system === 'phone' ? 'mobile' : 'home', ...shown, value }, ...kept];
}

/** All emergency contacts replaced by those of the form; contacts of other kinds (employer, insurer) stay. */
export function contactsResource(form: ContactsForm, context: WriteContext): Resource {
  const base = patientBase(context);
  const stored = objectsAt(base, 'contact');
  const others = stored.filter((one) => isOtherContact(one));
  const emergency = stored.filter((one) => !isOtherContact(one));
  const contacts = [
    ...form.contacts.map((one, place) => contactElement(one, place + 1, emergency)),
    ...others,
  ];
  return withElements(base, { contact: contacts.length === 0 ? undefined : contacts });
}

function isOtherContact(contact: JsonObject): boolean {
  const roles = objectsAt(contact, 'relationship')
    .flatMap(codesOf)
    .filter((code) => code.system === contactRole)
    .map((code) => code.code);
  return roles.length > 0 && !roles.some((role) => ['C', 'EP', 'N', 'CP', 'U', 'O'].includes(role));
}

function contactElement(form: ContactForm, rank: number, stored: readonly JsonObject[]): JsonObject {
  const phone = plainPhone(form.phone) ?? form.phone;
  const name = form.name.trim();
  const same = stored.find(
    (one) => telecomOf(one, ['phone', 'sms']).includes(phone) || nameText(objectAt(one, 'name')) === name,
  );
  const role = concept('Emergency contact', [
    { system: contactRole, code: 'C', display: 'Emergency Contact' },
  ]);
  const chosen = form.relation?.listId === undefined ? undefined : entryById(relations, form.relation.listId);
  const relation =
    form.relation === undefined
      ? []
      : [concept(trimmed(form.relation.text) ?? chosen?.en ?? '', codesOfChoice(relations, form.relation))];
  const otherNumbers = objectsAt(same, 'telecom').filter((one) => textAt(one, 'value') !== phone);
  const contact: JsonObject = {
    ...same,
    relationship: [role, ...relation],
    name:
      nameText(objectAt(same, 'name')) === name ? (objectAt(same, 'name') ?? { text: name }) : { text: name },
    telecom: [
      { system: 'phone', value: phone, rank },
      // A further number must not outrank this one among the contacts.
      ...otherNumbers.map((one) => (numberAt(one, 'rank') === undefined ? one : { ...one, rank: rank + 50 })),
    ],
  };
  return contact;
}
