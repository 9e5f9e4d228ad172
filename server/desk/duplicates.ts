// Whether somebody very much like the one who stands at the desk is here already. The desk is told yes or no, never who; those who were
// compared see that they were.
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { birthDateSlips } from '../../core/matching/birth-date-slips.ts';
import { scoreMatch } from '../../core/matching/match-score.ts';
import { traitsOf } from '../../core/matching/person-traits.ts';
import { findMatchCandidates } from '../storage/match-candidates.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { DeskRoom } from './desk-room.ts';

/** More than these are never compared: beyond them keys are shared by chance. */
const candidateLimit = 200;
const mostNoted = 20;

/** Patient ids of those who are certainly or probably the same. A phone that a family shares makes nobody the same by itself. */
export async function findAlike(room: DeskRoom, patient: Resource): Promise<string[]> {
  const traits = traitsOf(patient);
  const candidates = await findMatchCandidates(
    room.db.pool,
    canonicalJson(patient),
    birthDateSlips(traits.birthDate),
    candidateLimit,
  );
  return candidates
    .filter(({ content }) => {
      const { grade } = scoreMatch(traits, traitsOf(parseJson(content) as Resource));
      return grade === 'certain' || grade === 'probable';
    })
    .map(({ patientId }) => patientId)
    .slice(0, mostNoted);
}

/** On disk before the desk is told. */
export async function noteComparison(
  room: DeskRoom,
  patientIds: readonly string[],
  by: { who: StatementWho; agent: string },
): Promise<void> {
  await writeBatch(room.db.pool, {
    versions: [],
    entries: patientIds.map((patientId) =>
      sealEntry(
        patientId,
        { ...by, event: 'match', outcome: 'done', basis: 'desk', query: 'desk enrolment' },
        room,
      ),
    ),
  });
}
