// The decision over every basis: total, deny by default, and the search scopes say the same as the decision entry by entry.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Authority, Coverage } from '../../../core/access/authority.ts';
import { covers, guardianLevels, inForce } from '../../../core/access/authority.ts';
import { categories, categoryOf, isSealed } from '../../../core/access/categories.ts';
import type { Act, Asker, RecordScope, Subject } from '../../../core/access/decide.ts';
import { decide, recordScopes } from '../../../core/access/decide.ts';
import { resourceTypes } from '../../../core/fhir/resource-types.ts';

const acts: readonly Act[] = [
  'give-card',
  'read',
  'search',
  'create',
  'update',
  'delete',
  'import',
  'erase',
  'hold',
  'emergency-page',
];
const everyAct: readonly Act[] = [...acts, 'answer', 'share', 'guard', 'keep-card', 'export'];
const given = { id: 'a', patientId: 'ravi', startsAtMs: 0 };
const whole: Coverage = { sealed: false };

function asker(...authorities: Authority[]): Extract<Asker, { kind: 'person' }> {
  return { kind: 'person', patientId: 'meera', authorities };
}
function entry(resourceType: string, more: Partial<Subject> = {}): Subject {
  return { patientId: 'ravi', resourceType, resourceId: 'x', category: 'results', sealed: false, ...more };
}
const allowedActs = (who: Asker, subject: Subject) => acts.filter((act) => decide(who, act, subject).allowed);

describe('without authority', () => {
  it('another person’s record is as if it were not there, for every act and type', () => {
    for (const type of resourceTypes)
      for (const act of everyAct) {
        const { allowed, rule } = decide(asker(), act, entry(type));
        assert.equal(allowed, false, `${act} ${type}`);
        assert.equal(rule, 'not-yours');
      }
  });

  it('an authority over one record opens no other, and not the owner’s rights', () => {
    const guardian = asker({ ...given, basis: 'guardian', level: 'manage' });
    assert.deepEqual(allowedActs(guardian, entry('Observation', { patientId: 'asha' })), []);
    for (const act of ['erase', 'hold', 'import', 'give-card'] as const)
      assert.equal(decide(guardian, act, entry('Patient')).allowed, false, act);
  });
});

