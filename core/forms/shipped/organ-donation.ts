// Organ donation: whether, which organs, who was told, what was declared. It can be taken back at any time.
import { choice, date, group, option, text, yesNo } from '../fields.ts';
import type { Form } from '../form.ts';
import { organs } from '../../record/code-lists/small-lists.ts';
import { organDonorCode } from '../../record/code-systems.ts';

const answer = (id: string, en: string, hi: string, code: string) =>
  option(id, en, hi, { system: organDonorCode, code });

export const form: Form = {
  id: 'organ-donation',
  version: '1',
  words: ['Organ donation', 'अंग दान'],
  audience: 'patient',
  groups: [
    group(
      'donation',
      ['Organ donation', 'अंग दान'],
      [
        choice(
          'wish',
          ['Do you want to give organs after death?', 'क्या मृत्यु के बाद अंग देना चाहते हैं?'],
          'wish',
          [
            answer('yes', 'Yes', 'हाँ', 'Y'),
            answer('some', 'Yes, some', 'हाँ, कुछ', 'F'),
            answer('no', 'No', 'नहीं', 'N'),
            answer('undecided', 'Not decided', 'तय नहीं', 'U'),
          ],
          { required: true },
        ),
        choice(
          'organs',
          ['Which organs', 'कौन-से अंग'],
          'organ',
          organs.map(({ id, en, hi, codes }) => option(id, en, hi, codes[0])),
          { repeats: true },
        ),
        yesNo('contact-informed', ['The family was told', 'परिवार को बताया'], 'informed'),
        text('contact', ['Who was told', 'किसको बताया'], 'contact'),
        yesNo('declared', ['I declare this of my own will', 'मैं अपनी इच्छा से कहता/कहती हूँ'], 'declared', {
          required: true,
        }),
        date('declared-on', ['Date', 'तारीख़'], 'date', { required: true }),
        yesNo('revoked', ['I take it back', 'मैं इसे वापस लेता/लेती हूँ'], 'revoked'),
      ],
      { as: 'organ-donation' },
    ),
  ],
};
