// Illnesses of relatives, with the relation and the age at which they began.
import { choice, group, option, text } from '../fields.ts';
import type { Form } from '../form.ts';
import { v3RoleCode } from '../../record/code-systems.ts';

const relation = (id: string, en: string, hi: string, code: string, display: string) =>
  option(id, en, hi, { system: v3RoleCode, code, display });

export const form: Form = {
  id: 'family-history',
  version: '1',
  words: ['Family history', 'परिवार का इतिहास'],
  audience: 'both',
  groups: [
    group(
      'relatives',
      ['Relatives', 'रिश्तेदार'],
      [
        choice(
          'relation',
          ['Relation', 'रिश्ता'],
          'relation',
          [
            relation('mother', 'Mother', 'माँ', 'MTH', 'mother'),
            relation('father', 'Father', 'पिता', 'FTH', 'father'),
            relation('sister', 'Sister', 'बहन', 'SIS', 'sister'),
            relation('brother', 'Brother', 'भाई', 'BRO', 'brother'),
            relation('child', 'Child', 'बच्चा', 'CHILD', 'child'),
            relation('grandparent', 'Grandparent', 'दादा-दादी या नाना-नानी', 'GRPRN', 'grandparent'),
            relation('family', 'Other relative', 'अन्य रिश्तेदार', 'FAMMEMB', 'family member'),
          ],
          { required: true },
        ),
        choice(
          'illness',
          ['Illness', 'बीमारी'],
          'illness',
          [option('heart-disease', 'Heart disease', 'हृदय रोग'), option('cancer', 'Cancer', 'कैंसर')],
          { required: true, open: true },
        ),
        {
          id: 'onset-age',
          words: ['Age when it began', 'शुरू होने पर उम्र'],
          kind: 'integer',
          as: 'age',
          range: [0, 120],
        },
        text('relative-note', ['Note', 'टिप्पणी'], 'note'),
      ],
      { as: 'relative', repeats: true },
    ),
  ],
};
