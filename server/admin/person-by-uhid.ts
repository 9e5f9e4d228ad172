// The person whom an operator names by the number on their card.
import { parseUhid } from '../../core/card/uhid.ts';
import type { Deps } from '../http/deps.ts';
import type { Person } from '../storage/people.ts';
import { findPersonByUhid } from '../storage/people.ts';

/** Throws when the number is none, or nobody's here. */
export async function requirePersonByUhid(deps: Pick<Deps, 'db'>, text: string): Promise<Person> {
  const parsed = parseUhid(text);
  if (!parsed.ok) throw new Error(`This is no UHID (${parsed.problem}). Look at the number again.`);
  const person = await findPersonByUhid(deps.db.pool, parsed.uhid);
  if (!person) throw new Error('Nobody here has this UHID.');
  return person;
}
