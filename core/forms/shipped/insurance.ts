// Insurance: the policy, the application for one, a claim, each with its papers and where it stands.
import { choice, date, file, group, number, option, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'insurance',
  version: '1',
  words: ['Insurance', 'बीमा'],
  audience: 'patient',
  groups: [
    group(
      'policy',
      ['Policy', 'पॉलिसी'],
      [
        text('insurer', ['Insurer', 'बीमा कंपनी'], 'insurer', { required: true }),
        text('policy-number', ['Policy number', 'पॉलिसी नंबर'], 'number', { required: true }),
        text('policy-holder', ['Holder', 'धारक'], 'holder'),
        date('policy-from', ['From', 'कब से'], 'from'),
        date('policy-until', ['Until', 'कब तक'], 'until'),
        choice('policy-status', ['Status', 'स्थिति'], 'status', [
          option('active', 'In force', 'चालू'),
          option('cancelled', 'Ended', 'समाप्त'),
        ]),
        file('policy-papers', ['Papers', 'काग़ज़'], 'papers'),
      ],
      { as: 'policy' },
    ),
    group(
      'application',
      ['Application', 'आवेदन'],
      [
        text('application-number', ['Number', 'नंबर'], 'number', { required: true }),
        date('application-date', ['Sent on', 'कब भेजा'], 'date'),
        choice('application-status', ['Status', 'स्थिति'], 'status', [
          option('active', 'Under way', 'चल रहा है'),
          option('cancelled', 'Withdrawn or refused', 'वापस या नामंज़ूर'),
        ]),
        file('application-papers', ['Papers', 'काग़ज़'], 'papers'),
      ],
      { as: 'application' },
    ),
    group(
      'claim',
      ['Claim', 'दावा'],
      [
        text('claim-number', ['Number', 'नंबर'], 'number', { required: true }),
        date('claim-date', ['Sent on', 'कब भेजा'], 'date'),
        number('claim-amount', ['Amount', 'रक़म'], 'amount', ['₹', 'INR'], [0, 1_000_000_000]),
        choice('claim-status', ['Status', 'स्थिति'], 'status', [
          option('active', 'Under way', 'चल रहा है'),
          option('cancelled', 'Withdrawn', 'वापस लिया'),
          option('draft', 'Not sent yet', 'अभी नहीं भेजा'),
        ]),
        file('claim-papers', ['Papers', 'काग़ज़'], 'papers'),
      ],
      { as: 'claim', repeats: true },
    ),
  ],
};
