// The small rules of a person's own pages: how they are addressed, what is still to fill in, whose look a look is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFacts } from '../../../core/record/read-facts.ts';
import type { Entry } from '../../../web/api/entries.ts';
import { givenName } from '../../../web/patient/home/given-name.ts';
import { missingSections } from '../../../web/patient/home/missing-sections.ts';
import { isLookOfOther, isOwn, startOfYesterday } from '../../../web/api/look-kinds.ts';

describe('somebody is addressed by', () => {
  for (const [name, called] of [
    ['Asha Rao', 'Asha'],
    ['  Asha   Rao ', 'Asha'],
    ['Asha', 'Asha'],
    ['Dr Meera Iyer', 'Dr Meera Iyer'],
    ['Dr. Meera Iyer', 'Dr. Meera Iyer'],
    ['M Iyer', 'M Iyer'],
    ['M. Iyer', 'M. Iyer'],
    ['श्रीमती आशा राव', 'श्रीमती आशा राव'],
    ['आशा राव', 'आशा'],
    ['', ''],
  ] as const) {
    it(`"${name}" as "${called}"`, () => assert.equal(givenName(name), called));
  }
});

describe('what is still to fill in', () => {
  const patient = {
    resourceType: 'Patient',
    id: 'p',
    name: [{ text: 'Asha Rao' }],
    birthDate: '1980-02-01',
    gender: 'female',
  };
  it('is everything for a new person, who they are first', () => {
    assert.deepEqual(missingSections(readFacts([{ resourceType: 'Patient', id: 'p' }])), [
      'identity',
      'allergies',
      'medicines',
      'conditions',
      'contacts',
      'blood-group',
    ]);
  });
  it('"none known" is an answer', () => {
    const none = {
      resourceType: 'AllergyIntolerance',
      id: 'a',
      patient: { reference: 'Patient/p' },
      code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }] },
    };
    assert.deepEqual(missingSections(readFacts([patient, none])), [
      'medicines',
      'conditions',
      'contacts',
      'blood-group',
    ]);
  });
});

describe('a look is', () => {
  const entry = (change: Partial<Entry>): Entry => ({
    entryId: 'e',
    recordedAt: '2026-11-20T07:15:00.000Z',
    state: 'logged',
    leafIndex: 1,
    seq: 1,
    event: 'scan',
    outcome: 'done',
    who: { role: 'card-reader' },
    basis: 'card-first-tier',
    ...change,
  });
  const since = '2026-11-19T00:00:00.000Z';
  const own = { role: 'patient', account: 'me' } as const;
  for (const [what, change, isOther] of [
    ['of somebody else when the card is scanned', {}, true],
    ['of somebody else when it was refused', { outcome: 'refused' }, true],
    ['not of somebody else when it is one’s own', { event: 'everything', who: own }, false],
    [
      'of somebody else when another account of the role patient looks',
      { event: 'read', who: { ...own, account: 'you' } },
      true,
    ],
    ['not counted when a message app previews an address', { basis: 'link-preview' }, false],
    ['not a change of somebody else', { event: 'create', who: { role: 'professional' } }, false],
    ['not recent before the given moment', { recordedAt: '2026-11-18T23:59:59.999Z' }, false],
  ] as const) {
    it(what, () => assert.equal(isLookOfOther(entry(change), 'me', since), isOther));
  }
  it('one’s own by the account, never by the name', () => {
    assert.equal(isOwn(entry({ who: { ...own, account: 'you', name: 'Asha Rao' } }), 'me'), false);
  });
  it('since yesterday from midnight on the reader’s clock', () => {
    assert.equal(startOfYesterday(new Date(2026, 0, 1, 12)), new Date(2025, 11, 31).toISOString());
  });
});
