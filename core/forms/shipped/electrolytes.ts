// Salts in the blood and what the kidneys leave in it.
import { group, loincCode, number } from '../fields.ts';
import type { Form } from '../form.ts';

const mmolPerL = ['mmol/L', 'mmol/L'] as const;
const mgPerDl = ['mg/dL', 'mg/dL'] as const;

export const form: Form = {
  id: 'electrolytes',
  version: '1',
  words: ['Salts and kidneys', 'लवण और गुर्दे'],
  audience: 'both',
  groups: [
    group(
      'electrolytes',
      ['Salts and kidneys', 'लवण और गुर्दे'],
      [
        number('sodium', ['Sodium', 'सोडियम'], 'laboratory', mmolPerL, [80, 220], {
          code: loincCode('2951-2', 'Sodium [Moles/volume] in Serum or Plasma'),
        }),
        number('potassium', ['Potassium', 'पोटैशियम'], 'laboratory', mmolPerL, [1, 12], {
          code: loincCode('2823-3', 'Potassium [Moles/volume] in Serum or Plasma'),
        }),
        number('creatinine', ['Creatinine', 'क्रिएटिनिन'], 'laboratory', mgPerDl, [0.1, 40], {
          code: loincCode('2160-0', 'Creatinine [Mass/volume] in Serum or Plasma'),
        }),
        number('urea', ['Urea', 'यूरिया'], 'laboratory', mgPerDl, [2, 600]),
      ],
    ),
  ],
};
