// Which sections a card should not be without and nobody has answered yet. "None known" is an answer.
import type { RecordFacts, SectionId } from '../../../core/record/facts.ts';

const wanted = ['allergies', 'medicines', 'conditions', 'contacts', 'blood-group'] as const;

/** In the order of what saves a life first; `identity` while birth date or sex is missing. */
export function missingSections(facts: RecordFacts): readonly SectionId[] {
  const [identity] = facts.identity.state === 'recorded' ? facts.identity.facts : [];
  const knowsWho = identity?.value.birthDate !== undefined && identity.value.sex !== undefined;
  const open = wanted.filter((section) => facts[section].state === 'not-recorded');
  return knowsWho ? open : ['identity', ...open];
}
