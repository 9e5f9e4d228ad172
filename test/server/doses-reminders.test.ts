// Reminders of doses: once for each, without a word of health, at quiet hours later, after a pause no flood, for what was stopped none; and
// for somebody one looks after.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { passDoses } from '../../server/fhir/doses/pass.ts';
import type { Answer } from '../harness/client.ts';
import {
  addChild,
  asha,
  at,
  dayThere,
  events,
  goOn,
  guard,
  hour,
  mails,
  moveClock,
  notices,
  nowMs,
  plan,
  ravi,
  server,
  set,
  states,
  taken,
  tick,
  today,
  zone,
} from './doses-world.ts';

describe('a reminder', () => {
  const told = async (ms: number) => {
    moveClock(ms);
    return passDoses(server.deps);
  };

  it('comes once for a dose, says nothing of health, and only one waits', async () => {
    await set(await taken());
    await set(await taken('Aspirin'));
    assert.equal(await told(59 * 60_000), 0);
    assert.equal(await told(60_000), 1);
    assert.equal(await told(1000), 0);
    const [first, ...more] = await notices(asha);
    assert.deepEqual(more, []);
    assert.deepEqual([first?.kind, first?.detail], ['dose', { about: asha.patientId }]);
    assert.equal(await told(12 * hour), 1);
    assert.equal((await notices(asha)).length, 1);
    assert.deepEqual(mails, []);
  });

  it('does not come for what is ticked already; ticking reads the one that came', async () => {
    const ref = await taken();
    await set(ref);
    await tick(ref, '08:00', 'taken');
    assert.equal(await told(hour), 0);
    assert.deepEqual(await notices(asha), []);
    assert.equal(await told(12 * hour), 1);
    await goOn(0, asha);
    assert.equal((await tick(ref, '20:00', 'skipped')).status, 204);
    assert.notEqual((await notices(asha))[0]?.read_at, null);
  });

  it('is mailed where its person chose mail, without a word of what it is about', async () => {
    await set(await taken('Lithium carbonate'));
    assert.equal((await today()).mayBeMailed, true);
    await asha.call('PUT', at('/settings'), { body: { zone, byMail: true } });
    await told(hour);
    assert.deepEqual(mails, [{ address: asha.login, language: 'en', link: server.url }]);
    await told(60_000);
    assert.equal(mails.length, 1);
  });

  it('waits for the end of the quiet hours', async () => {
    const ref = await taken();
    await set(ref, { times: ['23:00'] });
    const quiet = { from: '22:00', until: '07:00' };
    assert.equal(
      (await asha.call('PUT', at('/settings'), { body: { zone, byMail: false, quiet } })).status,
      204,
    );
    assert.equal(await told(16 * hour), 0);
    assert.equal(await told(8 * hour - 60_000), 0);
    assert.equal(await told(60_000), 1);
  });

  it('of what was missed while the server was down does not come in a flood: the doses stand as not ticked', async () => {
    const ref = await taken();
    await set(ref);
    assert.equal(await told(6 * hour), 0);
    assert.deepEqual(await notices(asha), []);
    await goOn(0, asha);
    assert.deepEqual(await states(), ['08:00 late', '20:00 later']);
    // Days later: one, for the dose of that hour.
    assert.equal(await told(3 * 24 * hour - 5 * hour), 1);
    assert.equal((await notices(asha)).length, 1);
  });

  it('comes at the new time after its person flew west, and not a second time for a dose that was told of', async () => {
    await set(await taken());
    assert.equal(await told(hour), 1);
    await goOn(3 * hour, asha);
    await asha.call('PUT', at('/settings'), { body: { zone: 'Africa/Accra', byMail: false } });
    // 11:00 in India; it is 05:30 in Accra, where 08:00 comes again.
    assert.equal(await told(4 * hour), 0);
    assert.equal(await told(10.5 * hour), 1);
  });

  for (const [name, stop] of [
    ['stopped', async (ref: string) => change(ref, { status: 'stopped' })],
    ['put on hold', async (ref: string) => change(ref, { status: 'on-hold' })],
    ['entered in error', async (ref: string) => change(ref, { status: 'entered-in-error' })],
    ['over', async (ref: string) => change(ref, { effectivePeriod: { end: dayThere(nowMs - 24 * hour) } })],
    ['removed', async (ref: string) => asha.call('DELETE', `/fhir/R4/${ref}`)],
  ] as const)
    it(`does not come for a medicine that was ${name}`, async () => {
      const ref = await taken();
      await set(ref);
      const answer: Answer = await stop(ref);
      assert.ok(answer.status < 300, answer.text);
      assert.equal(await told(hour), 0);
      assert.equal(await told(12 * hour), 0);
      await goOn(0, asha);
      assert.deepEqual((await today()).doses, []);
      const { rows } = await server.pool.query(
        'select next_at from dose_clock where patient_id = $1 and next_at is not null',
        [asha.patientId],
      );
      assert.deepEqual(rows, []);
    });
  const change = async (ref: string, more: object) => {
    const stored = (await asha.get(`/fhir/R4/${ref}`)).json();
    return asha.call('PUT', `/fhir/R4/${ref}`, { body: { ...stored, ...more } });
  };

  it('is of one process alone, however many look at once', async () => {
    await set(await taken());
    moveClock(hour);
    const passes = await Promise.all([1, 2, 3].map(() => passDoses(server.deps)));
    assert.equal(
      passes.reduce((sum, one) => sum + one),
      1,
    );
    assert.equal((await notices(asha)).length, 1);
  });
});

