// Bones and joints: a note, where it hurts and how much.
import { group, lines, loincCode, number, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'orthopaedics',
  version: '1',
  words: ['Bones and joints', 'हड्डियाँ और जोड़'],
  audience: 'both',
  groups: [
    group(
      'joints',
      ['Bones and joints', 'हड्डियाँ और जोड़'],
      [
        lines('note', ['Note', 'टिप्पणी'], 'exam'),
        text('place', ['Where it hurts', 'कहाँ दर्द है'], 'exam'),
        number('pain', ['Pain, 0 to 10', 'दर्द, 0 से 10'], 'survey', ['of 10', '{score}'], [0, 10], {
          code: loincCode('72514-3', 'Pain severity - 0-10 verbal numeric rating [Score] - Reported'),
        }),
      ],
    ),
  ],
};
