// The questions of the guided flow, in order: who, what can be dangerous, whom to call, good to know.
import type { RecordFacts, SectionId } from '../../../core/record/facts.ts';

export type StepPart = 'you' | 'danger' | 'people' | 'more';

export type StepId =
  | 'you'
  | 'reach'
  | 'photo'
  | 'allergies'
  | 'conditions'
  | 'medicines'
  | 'implants'
  | 'disabilities'
  | 'blood'
  | 'body'
  | 'contacts'
  | 'care-team'
  | 'organ-donor'
  | 'vaccinations'
  | 'documents';

export interface Step {
  readonly id: StepId;
  readonly part: StepPart;
  /** What it fills; the photo belongs to no section of its own. */
  readonly section: SectionId;
}

export const steps: readonly Step[] = [
  { id: 'you', part: 'you', section: 'identity' },
  { id: 'reach', part: 'you', section: 'address' },
  { id: 'photo', part: 'you', section: 'identity' },
  { id: 'allergies', part: 'danger', section: 'allergies' },
  { id: 'conditions', part: 'danger', section: 'conditions' },
  { id: 'medicines', part: 'danger', section: 'medicines' },
  { id: 'implants', part: 'danger', section: 'implants' },
  { id: 'disabilities', part: 'danger', section: 'disabilities' },
  { id: 'blood', part: 'danger', section: 'blood-group' },
  { id: 'body', part: 'danger', section: 'body' },
  { id: 'contacts', part: 'people', section: 'contacts' },
  { id: 'care-team', part: 'people', section: 'care-team' },
  { id: 'organ-donor', part: 'more', section: 'organ-donor' },
  { id: 'vaccinations', part: 'more', section: 'vaccinations' },
  { id: 'documents', part: 'more', section: 'documents' },
];

export function isAnswered(step: Step, facts: RecordFacts): boolean {
  const who = facts.identity.state === 'recorded' ? facts.identity.facts[0]?.value : undefined;
  if (step.id === 'you') return who?.birthDate !== undefined;
  if (step.id === 'photo') return who?.photo !== undefined;
  return facts[step.section].state !== 'not-recorded';
}

/** Where somebody goes on who comes back: the first question without an answer, else the first. */
export function firstOpenStep(facts: RecordFacts): Step | undefined {
  return steps.find((step) => !isAnswered(step, facts)) ?? steps[0];
}
