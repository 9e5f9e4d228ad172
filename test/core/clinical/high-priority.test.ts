// Our interaction rules beside a published list of pairs that must never be combined: how many of them we find.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkPair } from '../../../core/clinical/check.ts';
import { contentsOfMedicine } from '../../../core/clinical/ingredients.ts';
import { testWithSharedData } from '../../shared-data.ts';

/** What we promise: at least so many of a hundred pairs. */
const leastOfHundred = 95;

testWithSharedData(
  `at least ${leastOfHundred} of 100 high-priority pairs are found, each as severe`,
  (folder) => {
    const lines = readFileSync(path.join(folder, 'interactions', 'onc_high_priority.csv'), 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
    const pairs = new Map<string, [string, string]>();
    for (const line of lines) {
      const [one, , other] = line.split('$');
      if (one && other) pairs.set([one.toLowerCase(), other.toLowerCase()].sort().join(' + '), [one, other]);
    }
    assert.ok(pairs.size > 1000, `${pairs.size} pairs were read`);
    const missed = [...pairs].filter(([, [one, other]]) => {
      const findings = checkPair(
        { key: 'a', ...contentsOfMedicine([], [one]) },
        { key: 'b', ...contentsOfMedicine([], [other]) },
      );
      return !findings.some(({ severity }) => severity === 'severe');
    });
    console.log(`high-priority pairs: ${pairs.size - missed.length} of ${pairs.size} found`);
    if (missed.length > 0) console.log(`not found: ${missed.map(([names]) => names).join(', ')}`);
    assert.ok((pairs.size - missed.length) * 100 >= leastOfHundred * pairs.size);
  },
);
