// One invented person whose card the drawing tests print.
import type { CardDanger, CardFace, FridgeLists } from '../../core/card/drawing/card-face.ts';
import { cardLabels } from '../../core/card/drawing/labels.ts';

export const fourDangers: readonly CardDanger[] = [
  { noun: 'Penicillin', reason: 'Anaphylaxis. Do not give.' },
  { noun: 'Warfarin', reason: 'Blood thinner. Bleeds easily.' },
  { noun: 'Insulin', reason: 'Type 1 diabetes. Never stop.' },
  { noun: 'Pacemaker', reason: 'Ask cardiology before MRI.' },
];

export const ashaFace: CardFace = {
  name: 'Asha Rao',
  nameSecond: 'आशा राव',
  birthLine: 'Female, born 1 Feb 1980',
  languagesLine: 'Speaks Kannada, English, Hindi',
  blood: { text: 'A+', source: 'lab, 2 May 2024' },
  uhid: '48210937665015',
  dangers: fourDangers,
  dangersState: 'recorded',
  contacts: [
    { name: 'Ravi Rao', relation: 'husband', phone: '+91 90000 41122' },
    { name: 'Lata Rao', relation: 'mother-in-law', phone: '+91 90000 41187' },
  ],
  doctor: { name: 'Dr Meera Iyer, cardiology', place: 'Kaveri General, Mysuru', phone: '0821 555 0140' },
  url: 'https://medallion.example/e/9vR3kQm2Zt7XwLc0PbYd1A',
  cardNumber: 3,
  issued: '18 Nov 2026',
  labels: cardLabels('en', 'hi'),
};

export const ashaLists: FridgeLists = {
  conditions: {
    kind: 'facts',
    facts: [
      {
        text: 'Type 1 diabetes',
        detail: 'since 1994',
        source: 'Dr Meera Iyer, verified 18 Nov 2026',
        voice: 'verified',
      },
      { text: 'Migraine', source: 'You said, 9 Aug 2026. Not checked by a doctor.', voice: 'self-reported' },
    ],
  },
  medicines: { kind: 'none-known', text: 'No medicines', source: 'Dr Meera Iyer asked, 18 Nov 2026' },
  printedAt: '20 Nov 2026, 09:30',
};
