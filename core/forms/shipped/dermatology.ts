// The skin: what it has, of which kind, a biopsy, pictures.
import { choice, file, group, lines, option, yesNo } from '../fields.ts';
import type { Form } from '../form.ts';

export const form: Form = {
  id: 'dermatology',
  version: '1',
  words: ['Skin', 'त्वचा'],
  audience: 'clinician',
  groups: [
    group(
      'findings',
      ['Findings', 'क्या मिला'],
      [
        yesNo('acne-vulgaris', ['Acne vulgaris', 'मुँहासे'], 'condition'),
        lines('biopsy', ['Biopsy', 'बायोप्सी'], 'procedure'),
        yesNo(
          'cutaneous-vascular-disease',
          ['Cutaneous vascular disease', 'त्वचा की नसों का रोग'],
          'condition',
        ),
        choice(
          'skin-appendage-disorder',
          ['Disorder of hair, nails or glands', 'बाल, नाख़ून या ग्रंथियों का विकार'],
          'condition',
          [
            option('hair', 'Hair', 'बाल'),
            option('nails', 'Nails', 'नाख़ून'),
            option('sweat-glands', 'Sweat glands', 'पसीने की ग्रंथियाँ'),
            option('sebaceous-glands', 'Sebaceous glands', 'तेल की ग्रंथियाँ'),
          ],
          { open: true },
        ),
        choice(
          'pigmentary-anomaly',
          ['Pigmentary anomaly', 'रंग का विकार'],
          'condition',
          [
            option('hyperpigmentation', 'Too much pigment', 'रंग ज़्यादा'),
            option('hypopigmentation', 'Too little pigment', 'रंग कम'),
            option('depigmentation', 'No pigment', 'रंग नहीं'),
          ],
          { open: true },
        ),
        file('pictures', ['Pictures', 'तस्वीरें']),
      ],
    ),
  ],
};
