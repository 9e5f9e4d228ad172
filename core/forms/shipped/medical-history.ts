// What somebody had and has: allergies, diagnoses, treatments.
import { choice, date, group, option, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'medical-history',
  version: '1',
  words: ['Medical history', 'चिकित्सा इतिहास'],
  audience: 'both',
  groups: [
    group(
      'allergies',
      ['Allergies', 'एलर्जी'],
      [
        text('substance', ['To what', 'किससे'], 'substance', { required: true }),
        text('reaction', ['What happened', 'क्या हुआ'], 'reaction'),
        choice('reaction-severity', ['How bad', 'कितना बुरा'], 'severity', [
          option('mild', 'Mild', 'हल्का'),
          option('moderate', 'Moderate', 'मध्यम'),
          option('severe', 'Severe', 'गंभीर'),
        ]),
      ],
      { as: 'allergy', repeats: true },
    ),
    group(
      'diagnoses',
      ['Diagnoses', 'रोग'],
      [
        text('diagnosis', ['Diagnosis', 'रोग'], 'name', { required: true }),
        date('diagnosed-on', ['Since', 'कब से'], 'since'),
        choice('diagnosis-state', ['Now', 'अब'], 'state', [
          option('active', 'Still there', 'अब भी है'),
          option('remission', 'In remission', 'शांत है'),
          option('resolved', 'Over', 'ठीक हो गया'),
        ]),
      ],
      { as: 'diagnosis', repeats: true },
    ),
    group(
      'treatments',
      ['Treatments', 'इलाज'],
      [
        text('treatment', ['Treatment', 'इलाज'], 'name', { required: true }),
        date('treated-on', ['When', 'कब'], 'date'),
      ],
      { as: 'treatment', repeats: true },
    ),
  ],
};
