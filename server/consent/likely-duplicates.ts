// Who, of those whose records were begun at this organisation's desk, may be here twice. Few are compared at a time; whoever was found alike
// sees that they were compared, and the officer is told two numbers and how alike they are: no name, no birth date.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { birthDateSlips } from '../../core/matching/birth-date-slips.ts';
import { scoreMatch } from '../../core/matching/match-score.ts';
import type { PersonTraits } from '../../core/matching/person-traits.ts';
import { traitsOf } from '../../core/matching/person-traits.ts';
import { uhidSystem } from '../../core/record/code-systems.ts';
import { agentFamily } from '../http/agent-family.ts';
import { findMatchCandidates } from '../storage/match-candidates.ts';
import { listEnrolledPatients } from '../storage/merges.ts';
import { listUhids } from '../storage/people.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { requireOfficer, whoOfOfficer } from './office.ts';
import { bodyLimit, take } from './request-parts.ts';

const mostCompared = 25;
/** More than these are never compared: beyond them keys are shared by chance. */
const candidateLimit = 100;
const mostPairs = 50;

/** Each record has a number of its own, also where two are of one person: it says nothing here. */
function withoutNumber(patient: Resource): PersonTraits {
  const traits = traitsOf(patient);
  return { ...traits, identifiers: traits.identifiers.filter(({ system }) => system !== uhidSystem) };
}

/** `POST /api/duplicates`: 200 `[{ enrolled, other, grade, score }]`, the most alike first. */
export function findDuplicates(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request) {
      const { actor, officerAt } = await requireOfficer(room, request);
      await take(room, 'office-compare', actor.accountId);
      const enrolled = await listEnrolledPatients(room.db.pool, officerAt, mostCompared);
      const pairs: { one: string; other: string; uhid: string; grade: string; score: number }[] = [];
      for (const { patientId, uhid, content } of enrolled) {
        const patient = parseJson(content) as Resource;
        const traits = withoutNumber(patient);
        const candidates = await findMatchCandidates(
          room.db.pool,
          canonicalJson(patient),
          birthDateSlips(traits.birthDate),
          candidateLimit,
        );
        for (const candidate of candidates) {
          if (candidate.patientId === patientId || candidate.patientId === actor.patientId) continue;
          const { grade, score } = scoreMatch(
            traits,
            withoutNumber(parseJson(candidate.content) as Resource),
          );
          if (grade === 'certain' || grade === 'probable')
            pairs.push({ one: patientId, other: candidate.patientId, uhid, grade, score });
        }
      }
      const found = pairs.toSorted((a, b) => b.score - a.score).slice(0, mostPairs);
      const who = whoOfOfficer(actor, officerAt[0] ?? '');
      const agent = agentFamily(request.headers['user-agent']);
      const alike = [...new Set(found.flatMap(({ one, other }) => [one, other]))];
      if (alike.length > 0)
        await writeBatch(room.db.pool, {
          versions: [],
          entries: alike.map((patientId) =>
            sealEntry(
              patientId,
              { who, agent, event: 'match', outcome: 'done', basis: 'records-officer', query: 'duplicates' },
              room,
            ),
          ),
        });
      const numbers = await listUhids(
        room.db.pool,
        found.map(({ other }) => other),
      );
      return found.flatMap(({ other, uhid, grade, score }) => {
        const number = numbers.get(other);
        return number === undefined ? [] : [{ enrolled: uhid, other: number, grade, score }];
      });
    },
  };
}
