import { deepEqual, ok } from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mapInSlices } from '../../server/fhir/in-slices.ts';

/** As long on the machine's own clock, however busy it is. */
function spin(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** How often others had their turn while `work` ran. */
async function turnsOfOthers(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const other = () => {
    turns += 1;
    if (going) setImmediate(other);
  };
  setImmediate(other);
  await work();
  going = false;
  return turns;
}

describe('long work in slices', () => {
  test('others have their turn within every ten milliseconds and the item under way', async () => {
    // Of 4 ms each, at most three stand in one slice.
    const items = Array.from({ length: 60 }, (_, index) => index);
    const turns = await turnsOfOthers(() => mapInSlices(items, () => spin(4)));
    ok(turns >= 60 / 3 - 1, `${turns} turns`);
  });

  test('results stand in the order of what they are of, and each knows its place', async () => {
    deepEqual(await mapInSlices(['a', 'b', 'c'], (item, index) => `${item}${index}`), ['a0', 'b1', 'c2']);
    deepEqual(await mapInSlices([], () => 1), []);
  });

  test('what throws ends the work', async () => {
    const done: number[] = [];
    let message = '';
    await mapInSlices([1, 2, 3], (item) => {
      if (item === 2) throw new Error('no');
      done.push(item);
    }).catch((error: unknown) => (message = (error as Error).message));
    deepEqual([message, done], ['no', [1]]);
  });
});
