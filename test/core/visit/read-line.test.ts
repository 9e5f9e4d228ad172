// A line of a prescription is read as doctors write it; what is not understood stays in the name.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLine, readPressure } from '../../../core/visit/read-line.ts';

const cases: readonly (readonly [
  line: string,
  name: string,
  dose: string,
  unit: string,
  perDay: string,
  days: string,
  more?: object,
])[] = [
  ['amoxicillin 500 mg tds 5 days', 'amoxicillin', '500', 'mg', '3', '5'],
  ['Pantoprazole 40mg 1-0-0 x 2w', 'Pantoprazole', '40', 'mg', '1', '14'],
  ['paracetamol 650 mg 1-1-1-1 3d', 'paracetamol', '650', 'mg', '4', '3'],
  ['Azithromycin 500mg od x3d', 'Azithromycin', '500', 'mg', '1', '3'],
  ['ceftriaxone 1 g iv bd for 7 days', 'ceftriaxone', '1', 'g', '2', '7', { route: 'injection' }],
  ['cetirizine 10 mg hs', 'cetirizine', '10', 'mg', '1', ''],
  [
    'salbutamol 2 puffs inh every 6 hours sos',
    'salbutamol',
    '2',
    'puff',
    '4',
    '',
    { route: 'inhaled', asNeeded: true },
  ],
  ['ibuprofen 400 mg 3 times a day, 5 days', 'ibuprofen', '400', 'mg', '3', '5'],
  ['levothyroxine 50 mcg once daily', 'levothyroxine', '50', 'mcg', '1', ''],
  ['Vitamin B12', 'Vitamin B12', '', 'mg', '', ''],
  ['insulin glargine 18 units hs', 'insulin glargine', '18', 'unit', '1', ''],
  ['something <b>odd</b> 7', 'something <b>odd</b> 7', '', 'mg', '', ''],
  ['', '', '', 'mg', '', ''],
];

describe('a prescription line', () => {
  for (const [line, name, dose, unit, perDay, days, more = {}] of cases)
    it(`"${line}"`, () => {
      const { route, asNeeded, ...read } = readLine(line);
      assert.deepEqual(read, { name, dose, unit, perDay, days });
      assert.deepEqual({ route, asNeeded }, { route: '', asNeeded: false, ...more });
    });
  it('reads the longest line without hanging', () => {
    const { name } = readLine(`${'5 mg '.repeat(100_000)}x`);
    assert.ok(name.length < 400);
  });
});

describe('a blood pressure in one box', () => {
  it('is two numbers, or nothing', () => {
    assert.deepEqual(readPressure('134/84'), { systolic: '134', diastolic: '84' });
    assert.deepEqual(readPressure(' 120 80 '), { systolic: '120', diastolic: '80' });
    for (const text of ['134', '134/', '/84', 'high', '1340/84']) assert.equal(readPressure(text), undefined);
  });
});
