// The heart: two fats, and what each study found, with its file.
import type { Words } from '../form.ts';
import { date, file, group, lines, loincCode, number } from '../fields.ts';
import type { Form } from '../form.ts';
import type { Code } from '../../record/facts.ts';

const mgPerDl = ['mg/dL', 'mg/dL'] as const;

const study = (id: string, words: Words, code?: Code) =>
  group(
    id,
    words,
    [
      date(`${id}-date`, ['Done on', 'कब हुआ'], 'date'),
      lines(`${id}-findings`, ['Findings', 'क्या मिला'], 'findings', code ? { code } : {}),
      file(`${id}-file`, ['File', 'फ़ाइल'], 'file', code ? { code } : {}),
    ],
    { as: 'study' },
  );

export const form: Form = {
  id: 'cardiac',
  version: '1',
  words: ['Heart', 'हृदय'],
  audience: 'both',
  groups: [
    group(
      'fats',
      ['Fats', 'वसा'],
      [
        number('cholesterol', ['Total cholesterol', 'कुल कोलेस्ट्रॉल'], 'laboratory', mgPerDl, [20, 1500], {
          code: loincCode('2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma'),
          bands: 'cholesterol',
        }),
        number('triglycerides', ['Triglycerides', 'ट्राइग्लिसराइड'], 'laboratory', mgPerDl, [10, 10_000], {
          code: loincCode('2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma'),
          bands: 'triglycerides',
        }),
      ],
    ),
    study('ecg', ['ECG', 'ईसीजी'], loincCode('11524-6', 'EKG study')),
    study('stress-test', ['Stress test', 'स्ट्रेस टेस्ट'], loincCode('18752-6', 'Exercise stress test study')),
    study('echocardiogram', ['Echocardiogram', 'इकोकार्डियोग्राम'], loincCode('42148-7', 'Heart US')),
    study('angiogram', ['Angiogram', 'एंजियोग्राम'], loincCode('18745-0', 'Cardiac catheterization study')),
    study(
      'ambulatory',
      ['Recording over a day or of an arrest', 'दिन भर की या दिल रुकने की रिकॉर्डिंग'],
      loincCode('18754-2', 'Holter monitor study'),
    ),
  ],
};
