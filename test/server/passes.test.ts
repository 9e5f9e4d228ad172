// Work that is done again and again by the clock: one at a time, through failures, and waited for at the end.
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { startPass } from '../../server/http/passes.ts';

const logged: unknown[][] = [];
const deps = { log: { warn: (...words: unknown[]) => void logged.push(words) } } as unknown as Parameters<
  typeof startPass
>[0];
const every = { everyMs: 1000, failed: 'could not' };
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  logged.length = 0;
  mock.timers.reset();
  mock.timers.enable({ apis: ['setInterval'] });
});

test('a pass is not begun while the one before runs, and again after it', async () => {
  let begun = 0;
  let finish = (): void => undefined;
  const pass = startPass(deps, every, () => {
    begun++;
    return new Promise<void>((resolve) => (finish = resolve));
  });
  assert.equal(begun, 0);
  for (let tick = 0; tick < 5; tick++) mock.timers.tick(1000);
  assert.equal(begun, 1);
  finish();
  await settle();
  mock.timers.tick(1000);
  assert.equal(begun, 2);
  finish();
  await pass.stop();
});

test('one that fails is logged without its message, and the next is tried', async () => {
  let begun = 0;
  const pass = startPass(deps, every, () => {
    begun++;
    return Promise.reject(Object.assign(new Error('Asha Rao, warfarin'), { code: '57014' }));
  });
  mock.timers.tick(1000);
  await settle();
  mock.timers.tick(1000);
  await settle();
  assert.equal(begun, 2);
  assert.deepEqual(logged, [
    [{ name: 'Error', code: '57014' }, 'could not'],
    [{ name: 'Error', code: '57014' }, 'could not'],
  ]);
  await pass.stop();
});

test('stopping waits for the one that runs, and none is begun after', async () => {
  let begun = 0;
  let finish = (): void => undefined;
  const pass = startPass(deps, every, () => {
    begun++;
    return new Promise<void>((resolve) => (finish = resolve));
  });
  mock.timers.tick(1000);
  let stopped = false;
  const stopping = pass.stop().then(() => (stopped = true));
  await settle();
  assert.equal(stopped, false);
  finish();
  await stopping;
  mock.timers.tick(5000);
  assert.equal(begun, 1);
});
