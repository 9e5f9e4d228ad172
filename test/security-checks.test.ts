// Every shared security check has a test that names it, or a line in docs/security-checks.md that says why it has none.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const counts = { AUTH: 13, SES: 8, OTP: 9, CON: 17, FHIR: 18, QR: 10, WEB: 16, LOG: 12, CRASH: 10 };
const idOf = (group: string, number: number): string => `${group}-${String(number).padStart(2, '0')}`;
const all = Object.entries(counts).flatMap(([group, count]) =>
  Array.from({ length: count }, (_, i) => idOf(group, i + 1)),
);
const pattern = new RegExp(String.raw`\b(${Object.keys(counts).join('|')})-(\d\d)\b`, 'g');

/** Ids in the text, with all between the two ends of `FHIR-01 to FHIR-14` and `FHIR-01 … FHIR-14`. */
function idsIn(text: string): string[] {
  const found = [...text.matchAll(pattern)].map(([id]) => id);
  for (const [, group = '', from, , to] of text.matchAll(/\b([A-Z]+)-(\d\d) (to|…) \1-(\d\d)\b/g))
    for (let n = Number(from); n <= Number(to); n += 1) found.push(idOf(group, n));
  return found;
}

/** Titles of tests only: a comment or a table is no test. */
function tested(): Set<string> {
  const ids = new Set<string>();
  for (const file of globSync('test/**/*.test.ts', { cwd: root })) {
    if (file.endsWith('security-checks.test.ts')) continue;
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, , title = ''] of text.matchAll(
      /\b(?:test|it|describe)\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g,
    ))
      for (const id of idsIn(title)) ids.add(id);
  }
  return ids;
}

function lines(): Map<string, string> {
  const table = readFileSync(join(root, 'docs/security-checks.md'), 'utf8');
  const rows = new Map<string, string>();
  for (const [, ids = '', , where = ''] of table.matchAll(
    /^\| ([A-Z]+-\d\d[^|]*) \| ([^|]*) \| ([^|]*) \|$/gm,
  ))
    for (const id of idsIn(ids)) rows.set(id, where.trim());
  return rows;
}

test('the list names every check once, and no other', () => {
  assert.deepEqual([...lines().keys()].toSorted(), all.toSorted());
});

test('what the list calls tested is named by a test, and what no test names says why', () => {
  const ids = tested();
  for (const [id, where] of lines()) {
    if (where.startsWith('test')) assert.ok(ids.has(id), `no test is named ${id}`);
    else {
      assert.match(where, /^(not applicable|to come): .{20,}/, `${id} says why it has no test`);
      if (where.startsWith('not')) assert.ok(!ids.has(id), `a test is named ${id}: the list should say so`);
    }
  }
});
