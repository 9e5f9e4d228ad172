// A few words by which a person knows an entry again, and the day it speaks of; never a code, never the name of a type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../../core/fhir/types.ts';
import { entryDate, entryTitle } from '../../../core/record/entry-title.ts';

const coded = (display: string) => ({ coding: [{ system: 'urn:x', code: '1', display }] });

for (const [what, resource, title, day] of [
  [
    'a condition',
    { resourceType: 'Condition', code: { text: 'Asthma' }, recordedDate: '2026-03-01T09:00:00Z' },
    'Asthma',
    '2026-03-01',
  ],
  [
    'a code without text',
    { resourceType: 'Observation', code: coded('Body weight'), effectiveDateTime: '2026' },
    'Body weight',
    '2026',
  ],
  [
    'a handover note',
    {
      resourceType: 'Communication',
      category: [{ text: 'Handover' }],
      topic: { text: 'Handover note' },
      sent: '2026-11-20T01:00:00Z',
    },
    'Handover note',
    '2026-11-20',
  ],
  [
    'what has a category alone',
    { resourceType: 'Communication', category: [coded('Instruction')] },
    'Instruction',
    undefined,
  ],
  [
    'an appointment',
    { resourceType: 'Appointment', serviceType: [{ text: 'Eye clinic' }], start: '2026-12-01T09:00:00Z' },
    'Eye clinic',
    '2026-12-01',
  ],
  [
    'a visit',
    { resourceType: 'Encounter', type: [{ text: 'Review' }], period: { start: '2026-11-18T09:00:00+05:30' } },
    'Review',
    '2026-11-18',
  ],
  [
    'a document',
    { resourceType: 'DocumentReference', description: 'Discharge letter', date: '2026-11-19T00:00:00Z' },
    'Discharge letter',
    '2026-11-19',
  ],
  ['what says nothing', { resourceType: 'Basic' }, undefined, undefined],
  [
    'what is odd',
    { resourceType: 'Basic', code: 7, type: [null, [], 'x'], topic: { coding: [null] } },
    undefined,
    undefined,
  ],
] as const)
  test(what, () => {
    assert.equal(entryTitle(resource as unknown as Resource), title);
    assert.equal(entryDate(resource as unknown as Resource), day);
  });
