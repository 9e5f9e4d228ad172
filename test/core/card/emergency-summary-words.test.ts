// Ages, dates, catalogues: what is said is said the same way in both languages, and nothing is left unsaid.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOn, daysBetween } from '../../../core/card/age.ts';
import { ageWords, sourceWords } from '../../../core/card/summary-words.ts';
import { en, type MessageKey } from '../../../core/card/words/en.ts';
import { hi } from '../../../core/card/words/hi.ts';
import { say, sayAll, sayDate } from '../../../core/card/words/say.ts';

const ages: readonly (readonly [born: string, today: string, words: string | undefined])[] = [
  ['1980-02-01', '2026-11-20', '46 years'],
  ['1980-11-20', '2026-11-20', '46 years'],
  ['1980-11-21', '2026-11-20', '45 years'],
  ['2000-02-29', '2026-02-28', '25 years'],
  ['2000-02-29', '2026-03-01', '26 years'],
  ['2000-02-29', '2028-02-28', '27 years'],
  ['2000-02-29', '2028-02-29', '28 years'],
  ['2024-11-20', '2026-11-20', '2 years'],
  ['2024-11-21', '2026-11-20', '23 months'],
  ['2026-10-20', '2026-11-20', '1 month'],
  ['2026-10-31', '2026-11-20', '20 days'],
  ['2026-11-19', '2026-11-20', '1 day'],
  ['2026-11-20', '2026-11-20', '0 days'],
  ['2026-11-21', '2026-11-20', undefined],
  ['2027', '2026-11-20', undefined],
  ['1980', '2026-11-20', 'about 46 years'],
  ['1980-12', '2026-11-20', 'about 45 years'],
];
for (const [born, today, words] of ages) {
  test(`born ${born}, on ${today}: ${words ?? 'no age'}`, () => {
    const age = ageOn(born, today);
    assert.equal(age === undefined ? undefined : say('en', ageWords(age)), words);
  });
}

test('days between days count leap years', () => {
  assert.equal(daysBetween('2024-02-28', '2024-03-01'), 2);
  assert.equal(daysBetween('2023-02-28', '2023-03-01'), 1);
  assert.equal(daysBetween('1900-02-28', '1900-03-01'), 1);
  assert.equal(daysBetween('2000-01-01', '2001-01-01'), 366);
  assert.equal(daysBetween('2026-11-20', '2026-11-19'), -1);
});

test('dates of every precision in both languages', () => {
  assert.equal(sayDate('en', '2024-03-12'), '12\u00a0Mar\u00a02024');
  assert.equal(sayDate('en', '2024-03'), 'Mar\u00a02024');
  assert.equal(sayDate('en', '2024'), '2024');
  assert.equal(sayDate('hi', '1980-02-01'), '1\u00a0फ़रवरी\u00a01980');
});

const places = (text: string): string[] =>
  [...text.matchAll(/\{([a-z]+)\}/gu)].map((match) => match[1] ?? '').sort();

for (const key of Object.keys(en) as MessageKey[]) {
  test(`${key}: English and Hindi fill in the same places`, () => {
    assert.deepEqual(places(hi[key]), places(en[key]));
    assert.notEqual(hi[key].trim(), '');
  });
}

test('words filled in are taken as they are: braces and dollar signs do no harm', () => {
  assert.equal(say('en', { key: 'contact.call', params: { name: '{name} $& $1' } }), 'Call {name} $& $1');
});

const sources: readonly (readonly [source: Parameters<typeof sourceWords>[0], words: string])[] = [
  [
    { kind: 'professional', who: 'Dr Meera Iyer', date: '2026-11-18', verified: true },
    'Dr Meera Iyer, verified 18\u00a0Nov\u00a02026',
  ],
  [
    { kind: 'organization', who: 'Kaveri Diagnostics', date: '2024-05-02', verified: true },
    'Kaveri Diagnostics, 2\u00a0May\u00a02024',
  ],
  [
    { kind: 'patient', who: 'Asha', date: '2026-08-09', attributedTo: 'Dr Iyer', verified: false },
    'Asha said, 9\u00a0Aug\u00a02026. Not checked by a doctor. They name Dr Iyer.',
  ],
  [{ kind: 'import', verified: false }, 'From another system. Not checked here.'],
];
for (const [source, words] of sources)
  test(`a source in words: ${words}`, () => assert.equal(sayAll('en', sourceWords(source)), words));

test('only a verified source is said to be verified, in either language', () => {
  for (const kind of ['patient', 'guardian', 'import'] as const) {
    for (const who of [undefined, 'X'])
      for (const date of [undefined, '2026'])
        for (const language of ['en', 'hi'] as const) {
          const source = {
            kind,
            verified: false,
            ...(who === undefined ? {} : { who }),
            ...(date === undefined ? {} : { date }),
          };
          const words = sayAll(language, sourceWords(source));
          assert.doesNotMatch(words, /verified|ने जाँचा$/u);
          assert.match(words, /Not checked|नहीं जाँचा/u);
        }
  }
});
