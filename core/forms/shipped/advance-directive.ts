// What is to be done when somebody cannot speak for themself: wishes on medicines, the paper, the one who decides.
import { choice, date, file, group, lines, loincCode, option, text } from '../fields.ts';
import type { Form } from '../form.ts';
import { consentCategory } from '../../record/code-systems.ts';

export const form: Form = {
  id: 'advance-directive',
  version: '1',
  words: ['Advance directive', 'पहले से लिखी इच्छा'],
  audience: 'patient',
  groups: [
    group(
      'directive',
      ['Directive', 'इच्छा-पत्र'],
      [
        choice(
          'directive-kind',
          ['Kind', 'प्रकार'],
          'kind',
          [
            option('living-will', 'Living will', 'लिविंग विल', loincCode('86533-7', 'Patient Living will')),
            option(
              'care-plan',
              'Care plan',
              'देखभाल योजना',
              loincCode('81334-5', 'Patient Personal advance care plan'),
            ),
            option(
              'power-of-attorney',
              'Power of attorney',
              'मुख़्तारनामा',
              loincCode('64298-3', 'Power of attorney'),
            ),
            option('dnr', 'Do not resuscitate', 'पुनर्जीवन न करें', { system: consentCategory, code: 'dnr' }),
          ],
          { required: true },
        ),
        date('signed-on', ['Signed on', 'हस्ताक्षर की तारीख़'], 'date'),
        lines('wishes', ['Wishes', 'इच्छाएँ'], 'words'),
        text('agent', ['Who decides for me', 'मेरे लिए कौन तय करे'], 'agent'),
        file('paper', ['The signed paper', 'हस्ताक्षर किया काग़ज़'], 'paper'),
      ],
      { as: 'directive' },
    ),
    group(
      'medicines',
      ['Medicines', 'दवाएँ'],
      [
        lines(
          'medication-directive',
          ['Medicines wanted or not wanted', 'कौन-सी दवा चाहिए या नहीं'],
          'medication-directive',
          {
            repeats: true,
          },
        ),
      ],
    ),
  ],
};
