// The teeth: habits, findings, and the tooth chart with the two-digit numbers of ISO 3950.
import { choice, group, lines, option, yesNo } from '../fields.ts';
import type { Form, Option } from '../form.ts';

/** Quadrants 1 to 4 of adults with eight teeth, 5 to 8 of children with five. */
const teeth: readonly Option[] = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((quadrant) =>
  Array.from({ length: quadrant > 4 ? 5 : 8 }, (_, i) => {
    const tooth = `${quadrant}${i + 1}`;
    return option(tooth, `Tooth ${tooth}`, `दाँत ${tooth}`, { system: 'urn:iso:std:iso:3950', code: tooth });
  }),
);

export const form: Form = {
  id: 'dental',
  version: '1',
  words: ['Teeth', 'दाँत'],
  audience: 'clinician',
  groups: [
    group(
      'habits',
      ['Visits and state', 'मुलाक़ात और हालत'],
      [
        choice('visit-frequency', ['Visits to the dentist', 'दाँत के डॉक्टर के पास'], 'social-history', [
          option('twice-a-year', 'Twice a year', 'साल में दो बार'),
          option('once-a-year', 'Once a year', 'साल में एक बार'),
          option('when-in-pain', 'Only when in pain', 'केवल दर्द में'),
          option('never', 'Never', 'कभी नहीं'),
        ]),
        choice('plaque', ['Plaque', 'प्लाक'], 'exam', [
          option('none', 'None', 'नहीं'),
          option('mild', 'Mild', 'हल्का'),
          option('moderate', 'Moderate', 'मध्यम'),
          option('heavy', 'Heavy', 'ज़्यादा'),
        ]),
        yesNo('composite', ['Composite filling', 'कंपोज़िट भराई'], 'exam'),
        yesNo('orthodontic', ['Orthodontic treatment', 'दाँत सीधे करने का इलाज'], 'exam'),
        yesNo('pain', ['Pain', 'दर्द'], 'exam'),
        choice('caries', ['Caries treated by', 'कीड़े का इलाज'], 'exam', [
          option('extraction', 'Extraction', 'निकालना'),
          option('restoration', 'Restoration', 'भरना'),
          option('both', 'Both', 'दोनों'),
          option('neither', 'Neither', 'कोई नहीं'),
        ]),
        lines('details', ['Details', 'विवरण'], 'exam'),
      ],
    ),
    group(
      'chart',
      ['Tooth chart', 'दाँतों का चार्ट'],
      [
        choice('tooth', ['Tooth', 'दाँत'], 'tooth', teeth, { required: true }),
        choice(
          'tooth-state',
          ['State', 'हालत'],
          'state',
          [
            option('sound', 'Sound', 'ठीक'),
            option('caries', 'Caries', 'कीड़ा'),
            option('filled', 'Filled', 'भरा हुआ'),
            option('crown', 'Crown', 'कैप'),
            option('root-canal', 'Root canal treated', 'रूट कैनाल'),
            option('missing', 'Missing', 'नहीं है'),
            option('implant', 'Implant', 'इम्प्लांट'),
          ],
          { required: true, open: true },
        ),
      ],
      { as: 'tooth', repeats: true },
    ),
  ],
};
