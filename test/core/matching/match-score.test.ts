// Pairs of descriptions that are one person, may be, or are not: what a clerk, another hospital and a family make of names and dates.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MatchGrade } from '../../../core/matching/match-score.ts';
import { compareBirthDates, scoreMatch } from '../../../core/matching/match-score.ts';
import { compareWords, nameWords } from '../../../core/matching/name-sound.ts';
import { traitsOf } from '../../../core/matching/person-traits.ts';
import type { Resource } from '../../../core/fhir/types.ts';

interface Said {
  /** Given names, a slash, the family name; without a slash one name only. */
  name?: string;
  text?: string;
  born?: string;
  sex?: string;
  phone?: string;
  email?: string;
  line?: string;
  city?: string;
  code?: string;
  id?: string;
}

function person({ name, text, born, sex, phone, email, line, city, code, id }: Said): Resource {
  const [given = '', family] = (name ?? '').split('/');
  return {
    resourceType: 'Patient',
    ...(name || text
      ? {
          name: [
            {
              ...(text ? { text } : {}),
              ...(given ? { given: given.split(' ') } : {}),
              ...(family ? { family } : {}),
            },
          ],
        }
      : {}),
    ...(born ? { birthDate: born } : {}),
    ...(sex ? { gender: sex } : {}),
    telecom: [
      ...(phone ? [{ system: 'phone', value: phone }] : []),
      ...(email ? [{ system: 'email', value: email }] : []),
    ],
    address: [
      {
        ...(line ? { line: [line] } : {}),
        ...(city ? { city } : {}),
        ...(code ? { postalCode: code } : {}),
      },
    ],
    ...(id ? { identifier: [{ system: 'urn:medallion:uhid', value: id }] } : {}),
  };
}

const asha: Said = {
  name: 'Asha/Rao',
  born: '1981-05-03',
  sex: 'female',
  phone: '+91 98450 12345',
  line: '12 Temple Road, Malleswaram',
  city: 'Bengaluru',
  code: '560003',
};
const full = (more: Said): Said => ({ ...asha, ...more });

const pairs: [string, Said, Said, MatchGrade][] = [
  ['the same in every way', asha, asha, 'certain'],
  ['the phone without its country code', asha, full({ phone: '098450-12345' }), 'certain'],
  [
    'one number, name and birth date',
    full({ id: '12345678901234' }),
    full({ id: '1234 5678 9012 34', phone: '' }),
    'certain',
  ],
  ['Lakshmi is Laxmi', full({ name: 'Lakshmi/Iyer' }), full({ name: 'Laxmi/Aiyar' }), 'certain'],
  [
    'Pooja is Puja, Choudhary is Chowdhary',
    full({ name: 'Pooja/Choudhary' }),
    full({ name: 'Puja/Chowdhary' }),
    'certain',
  ],
  [
    'Mohd is Mohammed',
    full({ name: 'Mohd Irfan/Sheikh', sex: 'male' }),
    full({ name: 'Mohammed Irfan/Shaikh', sex: 'male' }),
    'certain',
  ],
  ['in Devanagari', full({ name: 'आशा/राव' }), asha, 'certain'],
  ['family name and given name exchanged', full({ name: 'Rao/Asha' }), asha, 'certain'],
  ['the name as one text', full({ name: '', text: 'Smt. Asha Rao' }), asha, 'certain'],
  ['a second given name left out', full({ name: 'Asha Devi/Rao' }), asha, 'certain'],
  [
    'an accent left out',
    full({ name: 'José/García', sex: 'male' }),
    full({ name: 'Jose/Garcia', sex: 'male' }),
    'certain',
  ],
  ['one name only, and the phone', full({ name: 'Lakshmi' }), full({ name: 'Lakshmi' }), 'certain'],
  [
    'one name in one place, two in the other',
    full({ name: 'Lakshmi' }),
    full({ name: 'Lakshmi/Narayanan' }),
    'certain',
  ],
  ['an initial for the given name', full({ name: 'A/Rao' }), asha, 'probable'],
  [
    'an initial of the father for a family name',
    full({ name: 'Suresh/R' }),
    full({ name: 'Suresh/Ramesh' }),
    'certain',
  ],
  ['day and month exchanged', full({ born: '1981-03-05' }), asha, 'probable'],
  ['one digit of the birth date wrong', full({ born: '1981-05-08' }), asha, 'probable'],
  ['two digits of the year exchanged', full({ born: '1918-05-03' }), asha, 'probable'],
  ['only the year of birth known', full({ born: '1981' }), asha, 'probable'],
  [
    'a slip of the pen in the given name',
    full({ name: 'Ashwini/Rao' }),
    full({ name: 'Ashwinni/Rao' }),
    'certain',
  ],
  [
    'a letter more in the given name',
    full({ name: 'Sangeeta/Rao' }),
    full({ name: 'Sangeetha/Rao' }),
    'certain',
  ],
  ['another family name after marriage', full({ name: 'Asha/Kulkarni' }), asha, 'probable'],
  [
    'name, birth date and sex, nothing else',
    { name: 'Asha/Rao', born: '1981-05-03', sex: 'female' },
    { name: 'Asha/Rao', born: '1981-05-03', sex: 'female' },
    'probable',
  ],
  [
    'one name, a birth date and sex, nothing else',
    { name: 'Lakshmi', born: '1981-05-03', sex: 'female' },
    { name: 'Lakshmi', born: '1981-05-03', sex: 'female' },
    'probable',
  ],
  [
    'the number of another with another birth date',
    full({ id: '12345678901234' }),
    full({ id: '12345678901234', born: '1990-11-27' }),
    'probable',
  ],
  ['sex unlike, all else the same', full({ sex: 'male' }), asha, 'probable'],
  [
    'twin brothers at one address',
    full({ name: 'Ravi/Kumar', sex: 'male' }),
    full({ name: 'Rohan/Kumar', sex: 'male' }),
    'possible',
  ],
  ['twins whose names are alike', full({ name: 'Kiran/Rao' }), full({ name: 'Karan/Rao' }), 'probable'],
  ['twins whose names rhyme', full({ name: 'Sita/Rao' }), full({ name: 'Gita/Rao' }), 'possible'],
  [
    'twin brother and sister',
    full({ name: 'Ram/Rao', sex: 'male' }),
    full({ name: 'Lata/Rao' }),
    'certainly-not',
  ],
  [
    'brothers with a second name in common',
    full({ name: 'Ramesh Kumar/Sharma', sex: 'male' }),
    full({ name: 'Suresh Kumar/Sharma', sex: 'male', born: '1984-08-21' }),
    'certainly-not',
  ],
  [
    'father and son of one name',
    full({ name: 'Ramesh/Rao', sex: 'male', born: '1950-02-11' }),
    full({ name: 'Ramesh/Rao', sex: 'male', born: '1981-05-03' }),
    'certainly-not',
  ],
  [
    'two numbers where one person has one',
    full({ id: '12345678901234' }),
    full({ id: '99995678901234' }),
    'certainly-not',
  ],
  ['a common name alone', { name: 'Ram/Kumar' }, { name: 'Ram/Kumar' }, 'certainly-not'],
  ['a birth date alone', { born: '1981-05-03', sex: 'female' }, asha, 'certainly-not'],
  ['a phone alone', { phone: '9845012345' }, asha, 'certainly-not'],
  [
    'strangers',
    { name: 'Meera/Iyer', born: '1960-12-01', sex: 'female' },
    { name: 'John/Smith', born: '1999-07-07', sex: 'male' },
    'certainly-not',
  ],
  ['nothing at all', {}, {}, 'certainly-not'],
];

