// The R4 invariants that matter to a health record, by the structure they belong to. Each is asked only about elements
// whose own structure is sound. Not here: those that R4 words wrongly, and those of conformance resources.

import type { Invariant } from './invariant-terms.ts';
import { exchangeInvariants } from './invariants-of-exchange.ts';
import { recordInvariants } from './invariants-of-records.ts';
import { typeInvariants } from './invariants-of-types.ts';

const invariants = new Map(Object.entries({ ...typeInvariants, ...recordInvariants, ...exchangeInvariants }));

/** @param path a type or backbone element, as `Structure.path` */
export function invariantsOf(path: string): readonly Invariant[] {
  return invariants.get(path) ?? [];
}
