// What a program may name that a person may not: what is not here yet, what stands in another person's record (a mother, a duplicate,
// an encounter booked under the wrong number), nobody or several people. Never a record of somebody who is not here.
import type { RequestContext } from './asker.ts';

export const isProgram = (context: RequestContext): boolean => context.asker.kind === 'client';

/**
 * Whether a program may name what it names. It sees every record in any case; who reads through the reference is judged on its target.
 * @param key `Type/id`, or '' for what is no resource of this server
 * @param owner whose record it stands in, '' for the directory, undefined where nothing stands
 * @param patientId whose record the naming resource belongs to, '' for the directory
 */
export function programMayName(key: string, owner: string | undefined, patientId: string): boolean {
  return owner !== undefined || key !== `Patient/${patientId}`;
}
