// The decision where duty, a merge or a card lets somebody in: a records officer at one entry, who sees a record that was joined to theirs, what may be
// left in a record without seeing it. Tables: each line is who asks, what for, and the rule that answers.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Authority } from '../../../core/access/authority.ts';
import type { Act, Asker, Rule, Subject } from '../../../core/access/decide.ts';
import { decide } from '../../../core/access/decide.ts';

const entry = (more: Partial<Subject> = {}): Subject => ({
  patientId: 'asha',
  resourceType: 'Observation',
  resourceId: 'x',
  category: 'results',
  sealed: false,
  ...more,
});
const said = (asker: Asker, act: Act, subject: Subject): string => {
  const { allowed, rule } = decide(asker, act, subject);
  return `${allowed ? 'yes' : 'no'}: ${rule}`;
};

describe('amend: a records officer sees and puts right one entry', () => {
  const officer: Asker = { kind: 'person', patientId: 'meera', officerAt: ['kaveri', 'tulsi'] };
  const table: readonly (readonly [string, Asker, Partial<Subject>, string])[] = [
    ['of their organisation', officer, { keptBy: 'kaveri' }, 'yes: records-officer'],
    ['of the other where they keep records', officer, { keptBy: 'tulsi' }, 'yes: records-officer'],
    ['that another organisation wrote', officer, { keptBy: 'lotus' }, 'no: not-kept-here'],
    ['that no organisation wrote', officer, {}, 'no: not-kept-here'],
    ['in their own record', officer, { keptBy: 'kaveri', patientId: 'meera' }, 'no: not-kept-here'],
    ['that belongs to nobody', officer, { keptBy: 'kaveri', patientId: '' }, 'no: not-kept-here'],
    ['that is sealed', officer, { keptBy: 'kaveri', sealed: true }, 'no: not-kept-here'],
    [
      'of which nobody knows whether it is sealed',
      officer,
      { keptBy: 'kaveri', sealed: undefined as never },
      'no: not-kept-here',
    ],
    [
      'that is sealed, when its person asked',
      officer,
      { keptBy: 'kaveri', sealed: true, asked: true },
      'yes: records-officer',
    ],
    ['of another, though its person asked', officer, { keptBy: 'lotus', asked: true }, 'no: not-kept-here'],
    ...['Consent', 'RelatedPerson', 'CareTeam', 'Group', 'Person', 'AuditEvent', 'Provenance'].map(
      (resourceType) =>
        [
          `of type ${resourceType}`,
          officer,
          { keptBy: 'kaveri', resourceType, asked: true },
          'no: kept-by-the-server',
        ] as const,
    ),
    [
      'when they work nowhere any more',
      { kind: 'person', patientId: 'meera' },
      { keptBy: 'kaveri' },
      'no: not-kept-here',
    ],
    ['when not signed in', { kind: 'anonymous' }, { keptBy: 'kaveri' }, 'no: not-signed-in'],
    [
      'through an app that may do everything',
      {
        kind: 'app',
        person: officer,
        scopes: [{ level: 'user', type: '*', letters: 'cruds' }] as never,
      },
      { keptBy: 'kaveri' },
      'no: scope-lacking',
    ],
  ];
  for (const [what, asker, more, expected] of table)
    it(`${what} → ${expected}`, () => {
      assert.equal(said(asker, 'amend', entry(more)), expected);
    });

  it('the owner, a guardian, a grant and a broken glass amend nothing: they are no officers', () => {
    const given = { id: 'a', patientId: 'asha', startsAtMs: 0 };
    const authorities: readonly Authority[] = [
      { ...given, basis: 'guardian', level: 'manage' },
      { ...given, basis: 'grant', coverage: { sealed: true }, share: true },
      { ...given, basis: 'break-glass' },
      { ...given, basis: 'merged', sealed: true },
    ];
    assert.equal(
      said({ kind: 'person', patientId: 'asha' }, 'amend', entry({ keptBy: 'kaveri' })),
      'no: not-kept-here',
    );
    for (const authority of authorities)
      assert.equal(
        said(
          { kind: 'person', patientId: 'meera', authorities: [authority] },
          'amend',
          entry({ keptBy: 'kaveri' }),
        ),
        'no: not-kept-here',
      );
  });

  it('what the correction becomes writes that entry, and does nothing beside it', () => {
    const amender: Asker = {
      kind: 'amender',
      patientId: 'asha',
      resourceType: 'Observation',
      resourceId: 'x',
    };
    assert.equal(said(amender, 'update', entry()), 'yes: records-officer');
    for (const [act, more] of [
      ['read', {}],
      ['search', {}],
      ['create', {}],
      ['delete', {}],
      ['amend', {}],
      ['update', { resourceId: 'y' }],
      ['update', { resourceType: 'Condition' }],
      ['update', { patientId: 'ravi' }],
    ] as const)
      assert.equal(said(amender, act, entry(more)), 'no: not-yours', `${act} ${JSON.stringify(more)}`);
  });
});

