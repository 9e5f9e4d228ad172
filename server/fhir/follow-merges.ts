// A search that names a record also means what was joined to it, as far as that is open to the asker: entries do not move, reads follow.
import type { NamedValue } from '../../core/fhir/search-query.ts';
import type { RequestContext } from './asker.ts';
import { joinedTo } from './authorise.ts';

const naming = new Set(['patient', 'subject', 'patient:Patient', 'subject:Patient']);

/** The record, and those that were joined to it. */
export function withJoined(context: RequestContext, patientId: string): readonly string[] {
  return [patientId, ...joinedTo(context, patientId)];
}

/** The same list where there is nothing to follow. */
export function followMerges(context: RequestContext, pairs: readonly NamedValue[]): readonly NamedValue[] {
  const follow = (one: NamedValue): NamedValue => {
    const [name, value] = one;
    if (!naming.has(name)) return one;
    const id = value.replace(/^Patient\//u, '');
    const joined = joinedTo(context, id);
    if (joined.length === 0) return one;
    return [name, [id, ...joined].map((each) => `Patient/${each}`).join(',')];
  };
  return pairs.some((one) => follow(one) !== one) ? pairs.map(follow) : pairs;
}
