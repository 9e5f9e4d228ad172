// A tick and a plan as FHIR: what is written is read back, R4 finds it sound, and a medicine that was stopped asks for nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isToBeTaken, doseWords, withTimes } from '../../../core/doses/medicine.ts';
import type { Tick } from '../../../core/doses/tick.ts';
import { instantThere, readTick, tickId, tickIdsBetween, tickResource } from '../../../core/doses/tick.ts';
import { isTicked, tickedLately } from '../../../core/doses/two-weeks.ts';
import { validateResource } from '../../../core/fhir/validate.ts';

const statement = {
  resourceType: 'MedicationStatement',
  id: 'm1',
  status: 'active',
  subject: { reference: 'Patient/p1' },
  medicationCodeableConcept: { text: 'Metformin' },
  effectivePeriod: { start: '2026-01-01' },
};

describe('a tick', () => {
  const dose = '2026-11-29T08:00';
  const medicine = 'MedicationStatement/m1';
  const tick: Tick = { medicine, dose, state: 'taken', at: '2026-11-29T08:05:00+05:30' };

  for (const [name, change] of [
    ['taken', {}],
    ['left out with a reason', { state: 'skipped', reason: 'Felt sick' }],
    ['taken back', { state: undefined }],
    ['of a prescription', { medicine: 'MedicationRequest/r1' }],
  ] as [string, Partial<Tick>][])
    it(`${name} is read as it was written, and is sound R4`, () => {
      const resource = tickResource({ ...tick, ...change }, statement, { patientId: 'p1', id: 'dose-1' });
      assert.deepEqual(validateResource(resource), []);
      assert.deepEqual(readTick(resource), { ...tick, ...change });
    });

  it('is sealed where its medicine is', () => {
    const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }];
    const resource = tickResource(
      tick,
      { ...statement, meta: { security } },
      { patientId: 'p1', id: 'dose-1' },
    );
    assert.deepEqual(resource['meta'], { security });
  });

  it('has one id for one dose of one medicine of one person, in the order of days', () => {
    const id = tickId('p1', medicine, dose);
    assert.match(id, /^dose-202611290800-[0-9a-f]{32}$/);
    assert.equal(id, tickId('p1', medicine, dose));
    assert.notEqual(id, tickId('p2', medicine, dose));
    assert.notEqual(id, tickId('p1', 'MedicationStatement/m2', dose));
    const [from, to] = tickIdsBetween('2026-11-29', '2026-11-29');
    assert.ok(from <= id && id <= to);
    assert.ok(
      !(from <= tickId('p1', medicine, '2026-11-30T00:00')) ||
        tickId('p1', medicine, '2026-11-30T00:00') > to,
    );
    assert.ok(tickId('p1', medicine, '2026-11-28T23:59') < from);
  });

  it('names its instant with the offset of where it was', () => {
    const at = Date.parse('2026-11-29T02:35:07Z');
    assert.equal(instantThere(at, 'Asia/Kolkata'), '2026-11-29T08:05:07+05:30');
    assert.equal(instantThere(at, 'America/St_Johns'), '2026-11-28T23:05:07-03:30');
    assert.equal(instantThere(at, 'UTC'), '2026-11-29T02:35:07+00:00');
  });

  it('is not what a hospital gave', () => {
    assert.equal(
      readTick({ resourceType: 'MedicationAdministration', effectiveDateTime: '2026-11-29' }),
      undefined,
    );
  });
});

