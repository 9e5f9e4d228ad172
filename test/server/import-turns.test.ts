// Work that goes by names: what shares one keeps its order, the rest does not wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from '../../server/fhir/turns.ts';

test('what shares a name waits for what came before it, in order; what shares none goes at once; a failure holds up nobody', async () => {
  const turns = createTurns();
  const said: string[] = [];
  const gates = new Map<string, () => void>();
  const work = (name: string, names: readonly string[], fails = false) =>
    turns.take(names, async () => {
      said.push(`${name} begins`);
      await new Promise<void>((open) => gates.set(name, open));
      said.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const settled = async (condition: () => boolean) => {
    while (!condition()) await new Promise((turn) => setImmediate(turn));
  };

  const first = work('first', ['a', 'b'], true);
  const second = work('second', ['b', 'c', 'c']);
  const third = work('third', ['c']);
  const alone = work('alone', ['d']);
  const nameless = work('nameless', []);
  await settled(() => gates.has('first') && gates.has('alone') && gates.has('nameless'));
  assert.deepEqual(said.toSorted(), ['alone begins', 'first begins', 'nameless begins']);

  gates.get('first')?.();
  await assert.rejects(first, /first/);
  await settled(() => gates.has('second'));
  assert.ok(!gates.has('third'), 'third waits for second');
  gates.get('second')?.();
  assert.equal(await second, 'second');
  await settled(() => gates.has('third'));
  for (const name of ['third', 'alone', 'nameless']) gates.get(name)?.();
  assert.deepEqual(await Promise.all([third, alone, nameless]), ['third', 'alone', 'nameless']);
});
