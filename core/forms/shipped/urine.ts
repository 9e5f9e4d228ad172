// Urine: what is seen, what the strip says, what the microscope shows.
import { amounts, choice, group, loincCode, number, option, text } from '../fields.ts';
import type { Form } from '../form.ts';

const perField = ['per high-power field', '/[HPF]'] as const;

export const form: Form = {
  id: 'urine',
  version: '1',
  words: ['Urine', 'पेशाब की जाँच'],
  audience: 'both',
  groups: [
    group(
      'seen',
      ['As seen', 'जैसा दिखा'],
      [
        choice(
          'colour',
          ['Colour', 'रंग'],
          'laboratory',
          [
            option('pale-yellow', 'Pale yellow', 'हल्का पीला'),
            option('yellow', 'Yellow', 'पीला'),
            option('dark-yellow', 'Dark yellow', 'गहरा पीला'),
            option('red', 'Red', 'लाल'),
            option('brown', 'Brown', 'भूरा'),
          ],
          { open: true },
        ),
        choice(
          'appearance',
          ['Appearance', 'कैसा दिखा'],
          'laboratory',
          [
            option('clear', 'Clear', 'साफ़'),
            option('slightly-turbid', 'Slightly turbid', 'थोड़ा धुँधला'),
            option('turbid', 'Turbid', 'धुँधला'),
          ],
          { open: true },
        ),
      ],
    ),
    group(
      'strip',
      ['By the strip', 'स्ट्रिप से'],
      [
        number('ph', ['pH', 'pH'], 'laboratory', ['pH', '[pH]'], [3, 11], { bands: 'urine-ph' }),
        choice('protein', ['Protein', 'प्रोटीन'], 'laboratory', amounts),
        choice('sugar', ['Sugar', 'शुगर'], 'laboratory', amounts),
        choice('bile-salt', ['Bile salt', 'पित्त लवण'], 'laboratory', [
          option('absent', 'Absent', 'नहीं'),
          option('present', 'Present', 'हाँ'),
        ]),
        choice('bile-pigment', ['Bile pigment', 'पित्त वर्णक'], 'laboratory', [
          option('absent', 'Absent', 'नहीं'),
          option('present', 'Present', 'हाँ'),
        ]),
      ],
    ),
    group(
      'microscopy',
      ['Under the microscope', 'माइक्रोस्कोप से'],
      [
        number('pus-cells', ['Pus cells', 'मवाद कोशिकाएँ'], 'laboratory', perField, [0, 1000], {
          code: loincCode('5821-4', 'Leukocytes [#/area] in Urine sediment by Microscopy high power field'),
          bands: 'urine-pus-cells',
        }),
        number('red-cells', ['Red cells', 'लाल कोशिकाएँ'], 'laboratory', perField, [0, 1000], {
          bands: 'urine-red-cells',
        }),
        number(
          'epithelial-cells',
          ['Epithelial cells', 'एपिथीलियल कोशिकाएँ'],
          'laboratory',
          perField,
          [0, 1000],
        ),
        text('casts', ['Casts', 'कास्ट'], 'laboratory'),
        text('crystals', ['Crystals', 'क्रिस्टल'], 'laboratory'),
      ],
    ),
  ],
};