describe('times in a statement', () => {
  const plan = { times: ['08:00', '20:00'], days: [1, 7], begins: '2026-11-29', ends: '2027-01-31' };

  it('are the timing of its dosage, beside how much and how often', () => {
    const before = {
      ...statement,
      dosage: [
        { text: 'with food', timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', when: ['CM'] } } },
      ],
    };
    const after = withTimes(before, plan);
    assert.deepEqual(validateResource(after), []);
    assert.deepEqual(after['dosage'], [
      {
        text: 'with food',
        timing: {
          repeat: {
            frequency: 2,
            period: 1,
            periodUnit: 'd',
            timeOfDay: ['08:00:00', '20:00:00'],
            dayOfWeek: ['mon', 'sun'],
            boundsPeriod: { start: '2026-11-29', end: '2027-01-31' },
          },
        },
      },
    ]);
  });

  it('go without a trace', () => {
    assert.deepEqual(withTimes(withTimes(statement, plan), undefined), statement);
  });
});

describe('a medicine is to be taken', () => {
  const request = { resourceType: 'MedicationRequest', status: 'active', intent: 'order' };
  const ended = (end: string) => ({
    dosageInstruction: [{ timing: { repeat: { boundsPeriod: { end } } } }],
  });
  const table: [object, boolean][] = [
    [statement, true],
    [{ ...statement, status: 'intended' }, true],
    [{ ...statement, effectivePeriod: { end: '2026-11-29' } }, true],
    [{ ...statement, effectivePeriod: { end: '2026-11-28' } }, false],
    ...['stopped', 'completed', 'entered-in-error', 'on-hold', 'not-taken', 'unknown'].map(
      (status): [object, boolean] => [{ ...statement, status }, false],
    ),
    [request, true],
    [{ ...request, intent: 'plan' }, false],
    [{ ...request, doNotPerform: true }, false],
    [{ ...request, ...ended('2026-11-29') }, true],
    [{ ...request, ...ended('2026-11-28') }, false],
    ...['stopped', 'cancelled', 'completed', 'entered-in-error', 'on-hold', 'draft'].map(
      (status): [object, boolean] => [{ ...request, status }, false],
    ),
  ];
  for (const [medicine, expected] of table)
    it(`${JSON.stringify(medicine).slice(0, 140)}: ${expected}`, () =>
      assert.equal(isToBeTaken(medicine as never, '2026-11-29'), expected));

  it('with its dose as it is written', () => {
    const quantity = { doseAndRate: [{ doseQuantity: { value: 500, unit: 'mg' } }] };
    assert.equal(doseWords({ ...statement, dosage: [quantity] }), '500 mg');
    assert.equal(
      doseWords({ ...statement, dosage: [{ ...quantity, text: 'with food' }] }),
      '500 mg, with food',
    );
    const twice = { ...quantity, text: '500 mg at night' };
    assert.equal(doseWords({ ...statement, dosage: [twice] }), '500 mg at night');
    assert.equal(doseWords({ ...request, dosageInstruction: [{ text: '1-0-1' }] }), '1-0-1');
    assert.equal(doseWords(statement), undefined);
  });
});

describe('what was ticked lately', () => {
  const of = (dose: string, state: Tick['state'], name = 'Metformin') => {
    const medicine = `MedicationStatement/${name}`;
    const tick: Tick = { medicine, dose, state, at: `${dose}:00+05:30` };
    const named = { ...statement, medicationCodeableConcept: { text: name } };
    return tickResource(tick, named, { patientId: 'p1', id: tickId('p1', medicine, dose) });
  };
  const record = [
    of('2026-11-15T20:00', 'taken'),
    of('2026-11-16T08:00', 'taken'),
    of('2026-11-20T08:00', 'skipped'),
    of('2026-11-21T08:00', undefined),
    of('2026-11-29T08:00', 'taken'),
    of('2026-11-29T08:00', 'skipped', 'Aspirin'),
    // What a hospital gave.
    { ...of('2026-11-28T08:00', 'taken'), id: 'given', identifier: [] },
  ];

  it('is counted by medicine over fourteen days; what was taken back counts nowhere', () => {
    assert.deepEqual(
      tickedLately(record, '2026-11-29').map(({ name, taken, skipped, first, last }) => [
        name,
        taken,
        skipped,
        first,
        last,
      ]),
      [
        ['Aspirin', 0, 1, '2026-11-29T08:00', '2026-11-29T08:00'],
        ['Metformin', 2, 1, '2026-11-16T08:00', '2026-11-29T08:00'],
      ],
    );
  });

  it('is told from what a hospital gave', () => {
    assert.deepEqual(record.map(isTicked), [true, true, true, true, true, true, false]);
  });
});
