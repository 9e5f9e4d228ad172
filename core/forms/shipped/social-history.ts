// How somebody lives: tobacco, alcohol, work.
import { choice, group, loincCode, option, text } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'social-history',
  version: '1',
  words: ['Way of life', 'रहन-सहन'],
  audience: 'both',
  groups: [
    group(
      'life',
      ['Way of life', 'रहन-सहन'],
      [
        choice(
          'tobacco',
          ['Tobacco', 'तंबाकू'],
          'social-history',
          [
            option('never', 'Never', 'कभी नहीं'),
            option('former', 'Stopped', 'छोड़ दिया'),
            option('some-days', 'Some days', 'कभी-कभी'),
            option('every-day', 'Every day', 'हर दिन'),
          ],
          { code: loincCode('72166-2', 'Tobacco smoking status') },
        ),
        choice('alcohol', ['Alcohol', 'शराब'], 'social-history', [
          option('never', 'Never', 'कभी नहीं'),
          option('former', 'Stopped', 'छोड़ दी'),
          option('some-days', 'Some days', 'कभी-कभी'),
          option('every-day', 'Every day', 'हर दिन'),
        ]),
        text('occupation', ['Occupation', 'काम'], 'social-history'),
      ],
    ),
  ],
};
