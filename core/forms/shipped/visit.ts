// A visit: what brought somebody, what was found, what is to be done, when to come again.
import { choice, date, file, group, lines, number, option, text, yesNo } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'visit',
  version: '1',
  words: ['Visit', 'मुलाक़ात'],
  audience: 'clinician',
  groups: [
    group(
      'visit',
      ['Visit', 'मुलाक़ात'],
      [
        date('visit-date', ['Date', 'तारीख़'], 'date', { required: true }),
        text('symptoms', ['Symptoms', 'लक्षण'], 'symptoms', { repeats: true }),
        lines('examination', ['Examination', 'जाँच'], 'examination'),
        text('diagnosis', ['Diagnosis', 'रोग'], 'diagnosis', { repeats: true }),
        text('tests', ['Tests ordered', 'कराने की जाँचें'], 'test', { repeats: true }),
        lines('notes', ['Notes', 'टिप्पणी'], 'notes'),
        date('follow-up', ['Come again on', 'फिर कब आएँ'], 'follow-up'),
        yesNo('sent-to-patient', ['Send to the patient', 'मरीज़ को भेजें'], 'sent'),
        file(
          'prescription-picture',
          ['Picture of a paper prescription', 'पर्ची की तस्वीर'],
          'prescription-picture',
        ),
        file('attachments', ['Attachments', 'संलग्न'], 'attachment'),
      ],
      { as: 'visit' },
    ),
    group(
      'prescription',
      ['Prescription', 'पर्ची'],
      [
        text('drug', ['Medicine', 'दवा'], 'name', { required: true }),
        number('drug-dose', ['Dose', 'ख़ुराक'], 'dose', ['mg', 'mg'], [0.001, 20_000]),
        {
          id: 'drug-times',
          words: ['Times a day', 'दिन में कितनी बार'],
          kind: 'integer',
          as: 'times',
          range: [1, 24],
        },
        choice(
          'drug-route',
          ['Route', 'कैसे'],
          'route',
          [
            option('oral', 'By mouth', 'मुँह से'),
            option('inhaled', 'Inhaled', 'साँस से'),
            option('skin', 'On the skin', 'त्वचा पर'),
            option('injection', 'Injection', 'सुई'),
            option('drops', 'Drops', 'बूँदें'),
          ],
          { open: true },
        ),
        {
          id: 'drug-days',
          words: ['For how many days', 'कितने दिन'],
          kind: 'integer',
          as: 'days',
          range: [1, 365],
        },
        text('drug-note', ['Instructions', 'निर्देश'], 'note'),
        text('drug-reason', ['Why in spite of a warning', 'चेतावनी के बावजूद क्यों'], 'reason'),
      ],
      { as: 'prescription', repeats: true },
    ),
  ],
};