describe('merged: the owner of the record that stayed sees the one that was joined to it', () => {
  const joined = (sealed: boolean): Asker => ({
    kind: 'person',
    patientId: 'asha',
    authorities: [{ id: 'm', patientId: 'asha-2', startsAtMs: 0, basis: 'merged', sealed }],
  });
  const table: readonly (readonly [Act, boolean, Partial<Subject>, string])[] = [
    ['read', false, {}, 'yes: merged'],
    ['search', false, {}, 'yes: merged'],
    ['read', false, { sealed: true }, 'no: not-covered'],
    ['read', true, { sealed: true }, 'yes: merged'],
    ['read', false, { resourceType: 'AuditEvent', sealed: false }, 'yes: merged'],
    ['read', false, { patientId: 'asha-3' }, 'no: not-yours'],
    ['create', true, {}, 'no: not-covered'],
    ['update', true, {}, 'no: not-covered'],
    ['delete', true, {}, 'no: not-covered'],
    ['share', true, {}, 'no: not-yours'],
    ['answer', true, {}, 'no: not-yours'],
    ['guard', true, {}, 'no: not-yours'],
    ['export', true, {}, 'no: not-yours'],
    ['keep-card', true, {}, 'no: not-yours'],
    ['deposit', true, {}, 'no: not-yours'],
    ['erase', true, {}, 'no: not-yours'],
  ];
  for (const [act, sealed, more, expected] of table)
    it(`${act}${sealed ? ', with what is sealed' : ''}, ${JSON.stringify(more)} → ${expected}`, () => {
      assert.equal(said(joined(sealed), act, entry({ patientId: 'asha-2', ...more })), expected);
    });
});

describe('deposit: something is left in a record, and nothing of it is seen', () => {
  const card = (tier: 'first' | 'second', patientId = 'asha'): Asker => ({ kind: 'card', tier, patientId });
  const worker: Asker = { kind: 'person', patientId: 'meera', bringsFiles: true };
  const guardian = (level: 'view' | 'share' | 'act' | 'manage'): Asker => ({
    kind: 'person',
    patientId: 'ravi',
    authorities: [{ id: 'g', patientId: 'asha', startsAtMs: 0, basis: 'guardian', level }],
  });
  const table: readonly (readonly [string, Asker, string])[] = [
    ['a card with its access code', card('second'), 'yes: card-second-tier'],
    ['a card alone', card('first'), 'no: card-shows-only-its-page'],
    ['the card of somebody else, with its code', card('second', 'ravi'), 'no: card-shows-only-its-page'],
    ['who works where files are sent from', worker, 'yes: staff-upload'],
    ['who works nowhere', { kind: 'person', patientId: 'meera' }, 'no: not-yours'],
    ['the person', { kind: 'person', patientId: 'asha' }, 'yes: self'],
    ['a guardian who may only look', guardian('view'), 'no: guardian-level-too-low'],
    ['a guardian who may act', guardian('act'), 'yes: guardian'],
    ['nobody who is signed in', { kind: 'anonymous' }, 'no: not-signed-in'],
  ];
  for (const [who, asker, expected] of table)
    it(`${who} → ${expected}`, () => {
      assert.equal(said(asker, 'deposit', entry({ resourceType: 'DocumentReference' })), expected);
    });

  it('opens nothing: with the code of the card, and at work, one reads no entry', () => {
    for (const act of ['read', 'search', 'create', 'update', 'delete', 'export'] as const) {
      assert.equal(said(card('second'), act, entry()), 'no: card-shows-only-its-page', act);
      assert.equal(decide(worker, act, entry()).allowed, false, act);
    }
  });

  it('what an upload becomes writes the file and its images in that record, by the rule that let it in', () => {
    const depositor: Asker = { kind: 'depositor', patientId: 'asha', rule: 'staff-upload' satisfies Rule };
    for (const resourceType of ['DocumentReference', 'ImagingStudy'])
      for (const act of ['create', 'update'] as const)
        assert.equal(said(depositor, act, entry({ resourceType })), 'yes: staff-upload');
    assert.equal(said(depositor, 'read', entry({ resourceType: 'DocumentReference' })), 'no: not-yours');
    assert.equal(said(depositor, 'create', entry()), 'no: not-yours');
    assert.equal(
      said(depositor, 'create', entry({ resourceType: 'ImagingStudy', patientId: 'ravi' })),
      'no: not-yours',
    );
  });
});
