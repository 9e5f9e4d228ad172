// Fats in the blood, with the ratios that are computed from them.
import { choice, group, loincCode, number, option } from '../fields.ts';
import type { Form } from '../form.ts';

const mgPerDl = ['mg/dL', 'mg/dL'] as const;
const ratio = ['', '{ratio}'] as const;

export const form: Form = {
  id: 'lipids',
  version: '1',
  words: ['Lipid profile', 'लिपिड प्रोफ़ाइल'],
  audience: 'both',
  groups: [
    group(
      'lipids',
      ['Lipid profile', 'लिपिड प्रोफ़ाइल'],
      [
        choice(
          'appearance',
          ['Appearance of serum', 'सीरम कैसा दिखा'],
          'laboratory',
          [
            option('clear', 'Clear', 'साफ़'),
            option('hazy', 'Hazy', 'धुँधला'),
            option('milky', 'Milky', 'दूधिया'),
            option('haemolysed', 'Haemolysed', 'ख़ून घुला हुआ'),
            option('icteric', 'Icteric', 'पीला'),
          ],
          { open: true },
        ),
        number('cholesterol', ['Total cholesterol', 'कुल कोलेस्ट्रॉल'], 'laboratory', mgPerDl, [20, 1500], {
          code: loincCode('2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma'),
          bands: 'cholesterol',
        }),
        number('triglycerides', ['Triglycerides', 'ट्राइग्लिसराइड'], 'laboratory', mgPerDl, [10, 10_000], {
          code: loincCode('2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma'),
          bands: 'triglycerides',
        }),
        number('hdl', ['HDL cholesterol', 'एचडीएल कोलेस्ट्रॉल'], 'laboratory', mgPerDl, [2, 300], {
          code: loincCode('2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma'),
          bands: 'hdl',
        }),
        number('ldl', ['LDL cholesterol', 'एलडीएल कोलेस्ट्रॉल'], 'laboratory', mgPerDl, [2, 1000], {
          code: loincCode('18262-6', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by Direct assay'),
          bands: 'ldl',
        }),
        number('vldl', ['VLDL cholesterol', 'वीएलडीएल कोलेस्ट्रॉल'], 'laboratory', mgPerDl, [1, 2000], {
          computed: 'vldl',
        }),
        number(
          'cholesterol-hdl',
          ['Cholesterol to HDL', 'कोलेस्ट्रॉल और एचडीएल का अनुपात'],
          'laboratory',
          ratio,
          [0.5, 100],
          {
            computed: 'cholesterol-hdl-ratio',
          },
        ),
        number('ldl-hdl', ['LDL to HDL', 'एलडीएल और एचडीएल का अनुपात'], 'laboratory', ratio, [0.1, 100], {
          computed: 'ldl-hdl-ratio',
        }),
      ],
    ),
  ],
};
