import { deepEqual, equal, match } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { uuidV7 } from '../../server/storage/uuid.ts';

const random = (count: number) => new Uint8Array(randomBytes(count));
const made = (nowMs: number, count: number): string[] =>
  Array.from({ length: count }, () => uuidV7(nowMs, random));

describe('ids of entries', () => {
  const nowMs = Date.UTC(2026, 10, 30);

  test('lie in the order they were made, also in one millisecond', () => {
    const ids = [...made(nowMs, 500), ...made(nowMs + 1, 500), ...made(nowMs + 2 ** 20, 2)];
    deepEqual(ids.toSorted(), ids);
  });

  test('are never two alike, however many of one millisecond and whatever the clock does', () => {
    const ids = [...made(nowMs, 9000), ...made(nowMs - 1, 10), ...made(nowMs, 9000)];
    equal(new Set(ids).size, ids.length);
  });

  test('hold the time, the version and the variant where RFC 9562 puts them', () => {
    // The example of its appendix A.6.
    match(uuidV7(0x017f22e279b0, random), /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
