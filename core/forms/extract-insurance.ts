// Insurance: a policy, an application for one, a claim.
import type { JsonObject } from '../fhir/types.ts';
import type { Making, Parts } from './making.ts';
import { addDocuments, codings, said, subjectOf } from './making.ts';

const thoSystem = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`;

const numbered = (parts: Parts): JsonObject => {
  const number = parts.words('number');
  return number ? { identifier: [{ value: number }] } : {};
};

export function addPolicy(making: Making, parts: Parts): void {
  const insurer = parts.words('insurer') ?? 'Insurer not said';
  const from = parts.date('from');
  const until = parts.date('until');
  const holder = parts.words('holder');
  const coverage = making.add({
    resourceType: 'Coverage',
    status: parts.option('status') ?? 'active',
    ...numbered(parts),
    beneficiary: subjectOf(making),
    payor: [{ display: insurer }],
    ...said({
      subscriberId: parts.words('number'),
      policyHolder: holder ? { display: holder } : undefined,
      period: from || until ? said({ start: from, end: until }) : undefined,
    }),
  });
  making.left.set('coverage', coverage);
  making.left.set('insurer', insurer);
  addDocuments(making, parts.files('papers'), codings('Insurance policy'));
}

export function addApplication(making: Making, parts: Parts): void {
  const coverage = making.left.get('coverage');
  const insurer = making.left.get('insurer');
  making.add({
    resourceType: 'EnrollmentRequest',
    status: parts.option('status') ?? 'active',
    ...numbered(parts),
    candidate: subjectOf(making),
    created: parts.date('date') ?? making.authored,
    ...said({
      insurer: insurer ? { display: insurer } : undefined,
      coverage: coverage ? { reference: coverage } : undefined,
    }),
  });
  addDocuments(making, parts.files('papers'), codings('Insurance application'));
}

export function addClaim(making: Making, parts: Parts): void {
  const coverage = making.left.get('coverage');
  const amount = parts.number('amount');
  making.add({
    resourceType: 'Claim',
    status: parts.option('status') ?? 'active',
    ...numbered(parts),
    type: { coding: [{ system: thoSystem('claim-type'), code: 'institutional' }] },
    use: 'claim',
    patient: subjectOf(making),
    created: parts.date('date') ?? making.authored,
    provider: { display: 'As written in the papers' },
    priority: { coding: [{ system: thoSystem('processpriority'), code: 'normal' }] },
    insurance: [
      {
        sequence: 1,
        focal: true,
        coverage: coverage
          ? { reference: coverage }
          : { display: making.left.get('insurer') ?? 'As written in the papers' },
      },
    ],
    ...(amount === undefined ? {} : { total: { value: amount, currency: 'INR' } }),
  });
  addDocuments(making, parts.files('papers'), codings('Insurance claim'));
}
