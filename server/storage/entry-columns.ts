// Entries as the columns of a statement, in the one form that every statement which stores entries takes them.
import { bytesAt, joinTexts, textAt } from './joined-texts.ts';
import type { SealedEntry } from './sealed-entry.ts';

/** SQL of the rows of entries: seven values from `$first` on, and two more from `$places` on. */
export function entriesOf(first: number, places: number): string {
  const [patientId, entryId, kind, recorded, statements, salts, commitments] = Array.from(
    { length: 7 },
    (_one, index) => `$${first + index}`,
  );
  return `select t.patient_id, t.entry_id, t.kind, t.recorded_ms, ${textAt(statements ?? '', 't.start', 't.length')} as statement,
         ${bytesAt(salts ?? '', 't.place', 32)} as salt, ${bytesAt(commitments ?? '', 't.place', 32)} as commitment
    from unnest(${patientId}::text[], ${entryId}::uuid[], ${kind}::smallint[], ${recorded}::float8[], $${places}::int[], $${places + 1}::int[])
      with ordinality as t(patient_id, entry_id, kind, recorded_ms, start, length, place)`;
}

/** The nine values, in that order. */
export function columnsOfEntries(entries: readonly SealedEntry[]): unknown[] {
  const statements = joinTexts(entries.map((e) => e.statement));
  return [
    entries.map((e) => e.patientId),
    entries.map((e) => e.entryId),
    entries.map((e) => e.kind),
    entries.map((e) => e.recordedAtMs),
    statements.bytes,
    Buffer.concat(entries.map((e) => e.salt)),
    Buffer.concat(entries.map((e) => e.commitment)),
    statements.starts,
    statements.lengths,
  ];
}
