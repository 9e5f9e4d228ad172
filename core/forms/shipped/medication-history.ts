// What somebody takes or took: prescribed, bought without a prescription, alternative and herbal.
import { choice, date, group, option, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'medication-history',
  version: '1',
  words: ['Medicines taken', 'ली गई दवाएँ'],
  audience: 'both',
  groups: [
    group(
      'medicines',
      ['Medicines', 'दवाएँ'],
      [
        text('medicine', ['Medicine', 'दवा'], 'name', { required: true }),
        choice('source', ['Where it comes from', 'कहाँ से मिली'], 'kind', [
          option('prescription', 'Prescribed', 'डॉक्टर ने लिखी'),
          option('over-the-counter', 'Bought without a prescription', 'बिना पर्ची के ख़रीदी'),
          option('alternative', 'Alternative medicine', 'वैकल्पिक चिकित्सा'),
          option('herbal', 'Herbal', 'जड़ी-बूटी'),
        ]),
        text('dose', ['How much and how often', 'कितनी और कितनी बार'], 'dose'),
        date('started', ['Since', 'कब से'], 'since'),
        date('stopped', ['Until', 'कब तक'], 'until'),
      ],
      { as: 'medicine', repeats: true },
    ),
  ],
};
