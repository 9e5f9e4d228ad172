// Blood count: haemoglobin first, and room for the rest.
import { group, loincCode, number } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'haematology',
  version: '1',
  words: ['Blood count', 'रक्त गणना'],
  audience: 'both',
  groups: [
    group(
      'count',
      ['Blood count', 'रक्त गणना'],
      [
        number('haemoglobin', ['Haemoglobin', 'हीमोग्लोबिन'], 'laboratory', ['g/dL', 'g/dL'], [1, 30], {
          code: loincCode('718-7', 'Hemoglobin [Mass/volume] in Blood'),
          bands: 'haemoglobin',
        }),
        number(
          'red-cells',
          ['Red cells', 'लाल कोशिकाएँ'],
          'laboratory',
          ['million/µL', '10*6/uL'],
          [0.3, 12],
          {
            code: loincCode('789-8', 'Erythrocytes [#/volume] in Blood by Automated count'),
          },
        ),
        number('haematocrit', ['Haematocrit', 'हीमैटोक्रिट'], 'laboratory', ['%', '%'], [5, 80], {
          code: loincCode('4544-3', 'Hematocrit [Volume Fraction] of Blood by Automated count'),
        }),
        number(
          'white-cells',
          ['White cells', 'सफ़ेद कोशिकाएँ'],
          'laboratory',
          ['thousand/µL', '10*3/uL'],
          [0.05, 500],
          {
            code: loincCode('6690-2', 'Leukocytes [#/volume] in Blood by Automated count'),
          },
        ),
        number('platelets', ['Platelets', 'प्लेटलेट'], 'laboratory', ['thousand/µL', '10*3/uL'], [1, 3000], {
          code: loincCode('777-3', 'Platelets [#/volume] in Blood by Automated count'),
        }),
      ],
    ),
  ],
};