describe('a guardian', () => {
  const at = (level: (typeof guardianLevels)[number]) => asker({ ...given, basis: 'guardian', level });
  const table: [string, (typeof guardianLevels)[number], readonly Act[]][] = [
    ['Observation', 'view', ['read', 'search']],
    ['Observation', 'share', ['read', 'search']],
    ['Observation', 'act', ['read', 'search', 'create', 'update', 'delete']],
    ['Observation', 'manage', ['read', 'search', 'create', 'update', 'delete']],
    ['Patient', 'act', ['read', 'search']],
    ['Patient', 'manage', ['read', 'search', 'create', 'update', 'delete']],
    ['AuditEvent', 'act', []],
    ['AuditEvent', 'manage', ['read', 'search']],
    ['Consent', 'act', []],
    ['Consent', 'manage', ['read', 'search']],
    ['RelatedPerson', 'manage', ['read', 'search']],
    ['Provenance', 'manage', ['read', 'search']],
  ];
  for (const [type, level, expected] of table)
    it(`of level ${level} may with ${type}: ${expected.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(allowedActs(at(level), entry(type)), expected);
    });

  it('sees nothing that is sealed, at any level, and what may be sealed counts as sealed', () => {
    for (const level of guardianLevels)
      for (const sealed of [{ sealed: true }, {}]) {
        const subject = { patientId: 'ravi', resourceType: 'Observation', ...sealed };
        assert.deepEqual(allowedActs(at(level), subject), []);
      }
  });
});

describe('a grant', () => {
  const grant = (coverage: Coverage) => asker({ ...given, basis: 'grant', coverage, share: false });

  it('lets look and nothing else, never at who looked or who was let in', () => {
    assert.deepEqual(allowedActs(grant(whole), entry('Observation')), ['read', 'search']);
    for (const type of ['AuditEvent', 'Consent', 'Provenance'])
      assert.deepEqual(allowedActs(grant({ sealed: true }), entry(type, { category: 'sharing' })), []);
  });

  it('of some parts covers these and no entry whose part is not known', () => {
    const some = grant({ categories: ['results'], sealed: false });
    assert.ok(decide(some, 'read', entry('Observation')).allowed);
    assert.ok(!decide(some, 'read', entry('Observation', { category: 'vital-signs' })).allowed);
    assert.ok(
      !decide(some, 'read', { patientId: 'ravi', resourceType: 'Observation', sealed: false }).allowed,
    );
  });

  it('of no part covers nothing', () => {
    assert.deepEqual(allowedActs(grant({ categories: [], sealed: true }), entry('Observation')), []);
    assert.deepEqual(allowedActs(grant({ entries: [], sealed: true }), entry('Observation')), []);
  });

  it('of single entries covers those of that type and id', () => {
    const one = grant({ entries: ['Observation/x'], sealed: false });
    assert.ok(decide(one, 'read', entry('Observation')).allowed);
    assert.ok(!decide(one, 'read', entry('Observation', { resourceId: 'y' })).allowed);
    assert.ok(!decide(one, 'read', entry('Condition')).allowed);
  });

  it('covers what is sealed only where that was said', () => {
    assert.ok(!decide(grant(whole), 'read', entry('Observation', { sealed: true })).allowed);
    assert.ok(decide(grant({ sealed: true }), 'read', entry('Observation', { sealed: true })).allowed);
  });
});

describe('what only the owner does otherwise', () => {
  const guarded = ['share', 'answer', 'guard', 'keep-card', 'export'] as const;
  const allowed = (authority: Authority) =>
    guarded.filter((act) => decide(asker(authority), act, entry('Patient')).allowed);

  it('is a guardian’s from the level on that holds it: the card, other guardians and taking away at manage alone', () => {
    assert.deepEqual(
      guardianLevels.map((level) => allowed({ ...given, basis: 'guardian', level })),
      [[], ['share'], ['share', 'answer'], ['share', 'answer', 'guard', 'keep-card', 'export']],
    );
  });

  it('rests in a custody dispute, while looking, adding and answering go on', () => {
    const frozen: Authority = { ...given, basis: 'guardian', level: 'manage', frozen: true };
    assert.deepEqual(allowed(frozen), ['answer']);
    assert.deepEqual(allowedActs(asker(frozen), entry('Observation')), [
      'read',
      'search',
      'create',
      'update',
      'delete',
    ]);
    assert.deepEqual(allowedActs(asker(frozen), entry('Patient')), ['read', 'search']);
    assert.equal(decide(asker(frozen), 'update', entry('Patient')).rule, 'custody-dispute');
  });
});

describe('letting others in', () => {
  it('is the owner’s, and a guardian’s from the level on that holds it', () => {
    const own: Subject = { patientId: 'meera', resourceType: 'Consent' };
    for (const act of ['answer', 'share', 'guard'] as const)
      assert.ok(decide(asker(), act, own).allowed, act);
    const allowed = guardianLevels.map((level) =>
      (['share', 'answer', 'guard'] as const).filter(
        (act) => decide(asker({ ...given, basis: 'guardian', level }), act, entry('Consent')).allowed,
      ),
    );
    assert.deepEqual(allowed, [[], ['share'], ['share', 'answer'], ['share', 'answer', 'guard']]);
  });

  it('is nobody’s who was only let in', () => {
    const others: Authority[] = [
      { ...given, basis: 'grant', coverage: { sealed: true }, share: true },
      { ...given, basis: 'edit', coverage: { sealed: true } },
      { ...given, basis: 'break-glass' },
    ];
    for (const act of ['answer', 'share', 'guard'] as const)
      assert.equal(decide(asker(...others), act, entry('Consent')).allowed, false, act);
  });
});

describe('an edit grant and a broken glass', () => {
  it('an edit grant writes what it covers, takes nothing away and gives its holder nothing more', () => {
    const edit = asker({ ...given, basis: 'edit', coverage: whole });
    assert.deepEqual(allowedActs(edit, entry('Observation')), ['read', 'search', 'create', 'update']);
    for (const type of ['Consent', 'RelatedPerson', 'CareTeam', 'Group', 'Person', 'Patient', 'AuditEvent'])
      assert.ok(!decide(edit, 'create', entry(type)).allowed, type);
  });

  it('a broken glass looks at everything clinical, sealed too, and writes nothing', () => {
    const broken = asker({ ...given, basis: 'break-glass' });
    assert.deepEqual(allowedActs(broken, entry('Observation', { sealed: true })), ['read', 'search']);
    assert.deepEqual(allowedActs(broken, entry('AuditEvent')), []);
  });
});

describe('time', () => {
  it('an authority holds from its first instant and not at its last', () => {
    const between = { ...given, startsAtMs: 1000, endsAtMs: 2000 };
    assert.deepEqual(
      [999, 1000, 1999, 2000].map((nowMs) => inForce(between, nowMs)),
      [false, true, true, false],
    );
    assert.ok(inForce(given, Number.MAX_SAFE_INTEGER));
  });
});

describe('the scopes of a search', () => {
  const level = fc.constantFrom(...guardianLevels);
  const coverage: fc.Arbitrary<Coverage> = fc.record(
    {
      categories: fc.subarray([...categories]),
      entries: fc.subarray(['Observation/x', 'Condition/x', 'Observation/y', 'Consent/x']),
      sealed: fc.boolean(),
    },
    { requiredKeys: ['sealed'] },
  );
  const authority: fc.Arbitrary<Authority> = fc.oneof(
    level.map((one): Authority => ({ ...given, basis: 'guardian', level: one })),
    coverage.map((one): Authority => ({ ...given, basis: 'grant', coverage: one, share: false })),
    coverage.map((one): Authority => ({ ...given, basis: 'edit', coverage: one })),
    fc.constant<Authority>({ ...given, basis: 'break-glass' }),
  );
  const subject = fc.record({
    patientId: fc.constantFrom('ravi', 'meera', 'asha'),
    resourceType: fc.constantFrom(
      'Observation',
      'Condition',
      'Consent',
      'AuditEvent',
      'Patient',
      'Communication',
    ),
    resourceId: fc.constantFrom('x', 'y', 'z'),
    category: fc.constantFrom(...categories),
    sealed: fc.boolean(),
  });
  const within = (scope: RecordScope, one: Subject): boolean =>
    scope.patientId === one.patientId &&
    covers(
      {
        sealed: scope.sealed,
        ...(scope.categories ? { categories: scope.categories } : {}),
        ...(scope.entries ? { entries: scope.entries } : {}),
      },
      one,
    );

  it('let through exactly what the decision on each entry lets through', () => {
    fc.assert(
      fc.property(fc.array(authority, { maxLength: 4 }), subject, (authorities, one) => {
        const who = asker(...authorities);
        const found = recordScopes(who, one.resourceType).some((scope) => within(scope, one));
        assert.equal(found, decide(who, 'search', one).allowed);
      }),
      { numRuns: 20_000 },
    );
  });

  it('never hold the directory, and without authority only the own record', () => {
    assert.deepEqual(recordScopes(asker(), 'Observation'), [
      { patientId: 'meera', rule: 'self', sealed: true },
    ]);
  });
});

describe('parts of a record', () => {
  it('every resource type has exactly one, and Observations are told apart by their category', () => {
    for (const resourceType of resourceTypes) assert.ok(categories.includes(categoryOf({ resourceType })));
    const observation = (code: string) =>
      categoryOf({ resourceType: 'Observation', category: [{ coding: [{ code }] }] });
    assert.deepEqual(['laboratory', 'vital-signs', 'imaging', 'no-such'].map(observation), [
      'results',
      'vital-signs',
      'imaging',
      'results',
    ]);
    assert.equal(categoryOf({ resourceType: 'Observation', category: 'broken' }), 'results');
  });

  const label = (system: string, code: string) => ({
    resourceType: 'Condition',
    meta: { security: [{ system, code }] },
  });
  const v3 = 'http://terminology.hl7.org/CodeSystem/';
  const labels: [string, string, boolean][] = [
    [`${v3}v3-Confidentiality`, 'R', true],
    [`${v3}v3-Confidentiality`, 'V', true],
    [`${v3}v3-Confidentiality`, 'N', false],
    [`${v3}v3-ActCode`, 'HIV', true],
    [`${v3}v3-ActCode`, 'PSYTHPN', true],
    [`${v3}v3-ActReason`, 'HIV', false],
    ['urn:own', 'R', false],
  ];
  for (const [system, code, expected] of labels)
    it(`${system.replace(v3, '')}#${code} ${expected ? 'seals' : 'does not seal'}`, () => {
      assert.equal(isSealed(label(system, code)), expected);
    });
  it('broken labels seal nothing and break nothing', () => {
    for (const meta of [null, 'x', [], { security: 'R' }, { security: [null, 3, {}] }])
      assert.equal(isSealed({ resourceType: 'Condition', meta }), false);
  });
});
