// A search that names its asker's own record also means what was merged into it: entries do not move, reads follow.
import type { NamedValue } from '../../core/fhir/search-query.ts';
import { personOf } from '../../core/access/decide.ts';
import type { RequestContext } from './asker.ts';
import { mergedInto } from './authorise.ts';

const naming = new Set(['patient', 'subject', 'patient:Patient', 'subject:Patient']);

/** The record, and those that were merged into it where it is the asker's own. */
export function withMerged(context: RequestContext, patientId: string): readonly string[] {
  return patientId === personOf(context.asker)?.patientId ? [patientId, ...mergedInto(context)] : [patientId];
}

/** The same list where there is nothing to follow. */
export function followMerges(context: RequestContext, pairs: readonly NamedValue[]): readonly NamedValue[] {
  const merged = mergedInto(context);
  const own = personOf(context.asker)?.patientId;
  if (merged.length === 0 || own === undefined) return pairs;
  const follow = (one: NamedValue): NamedValue => {
    const [name, value] = one;
    if (!naming.has(name) || (value !== own && value !== `Patient/${own}`)) return one;
    return [name, [own, ...merged].map((id) => `Patient/${id}`).join(',')];
  };
  return pairs.some((one) => follow(one) !== one) ? pairs.map(follow) : pairs;
}
