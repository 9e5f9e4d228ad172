// Who may know that a sealed entry exists without seeing it. To everybody else it is not there: no count, no gap, no word.
import type { Asker } from './decide.ts';
import type { Authority } from './authority.ts';

export interface SealedKnown {
  /** `all`: of every sealed entry. `own`: only of those they wrote themself. */
  of: 'all' | 'own';
  authority: Authority;
}

/**
 * Undefined: of none. A holder of a grant of the whole record where its owner ticked it knows of all; a clinician who is let in
 * knows of what they wrote themself before it was sealed. Guardians know of none, and nobody through an app: what a young person
 * seals is theirs, and scopes only narrow. Who may see sealed entries has no need of this.
 */
export function knowsOfSealed(asker: Asker, patientId: string): SealedKnown | undefined {
  if (asker.kind !== 'person' || asker.patientId === patientId) return undefined;
  const held = (asker.authorities ?? []).filter((one) => one.patientId === patientId);
  if (held.some(seesSealed)) return undefined;
  const told = held.find((one) => one.basis === 'grant' && one.coverage.knowsSealed === true);
  if (told) return { of: 'all', authority: told };
  const [authority] = held.filter(({ basis }) => basis === 'grant' || basis === 'edit');
  return authority === undefined ? undefined : { of: 'own', authority };
}

/** Sees every sealed entry of the record. */
function seesSealed(one: Authority): boolean {
  if (one.basis === 'break-glass') return true;
  if (one.basis === 'guardian' || one.basis === 'joined') return false;
  if (one.basis === 'merged') return one.sealed;
  const { categories, entries, sealed } = one.coverage;
  return sealed && categories === undefined && entries === undefined;
}
