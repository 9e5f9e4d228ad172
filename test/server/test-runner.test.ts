// The test runner's last line is what people and CI believe: it must count leaves, and never call a hole a success.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

const home = mkdtempSync(join(tmpdir(), 'medallion-runner-'));
after(() => rmSync(home, { recursive: true, force: true }));

const fixtures: Readonly<Record<string, string>> = {
  'good.test.ts': `import { describe, it, test } from 'node:test';
    describe('suite', () => { it('one', () => {}); it('two', () => {}); it.skip('three', () => {}); });
    test('parent', async (t) => { await t.test('child', () => {}); });`,
  'bad.test.ts': `import { test } from 'node:test';
    test('parent', async (t) => { await t.test('child', () => { throw new Error('told in full'); }); });
    test('own fault', async (t) => { await t.test('child', () => {}); throw new Error('after its child'); });`,
  'crash.test.ts': `throw new Error('before any test');`,
  'empty.test.ts': ``,
};
for (const [name, source] of Object.entries(fixtures)) writeFileSync(join(home, name), source);

function run(...names: readonly string[]): { status: number | null; lastLine: string; output: string } {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const program = join(import.meta.dirname, '..', 'run.ts');
  const result = spawnSync(process.execPath, [program, ...names.map((name) => join(home, name))], {
    env: environment,
    encoding: 'utf8',
  });
  const output = result.stdout;
  return { status: result.status, lastLine: output.trimEnd().split('\n').at(-1) ?? '', output };
}

describe('the test runner', () => {
  it('counts leaf tests, and skipped ones apart', () => {
    const { status, lastLine } = run('good.test.ts');
    assert.equal(lastLine, '3 passed, 0 failed, 1 skipped');
    assert.equal(status, 0);
  });

  it('counts a failure once where it happened, and one of the parent for itself', () => {
    const { status, lastLine, output } = run('bad.test.ts');
    assert.equal(lastLine, '1 passed, 2 failed');
    assert.match(output, /told in full/);
    assert.match(output, /after its child/);
    assert.notEqual(status, 0);
  });

  it('counts a file that crashes or holds no test as a failure', () => {
    const { status, lastLine, output } = run('crash.test.ts', 'empty.test.ts', 'good.test.ts');
    assert.equal(lastLine, '3 passed, 2 failed, 1 skipped');
    assert.match(output, /before any test/);
    assert.notEqual(status, 0);
  });

  it('fails when nothing ran', () => {
    const folder = mkdtempSync(join(home, 'none-'));
    const { status, lastLine } = run(folder.slice(home.length));
    assert.equal(lastLine, '0 passed, 0 failed');
    assert.notEqual(status, 0);
  });
});