describe('two descriptions of a person', () => {
  for (const [what, a, b, grade] of pairs) {
    test(`${what}: ${grade}`, () => {
      const [left, right] = [traitsOf(person(a)), traitsOf(person(b))];
      const there = scoreMatch(left, right);
      assert.equal(there.grade, grade, `score ${there.score}`);
      assert.deepEqual(scoreMatch(right, left), there, 'the same in both directions');
    });
  }

  test('a score is from 0 to 1, whatever the description holds', () => {
    const odd: Resource[] = [
      {
        resourceType: 'Patient',
        name: 'Asha',
        birthDate: 'soon',
        telecom: { system: 'phone' },
        address: [null],
        identifier: [7],
      },
      {
        resourceType: 'Patient',
        name: [{ given: [null, 'Asha'], family: ['Rao'] }],
        birthDate: '1981-05-03T10:00:00Z',
      },
      person(full({ name: `${'a'.repeat(5000)}/${'b '.repeat(3000)}`, line: 'x '.repeat(5000) })),
      person({ text: '😀 --- 𝒜sha' }),
    ];
    for (const a of odd)
      for (const b of odd) {
        const { score } = scoreMatch(traitsOf(a), traitsOf(b));
        assert.ok(score >= 0 && score <= 1);
      }
  });
});

describe('single words', () => {
  const words: [string, string, string][] = [
    ['vijay', 'wijay', 'sound'],
    ['deepak', 'dipak', 'sound'],
    ['srinivas', 'shrinivas', 'sound'],
    ['jyoti', 'jyothi', 'sound'],
    ['banerjee', 'banerji', 'sound'],
    ['siddiqui', 'siddiqi', 'near'],
    ['mukherjee', 'mookerjee', 'sound'],
    ['ravi', 'rani', 'different'],
    ['anita', 'sunita', 'different'],
    ['rao', 'roy', 'different'],
    ['s', 'suresh', 'initial'],
    ['s', 'ramesh', 'different'],
  ];
  for (const [a, b, likeness] of words)
    test(`${a} and ${b}: ${likeness}`, () => assert.equal(compareWords(a, b), likeness));

  test('titles, punctuation and case are no part of a name', () => {
    assert.deepEqual(nameWords("Dr. (Smt) D'Souza-PATIL, M."), ['dsouza', 'patil', 'm']);
  });
});

describe('birth dates', () => {
  const dates: [string | undefined, string | undefined, string][] = [
    ['1981-05-03', '1981-05-03', 'same'],
    ['1981-01-01', '1981-01-01', 'same-placeholder'],
    ['1981-05-03', '1981-03-05', 'swapped'],
    ['1981-05-12', '1981-05-21', 'swapped'],
    ['1981-05-03', '1981-05-08', 'one-digit'],
    ['1981-05-03', '1991-05-03', 'one-digit'],
    ['1981', '1981-05-03', 'as-far-as-given'],
    ['1981-06', '1981-05-03', 'year'],
    ['1981-05-03', '1981-11-27', 'year'],
    ['1981-05-03', '1990-11-27', 'different'],
    [undefined, '1981-05-03', 'unknown'],
  ];
  for (const [a, b, likeness] of dates)
    test(`${a} and ${b}: ${likeness}`, () => {
      assert.equal(compareBirthDates(a, b), likeness);
      assert.equal(compareBirthDates(b, a), likeness);
    });
});
