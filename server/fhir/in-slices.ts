// Long work on many things, in slices: between two of them whatever else waits is answered.
import { setImmediate as othersFirst } from 'node:timers/promises';

const sliceMs = 10;

/** As `items.map(work)`. Little work is done at once, and costs nothing more. */
export async function mapInSlices<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => R,
): Promise<R[]> {
  const results: R[] = [];
  let until = performance.now() + sliceMs;
  for (const [index, item] of items.entries()) {
    if (index > 0 && performance.now() >= until) {
      await othersFirst();
      until = performance.now() + sliceMs;
    }
    results.push(work(item, index));
  }
  return results;
}
