// What a program may leave open that a person may not: a reference to what is not here yet, a resource that names nobody or
// several people. Never a reference into another person's record, never a record of somebody who is not here.
import type { RequestContext } from './asker.ts';

export const isProgram = (context: RequestContext): boolean => context.asker.kind === 'client';

/**
 * Whether a program may name what it names.
 * @param key `Type/id`, or '' for what is no resource of this server
 * @param owner whose record it stands in, '' for the directory, undefined where nothing stands
 * @param patientId whose record the naming resource belongs to, '' for the directory
 */
export function programMayName(key: string, owner: string | undefined, patientId: string): boolean {
  if (owner === undefined) return key !== `Patient/${patientId}`;
  return owner === '' || owner === patientId || patientId === '';
}
