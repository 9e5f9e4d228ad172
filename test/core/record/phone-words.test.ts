// Phone numbers are grouped to be read aloud, and never changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneWords } from '../../../core/record/phone-words.ts';

const nbsp = '\u00a0';

test('an Indian mobile number is grouped by five, and stays on one line', () => {
  assert.equal(phoneWords('+919000041122'), `+91${nbsp}90000${nbsp}41122`);
  assert.equal(phoneWords('9000041122'), `90000${nbsp}41122`);
});

test('any other number stays as it was written', () => {
  for (const phone of ['', '112', '+91 90000 41122', '+14155550123', '90000411220', 'ask Ravi'])
    assert.equal(phoneWords(phone), phone);
});
