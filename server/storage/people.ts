// A person's plumbing beside the record: the id that is printed, the name that is readable, the pseudonym in the log.
import type { Queryable } from './queryable.ts';

export interface Person {
  patientId: string;
  uhid: string;
  alias: string | null;
  pseudonym: Buffer;
  createdAt: Date;
}

const columns = `patient_id as "patientId", uhid, alias, pseudonym, created_at as "createdAt"`;

/** True when stored; false when the UHID was already given to somebody (draw again). */
export async function insertPerson(
  db: Queryable,
  person: { patientId: string; uhid: string; pseudonym: Uint8Array; createdAtMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-person',
    text: `insert into person (patient_id, uhid, pseudonym, created_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
           on conflict on constraint person_uhid_unique do nothing`,
    values: [person.patientId, person.uhid, Buffer.from(person.pseudonym), person.createdAtMs],
  });
  return rowCount === 1;
}

export async function findPerson(db: Queryable, patientId: string): Promise<Person | undefined> {
  const { rows } = await db.query({
    name: 'find-person',
    text: `select ${columns} from person where patient_id = $1`,
    values: [patientId],
  });
  return rows[0] as Person | undefined;
}

/** As they stand, for several ids: one answer for each, in their order. */
export async function findPeople(
  db: Queryable,
  patientIds: readonly string[],
): Promise<(Person | undefined)[]> {
  if (patientIds.length === 0) return [];
  const { rows } = await db.query({
    name: 'find-people',
    text: `select p.* from unnest($1::text[]) asked(id)
            cross join lateral (select ${columns} from person where patient_id = asked.id offset 0) p`,
    values: [patientIds],
  });
  const found = new Map((rows as Person[]).map((person) => [person.patientId, person]));
  return patientIds.map((id) => found.get(id));
}

/** For the operator's desk and for whoever brings files of somebody: no route that shows anything takes a UHID as a key. */
export async function findPersonByUhid(db: Queryable, uhid: string): Promise<Person | undefined> {
  const { rows } = await db.query({
    name: 'find-person-by-uhid',
    text: `select ${columns} from person where uhid = $1`,
    values: [uhid],
  });
  return rows[0] as Person | undefined;
}

/** `undefined` alias takes it away. Returns false when somebody else has it. */
export async function setAlias(
  db: Queryable,
  patientId: string,
  alias: string | undefined,
): Promise<boolean> {
  try {
    await db.query({
      name: 'set-alias',
      text: `update person set alias = $2 where patient_id = $1`,
      values: [patientId, alias ?? null],
    });
    return true;
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === '23505' && constraint === 'person_alias_unique') return false;
    throw error;
  }
}

/** By patient id. */
export async function listUhids(db: Queryable, patientIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query({
    name: 'list-uhids',
    text: 'select patient_id as id, uhid from person where patient_id = any($1::text[])',
    values: [patientIds],
  });
  return new Map((rows as { id: string; uhid: string }[]).map(({ id, uhid }) => [id, uhid]));
}
