// "None known" as a code: somebody asked and there is none. Recognises IPS 1.x, SNOMED CT and our own codes,
// and tells them from "no information", which says nothing, and from narrower negations ("no known drug allergy").

import { absentUnknown, ownNoneKnown, snomed } from './code-systems.ts';
import type { Code } from './facts.ts';

export type NoneKnownSection =
  'allergies' | 'conditions' | 'medicines' | 'disabilities' | 'vaccinations' | 'implants' | 'directives';

/** What is written: the IPS 1.x code where there is one, and its SNOMED CT twin where that says no more and no less. */
export const noneKnownCodes: Readonly<Record<NoneKnownSection, { text: string; codes: readonly Code[] }>> = {
  allergies: {
    text: 'No known allergies',
    codes: [
      { system: absentUnknown, code: 'no-known-allergies', display: 'No known allergies' },
      { system: snomed, code: '716186003', display: 'No known allergy' },
    ],
  },
  // SNOMED CT 160245001 would say "or disability" as well, which nobody was asked here.
  conditions: {
    text: 'No known problems',
    codes: [{ system: absentUnknown, code: 'no-known-problems', display: 'No known problems' }],
  },
  medicines: {
    text: 'No known medications',
    codes: [
      { system: absentUnknown, code: 'no-known-medications', display: 'No known medications' },
      { system: snomed, code: '787481004', display: 'No known medications' },
    ],
  },
  disabilities: {
    text: 'No known disabilities',
    codes: [{ system: ownNoneKnown, code: 'disabilities', display: 'No known disabilities' }],
  },
  vaccinations: {
    text: 'No known immunizations',
    codes: [{ system: absentUnknown, code: 'no-known-immunizations', display: 'No known immunizations' }],
  },
  implants: {
    text: 'No known devices in use',
    codes: [{ system: absentUnknown, code: 'no-known-devices', display: 'No known devices in use' }],
  },
  directives: {
    text: 'No advance directive',
    codes: [{ system: ownNoneKnown, code: 'directives', display: 'No advance directive' }],
  },
};

const meaning = new Map<string, readonly NoneKnownSection[]>([
  [`${snomed}|160245001`, ['conditions', 'disabilities']],
]);
for (const [section, { codes }] of Object.entries(noneKnownCodes))
  for (const { system, code } of codes) meaning.set(`${system}|${code}`, [section as NoneKnownSection]);

/** The sections for which these codes say "none known". */
export function noneKnownIn(codes: readonly Code[]): readonly NoneKnownSection[] {
  return codes.flatMap((code) => meaning.get(`${code.system}|${code.code}`) ?? []);
}

// No information available; no known drug, food or environmental allergy; drug treatment unknown.
const noFact = new Set(
  ['1287211007', '409137002', '429625007', '428607008', '182904002'].map((code) => `${snomed}|${code}`),
);
const negativeWords =
  /^(?:none|nil|nka|nkda|no known .*|no current .*|no information.*|not known|unknown|no allergies|none known|not applicable|n\/a)\.?$/iu;

/**
 * True where a code or text denies or says nothing, so that it must not be shown as an allergy, a disease or a
 * medicine. Such a text alone never counts as "none known" either.
 */
export function saysNothing(codes: readonly Code[], text: string): boolean {
  return (
    codes.some((code) => code.system === absentUnknown || code.system === ownNoneKnown) ||
    codes.some((code) => noFact.has(`${code.system}|${code.code}`)) ||
    noneKnownIn(codes).length > 0 ||
    negativeWords.test(text)
  );
}
