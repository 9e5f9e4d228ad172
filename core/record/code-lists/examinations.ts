// What is ordered as a whole: panels of the laboratory's forms, and common examinations by pictures, with their LOINC codes.
import { loinc } from '../code-systems.ts';
import type { Code } from '../facts.ts';
import type { ListEntry } from './code-list.ts';

const panels: Readonly<Record<string, readonly [code: string, display: string, ...aliases: string[]]>> = {
  haematology: ['58410-2', 'CBC panel - Blood by Automated count', 'CBC', 'Full blood count'],
  lipids: ['24331-1', 'Lipid 1996 panel - Serum or Plasma', 'Cholesterol'],
  urine: ['24356-8', 'Urinalysis complete panel - Urine', 'Urinalysis'],
};

/** Of a form that is ordered as one: the panel's code, where LOINC has one for it, and what else it is called. */
export function panelCodes(form: string): Pick<ListEntry, 'codes' | 'aliases'> {
  const panel = panels[form];
  if (panel === undefined) return { codes: [], aliases: [] };
  const [code, display, ...aliases] = panel;
  return { codes: [{ system: loinc, code, display }], aliases };
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
