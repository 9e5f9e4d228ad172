// The name that goes beside an actor, remembered by the entry that wrote it: a version of a Patient never changes, so what is
// remembered cannot be out of date. Which version stands is asked anew with every request.
import type { Queryable } from '../storage/queryable.ts';
import { findNamesOfEntry } from '../storage/sessions.ts';
import { displayName } from '../../core/record/human-name.ts';

const mostRemembered = 10_000;

/** '' for a person without a Patient resource. */
export function createNamesByEntry(
  db: Queryable,
): (patientId: string, entryId: string | null) => Promise<string> | string {
  const remembered = new Map<string, string>();
  const find = async (patientId: string, entryId: string): Promise<string> => {
    const name = displayName(await findNamesOfEntry(db, patientId, entryId));
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= mostRemembered) remembered.delete(oldest);
    remembered.set(entryId, name);
    return name;
  };
  return (patientId, entryId) =>
    entryId === null ? '' : (remembered.get(entryId) ?? find(patientId, entryId));
}
