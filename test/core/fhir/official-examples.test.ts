// The official examples are sound but for the few that break the definitions, each known with its rule, and what is read
// writes back as the same document: order of arrays and digits of decimals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import { validateResource } from '../../../core/fhir/validate.ts';
import { officialExamples, summaryExamples, unsoundExamples } from '../../official-examples.ts';

test('the official examples are sound, but for the known ones that are not', () => {
  const refused: Record<string, string> = {};
  let count = 0;
  for (const { name, text } of officialExamples()) {
    count += 1;
    const first = validateResource(parseJson(text)).find((issue) => issue.severity === 'error');
    if (first !== undefined) refused[name] = `${first.messageKey} ${first.expression}`;
  }
  assert.equal(count, 5306);
  assert.deepEqual(refused, { ...unsoundExamples });
});

test('the examples of the International Patient Summary are sound', () => {
  const examples = summaryExamples();
  assert.equal(examples.length, 44);
  for (const { name, text } of examples)
    assert.deepEqual(
      validateResource(parseJson(text)).filter((issue) => issue.severity === 'error'),
      [],
      name,
    );
});

/** The numbers of a JSON text as they are written, in order. */
const numbersOf = (text: string): string[] =>
  (text.match(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g) ?? []).filter((token) => !token.startsWith('"'));

test('canonical text keeps every number as it was written, and is read back to itself', () => {
  let decimals = 0;
  for (const { name, text } of officialExamples()) {
    if (text.length > 2_000_000) continue;
    const canonical = canonicalJson(parseJson(text));
    assert.equal(canonicalJson(parseJson(canonical)), canonical, name);
    const numbers = numbersOf(text);
    assert.deepEqual(numbersOf(canonical).sort(), numbers.sort(), name);
    decimals += numbers.filter((number) => /\.[0-9]*0$/.test(number)).length;
  }
  assert.ok(decimals > 50, `${decimals} numbers end in a zero after the point`);
});
