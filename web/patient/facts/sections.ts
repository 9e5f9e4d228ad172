// The sections of what matters as the person meets them: order on the page, and which of them hold one answer only.
import type { SectionId } from '../../../core/record/facts.ts';
import { sectionIds } from '../../../core/record/facts.ts';

/** Who, danger, facts, people, wishes, papers: the same order on every page. */
export const recordOrder: readonly SectionId[] = [
  'identity',
  'allergies',
  'conditions',
  'medicines',
  'implants',
  'disabilities',
  'blood-group',
  'body',
  'pregnancy',
  'vaccinations',
  'contacts',
  'care-team',
  'address',
  'organ-donor',
  'directives',
  'documents',
];

/** Sections with one answer, or one form for all of it: changed as a whole, not entry by entry. */
const wholeSections: ReadonlySet<SectionId> = new Set([
  'identity',
  'address',
  'blood-group',
  'body',
  'pregnancy',
  'contacts',
  'care-team',
  'organ-donor',
]);

export function isWhole(section: SectionId): boolean {
  return wholeSections.has(section);
}

export function isSectionId(text: string): text is SectionId {
  return sectionIds.some((each) => each === text);
}

/** Something that can be over: healed, stopped, taken out. The rest either stands or was a mistake. */
const canEnd: ReadonlySet<SectionId> = new Set([
  'allergies',
  'conditions',
  'medicines',
  'implants',
  'disabilities',
]);

export function canBeOver(section: SectionId): boolean {
  return canEnd.has(section);
}
