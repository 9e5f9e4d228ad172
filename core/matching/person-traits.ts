// What a Patient resource says of who somebody is, made comparable. Reads the resource; decides nothing.
import { isJsonObject } from '../fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../fhir/types.ts';
import { nameWords } from './name-sound.ts';

export interface PersonName {
  /** Given names in their order; a name that has only one part stands here. */
  readonly given: readonly string[];
  readonly family: readonly string[];
}

export interface PersonTraits {
  readonly names: readonly PersonName[];
  /** As written: `1981-05-03`, `1981-05` or `1981`. */
  readonly birthDate: string | undefined;
  readonly gender: 'male' | 'female' | undefined;
  /** The last ten digits, which are the same with and without a country code. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly postalCodes: readonly string[];
  readonly cities: readonly string[];
  /** The words of each address line. */
  readonly lines: readonly (readonly string[])[];
  readonly identifiers: readonly { readonly system: string; readonly value: string }[];
}

const mostOfEach = 20;

const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const objectsOf = (value: JsonValue | undefined): JsonObject[] =>
  listOf(value).filter(isJsonObject).slice(0, mostOfEach);
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');
const unique = (values: readonly string[]): string[] => [...new Set(values)].filter((one) => one !== '');

/** Texts are compared without case and punctuation. */
const plain = (text: string): string => nameWords(text).join(' ');

export function traitsOf(patient: Resource): PersonTraits {
  const telecoms = objectsOf(patient['telecom']);
  const ofSystem = (system: string): string[] =>
    telecoms
      .filter((one) => textOf(one['system']) === system)
      .map((one) => textOf(one['value']).slice(0, 200));
  const addresses = objectsOf(patient['address']);
  const { birthDate, gender } = patient;
  return {
    names: objectsOf(patient['name']).map(readName).filter(isNamed),
    birthDate:
      typeof birthDate === 'string' && /^\d{4}(-\d\d(-\d\d)?)?$/.test(birthDate) ? birthDate : undefined,
    gender: gender === 'male' || gender === 'female' ? gender : undefined,
    phones: unique([...ofSystem('phone'), ...ofSystem('sms')].map(phoneKey)),
    emails: unique(ofSystem('email').map((one) => one.trim().toLowerCase())),
    postalCodes: unique(
      addresses.map((one) =>
        textOf(one['postalCode'])
          .slice(0, 40)
          .replace(/[^0-9A-Za-z]/g, '')
          .toLowerCase(),
      ),
    ),
    cities: unique(addresses.map((one) => plain(textOf(one['city'])))),
    lines: addresses.map(addressWords).filter((words) => words.length > 1),
    identifiers: objectsOf(patient['identifier']).flatMap((one) => {
      const system = textOf(one['system']);
      const value = textOf(one['value']).replace(/[\s-]/g, '').toLowerCase();
      return system === '' || value === '' || value.length > 200 ? [] : [{ system, value }];
    }),
  };
}

/** The digits by which a phone is compared; empty when there are too few to be one. */
export function phoneKey(written: string): string {
  const digits = written.replace(/\D/g, '');
  return digits.length < 7 ? '' : digits.slice(-10);
}

function readName(name: JsonObject): PersonName {
  const given = listOf(name['given']).flatMap((one) => nameWords(textOf(one)));
  const family = nameWords(textOf(name['family']));
  if (given.length > 0) return { given, family };
  if (family.length > 0) return { given: family, family: [] };
  const [first = '', ...rest] = nameWords(textOf(name['text']));
  // Without parts, the last word of the text may be a family name or a father's: it is compared as one.
  return { given: [first, ...rest.slice(0, -1)].filter((one) => one !== ''), family: rest.slice(-1) };
}

const isNamed = ({ given }: PersonName): boolean => given.length > 0;

function addressWords(address: JsonObject): string[] {
  const text = listOf(address['line']).map(textOf).join(' ').slice(0, 300).toLowerCase();
  return unique(text.split(/[^\p{L}\p{M}\p{N}]+/u));
}
