// When a report speaks of a study: by what both name, whichever came first, and never because they are of one day.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, Resource } from '../../../core/fhir/types.ts';
import { accessionsOf, belongTogether, ordersNamed } from '../../../core/record/imaging-links.ts';

const acsn = (value: string, more: JsonObject = {}): JsonObject => ({
  type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] },
  value,
  ...more,
});
const study = (more: JsonObject = {}): Resource => ({
  resourceType: 'ImagingStudy',
  id: 's1',
  started: '2024-05-03',
  ...more,
});
const report = (more: JsonObject = {}): Resource => ({
  resourceType: 'DiagnosticReport',
  id: 'r1',
  effectiveDateTime: '2024-05-03',
  ...more,
});
const order = (id: string, value: string): Resource => ({
  resourceType: 'ServiceRequest',
  id,
  identifier: [{ system: 'urn:orders', value }],
});
const named = (reference: string): JsonObject[] => [{ reference }];

const cases: readonly (readonly [string, Resource, Resource, readonly Resource[], boolean])[] = [
  ['of one day and nothing else', study(), report(), [], false],
  ['the report names the study', study(), report({ imagingStudy: named('ImagingStudy/s1') }), [], true],
  ['the report names another study', study(), report({ imagingStudy: named('ImagingStudy/s2') }), [], false],
  [
    'a study of that number elsewhere',
    study(),
    report({ imagingStudy: named('https://x.example/ImagingStudy/s1') }),
    [],
    false,
  ],
  [
    'one order',
    study({ basedOn: named('ServiceRequest/o1') }),
    report({ basedOn: named('ServiceRequest/o1') }),
    [],
    true,
  ],
  [
    'two orders',
    study({ basedOn: named('ServiceRequest/o1') }),
    report({ basedOn: named('ServiceRequest/o2') }),
    [],
    false,
  ],
  [
    'a plan is no order',
    study({ basedOn: named('CarePlan/o1') }),
    report({ basedOn: named('CarePlan/o1') }),
    [],
    false,
  ],
  [
    'one accession number',
    study({ identifier: [acsn('A-1')] }),
    report({ identifier: [acsn('A-1')] }),
    [],
    true,
  ],
  [
    'two accession numbers',
    study({ identifier: [acsn('A-1')] }),
    report({ identifier: [acsn('A-10')] }),
    [],
    false,
  ],
  [
    'a number of another kind',
    study({ identifier: [acsn('A-1')] }),
    report({ identifier: [{ value: 'A-1' }] }),
    [],
    false,
  ],
  [
    'one number of two hospitals',
    study({ identifier: [acsn('A-1', { system: 'urn:one' })] }),
    report({ identifier: [acsn('A-1', { system: 'urn:two' })] }),
    [],
    false,
  ],
  [
    'the accession number is that of the order of the report',
    study({ identifier: [acsn('N7')] }),
    report({ basedOn: named('ServiceRequest/o1') }),
    [order('o1', 'N7')],
    true,
  ],
  [
    'the accession number is that of another order',
    study({ identifier: [acsn('N7')] }),
    report({ basedOn: named('ServiceRequest/o1') }),
    [order('o1', 'N8'), order('o2', 'N7')],
    false,
  ],
  [
    'the report has the number of the order of the study',
    study({ basedOn: named('ServiceRequest/o1') }),
    report({ identifier: [acsn('N7')] }),
    [order('o1', 'N7')],
    true,
  ],
  [
    'a document is related to the accession number',
    study({ identifier: [acsn('A-1')] }),
    { resourceType: 'DocumentReference', id: 'd1', context: { related: [{ identifier: acsn('A-1') }] } },
    [],
    true,
  ],
  [
    'a document is related to the study',
    study(),
    { resourceType: 'DocumentReference', id: 'd1', context: { related: named('ImagingStudy/s1') } },
    [],
    true,
  ],
];

for (const [what, one, other, orders, together] of cases)
  test(`${what}: ${together ? 'together' : 'apart'}`, () => {
    assert.equal(belongTogether(one, other, orders), together);
  });

test('what is written wrongly names nothing', () => {
  const odd = report({
    identifier: [null, 'A-1', { type: { coding: 'ACSN' }, value: 'A-1' }, acsn('')] as never,
    basedOn: [{}, null, { reference: 7 }, { reference: 'ServiceRequest/' }] as never,
  });
  assert.deepEqual(accessionsOf(odd), []);
  assert.deepEqual(ordersNamed(odd), []);
});
