// What is ordered as a whole: panels of the laboratory's forms, and common examinations by pictures, with their LOINC codes.
import { loinc } from '../code-systems.ts';
import type { Code } from '../facts.ts';
import type { ListEntry } from './code-list.ts';

interface Panel {
  /** LOINC's, where it has one panel whose values are those that are asked for. */
  readonly code?: readonly [code: string, display: string];
  readonly aliases: readonly string[];
}

/**
 * Salts and kidneys have none: LOINC's panels with sodium, potassium and creatinine are wider. 51990-0 and 24323-8 (basic and comprehensive
 * metabolic) promise glucose, calcium, chloride and carbon dioxide too, 24362-6 (renal function) albumin and phosphate besides, 24326-1
 * (electrolytes) has no creatinine. An order under one of them would ask another laboratory for tests that nobody ordered. Blood sugar has none
 * because it is four tests of which one is done: each value has its own code.
 */
const panels: Readonly<Record<string, Panel>> = {
  haematology: {
    code: ['58410-2', 'CBC panel - Blood by Automated count'],
    aliases: ['CBC', 'Full blood count'],
  },
  lipids: { code: ['24331-1', 'Lipid 1996 panel - Serum or Plasma'], aliases: ['Cholesterol'] },
  urine: { code: ['24356-8', 'Urinalysis complete panel - Urine'], aliases: ['Urinalysis'] },
  electrolytes: { aliases: ['Electrolytes', 'U&E', 'Kidney function test', 'KFT', 'RFT'] },
  glucose: { aliases: ['Glucose', 'FBS', 'RBS', 'PPBS'] },
};

/** Of a form that is ordered as one: the panel's code, where LOINC has one for it, and what else it is called. */
export function panelCodes(form: string): Pick<ListEntry, 'codes' | 'aliases'> {
  const { code, aliases } = panels[form] ?? { aliases: [] };
  return {
    codes: code === undefined ? [] : [{ system: loinc, code: code[0], display: code[1] }],
    aliases,
  };
}

const examination = (
  id: string,
  [en, hi]: readonly [string, string],
  [code, display]: readonly [string, string],
  aliases: readonly string[] = [],
): ListEntry => ({ id, en, hi, codes: [{ system: loinc, code, display }], aliases });

export const examinations: readonly ListEntry[] = [
  examination(
    'chest-x-ray',
    ['Chest X-ray', 'छाती का एक्स-रे'],
    ['36643-5', 'XR Chest 2 Views'],
    ['CXR', 'XR chest'],
  ),
  examination(
    'ultrasound-abdomen',
    ['Ultrasound of the abdomen', 'पेट का अल्ट्रासाउंड'],
    ['24558-9', 'US Abdomen'],
    ['USG', 'Sonography'],
  ),
  examination('ct-head', ['CT of the head', 'सिर का सीटी स्कैन'], ['24725-4', 'CT Head']),
  examination('ct-chest', ['CT of the chest', 'छाती का सीटी स्कैन'], ['24627-2', 'CT Chest']),
  examination('mr-brain', ['MRI of the brain', 'दिमाग़ का एमआरआई'], ['24590-2', 'MR Brain']),
];

/** Of one examination by its id; none where it is not in the list. */
export const codeOf = (id: string): readonly Code[] => examinations.find((one) => one.id === id)?.codes ?? [];