describe('for somebody one looks after', () => {
  it('a guardian who acts sets and ticks, and is told in their own record', async () => {
    const child = await addChild(asha);
    const ref = await taken('Salbutamol', {}, asha, child);
    await set(ref, {}, asha, child);
    await asha.call('PUT', at('/settings', child), { body: { zone, byMail: true } });
    moveClock(hour);
    assert.equal(await passDoses(server.deps), 1);
    assert.deepEqual(
      (await notices(child)).map(({ kind }) => kind),
      ['dose'],
    );
    assert.deepEqual(
      (await notices(asha)).map(({ kind, detail }) => [kind, detail]),
      [['dose-for', { about: child }]],
    );
    assert.equal(mails[0]?.address, asha.login);
    await goOn(0, asha);
    assert.equal((await tick(ref, '08:00', 'taken', {}, asha, child)).status, 204);
    assert.deepEqual(await states(asha, child), ['08:00 taken', '20:00 later']);
    assert.notEqual((await notices(asha))[0]?.read_at, null);
    const ticked = (await events(child)).findLast(({ on }) => on?.type === 'MedicationAdministration');
    assert.equal(ticked?.who.role, 'guardian');
  });

  it('one who may only look sees the doses and changes nothing', async () => {
    const child = await addChild(asha);
    const ref = await taken('Salbutamol', {}, asha, child);
    await set(ref, {}, asha, child);
    await guard(child, 'view');
    assert.deepEqual(await states(ravi, child), ['08:00 later', '20:00 later']);
    for (const answer of [
      await plan(ref, {}, ravi, child),
      await tick(ref, '08:00', 'taken', {}, ravi, child),
      await ravi.call('PUT', at('/settings', child), { body: { zone, byMail: true } }),
      await ravi.call('DELETE', at(`/plans/${ref}`, child)),
    ]) {
      assert.equal(answer.status, 403, answer.text);
      assert.equal(answer.json()['code'], 'guardian-level-too-low');
    }
    assert.deepEqual(await states(asha, child), ['08:00 later', '20:00 later']);
  });

  it('one who is no guardian any more is told nothing', async () => {
    const child = await addChild(asha);
    const ref = await taken('Salbutamol', {}, asha, child);
    await guard(child, 'act');
    await set(ref, {}, ravi, child);
    await server.pool.query(
      `update authority set ended_at = to_timestamp($2::float8 / 1000), ended_why = 'ended' where patient_id = $1 and holder_id = $3`,
      [child, nowMs, ravi.accountId],
    );
    moveClock(hour);
    assert.equal(await passDoses(server.deps), 1);
    assert.deepEqual(await notices(ravi), []);
    assert.equal((await notices(child)).length, 1);
  });
});
