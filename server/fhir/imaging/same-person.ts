// Whether the person whom an image names is the person whose record it is sent to. Only what both say can differ.
import { parseUhid } from '../../../core/card/uhid.ts';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';
import { textIn } from './dicom-json.ts';

export type DifferingElement = 'number' | 'name' | 'birthDate' | 'sex';

export function differsFrom(header: JsonObject, patient: Resource, uhid: string): DifferingElement[] {
  const differs: DifferingElement[] = [];
  const number = parseUhid(textIn(header, '00100020') ?? '');
  // Most hospitals have numbers of their own there, which say nothing.
  if (number.ok && number.uhid !== uhid) differs.push('number');
  const inside = wordsOf(textIn(header, '00100010')?.replaceAll('^', ' ') ?? '');
  const names = namesOf(patient);
  if (inside.length > 0 && names.length > 0 && !names.some((words) => isSameName(inside, words)))
    differs.push('name');
  const birth = /^(\d{4})(\d{2})(\d{2})$/.exec(textIn(header, '00100030') ?? '');
  const { birthDate } = patient as { birthDate?: string };
  // A record may know no more than the year.
  if (birth && birthDate !== undefined && !`${birth[1]}-${birth[2]}-${birth[3]}`.startsWith(birthDate))
    differs.push('birthDate');
  const sex = { M: 'male', F: 'female' }[textIn(header, '00100040') ?? ''];
  const { gender } = patient as { gender?: string };
  if (sex !== undefined && (gender === 'male' || gender === 'female') && gender !== sex) differs.push('sex');
  return differs;
}

/** All words of the shorter name stand in the longer one: a middle name may be left out, a family name not. */
function isSameName(one: readonly string[], other: readonly string[]): boolean {
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  return shorter.every((word) => longer.includes(word));
}

function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function namesOf(patient: Resource): string[][] {
  const { name } = patient as { name?: { text?: string; family?: string; given?: string[] }[] };
  return (Array.isArray(name) ? name : [])
    .map(({ text, family, given }) => wordsOf(text ?? [...(given ?? []), family ?? ''].join(' ')))
    .filter((words) => words.length > 0);
}
