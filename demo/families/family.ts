// How a family of the demo is written down: short words for what many members share.
import type { AllergyForm, Choice, OrganDonorForm } from '../../core/record/forms.ts';
import type { CourseKey } from '../courses.ts';
import type { DemoContact, DemoPerson, DemoProblem } from '../person.ts';
import type { CityKey } from '../places.ts';

type Member = Omit<DemoPerson, 'family' | 'city' | 'street' | 'languages' | 'phone'> & {
  /** Where they differ from the family's. */
  languages?: readonly string[];
};

export interface Family {
  key: string;
  city: CityKey;
  house: number;
  languages: readonly string[];
  members: readonly Member[];
}

export const since = (course: CourseKey, date: string): DemoProblem => ({ course, since: date });
export const contact = (key: string, relation: string): DemoContact => ({ key, relation });
export const donor = (answer: OrganDonorForm['answer']): OrganDonorForm => ({ answer });
export const disability = (listId: string, text: string): Choice => ({ listId, text });

export function allergy(
  substance: string,
  text: string,
  reaction: string,
  reactionText: string,
  more: Partial<AllergyForm> = {},
): AllergyForm {
  return {
    substance: { text, listId: substance },
    reactions: [{ text: reactionText, listId: reaction }],
    ...more,
  };
}
