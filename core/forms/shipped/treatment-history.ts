// Treatments and operations, whether they helped, and their reports.
import { choice, date, file, group, option, text } from '../fields.ts';
import type { Form } from '../form.ts';
import { snomedCode } from '../fields.ts';

export const form: Form = {
  id: 'treatment-history',
  version: '1',
  words: ['Treatments and operations', 'इलाज और ऑपरेशन'],
  audience: 'both',
  groups: [
    group(
      'treatments',
      ['Treatments', 'इलाज'],
      [
        text('treatment', ['Treatment or operation', 'इलाज या ऑपरेशन'], 'name', { required: true }),
        date('treated-on', ['When', 'कब'], 'date'),
        choice('outcome', ['How it went', 'कैसा रहा'], 'outcome', [
          option('successful', 'Successful', 'सफल', snomedCode('385669000', 'Successful')),
          option('failed', 'Failed', 'असफल', snomedCode('385671000', 'Unsuccessful')),
          option('partly', 'Partly successful', 'कुछ सफल', snomedCode('385670004', 'Partially successful')),
        ]),
        file('operative-report', ['Operative report', 'ऑपरेशन की रिपोर्ट'], 'report'),
      ],
      { as: 'treatment', repeats: true },
    ),
  ],
};
