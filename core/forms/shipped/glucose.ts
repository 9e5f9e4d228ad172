// Sugar in the blood: at any time, fasting, after a meal, and over months.
import { group, loincCode, number } from '../fields.ts';
import type { Form } from '../form.ts';

const mgPerDl = ['mg/dL', 'mg/dL'] as const;

export const form: Form = {
  id: 'glucose',
  version: '1',
  words: ['Blood sugar', 'ख़ून में शुगर'],
  audience: 'both',
  groups: [
    group(
      'glucose',
      ['Blood sugar', 'ख़ून में शुगर'],
      [
        number('random', ['Random', 'किसी भी समय'], 'laboratory', mgPerDl, [5, 2000], {
          code: loincCode('2339-0', 'Glucose [Mass/volume] in Blood'),
          bands: 'glucose-random',
        }),
        number('fasting', ['Fasting', 'ख़ाली पेट'], 'laboratory', mgPerDl, [5, 2000], {
          bands: 'glucose-fasting',
        }),
        number(
          'post-prandial',
          ['Two hours after a meal', 'खाने के दो घंटे बाद'],
          'laboratory',
          mgPerDl,
          [5, 2000],
          {
            bands: 'glucose-post-prandial',
          },
        ),
        number('hba1c', ['HbA1c', 'HbA1c'], 'laboratory', ['%', '%'], [2, 25], {
          code: loincCode('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood'),
          bands: 'hba1c',
        }),
      ],
    ),
  ],
};
