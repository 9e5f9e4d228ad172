// What a document may be, in the order in which it is offered. Each has its word in the catalogues of the pages.
import type { DocumentKind } from './facts.ts';

export const documentKinds = [
  'prescription',
  'lab-report',
  'imaging',
  'discharge-summary',
  'visit-note',
  'insurance',
  'identity',
  'other',
] as const satisfies readonly DocumentKind[];
