// What of a record a scan may see at a tier: the holder's placements, hidden and sensitive facts applied.
// A section that is held back looks the same whether or not it holds anything.

import type { Fact, RecordFacts, Section, SectionId, SectionValues } from '../record/facts.ts';
import { sectionIds } from '../record/facts.ts';
import type { CardPlacement, CardSettings } from './card-settings.ts';
import { sensitiveFactKind } from './sensitive-codes.ts';

export type Tier = 'first' | 'second';

/** A section as a scan sees it. *needs-code*: there may be something behind the access code, or not. */
export type VisibleSection<T> = Section<T> | { readonly state: 'needs-code' };

export type VisibleFacts = { readonly [Id in SectionId]: VisibleSection<SectionValues[Id]> };

export function visibleFacts(facts: RecordFacts, settings: CardSettings, tier: Tier): VisibleFacts {
  const entries = sectionIds.map((id) => [id, visibleSection(id, facts[id], settings, tier)] as const);
  return Object.fromEntries(entries) as unknown as VisibleFacts;
}

function visibleSection<Id extends SectionId>(
  id: Id,
  section: RecordFacts[Id],
  settings: CardSettings,
  tier: Tier,
): VisibleSection<SectionValues[Id]> {
  const placement: CardPlacement = settings.tiers[id];
  if (placement === 'none' || section.state === 'withheld') return { state: 'withheld' };
  if (placement === 'second' && tier === 'first') return { state: 'needs-code' };
  if (section.state !== 'recorded') return section;
  const shown = section.facts.filter((fact) => isShown(id, fact, settings));
  // All that there is, is kept off: "not recorded" would be untrue, and "withheld" is what a section without facts
  // says too when its holder withholds it.
  if (shown.length === 0) return { state: 'withheld' };
  return { state: 'recorded', facts: shown };
}

function isShown(id: SectionId, fact: Fact<SectionValues[SectionId]>, settings: CardSettings): boolean {
  // Name, address and contacts sit in one resource: they are held back by section, never by resource.
  if (fact.resource.type !== 'Patient' && settings.hidden.includes(fact.resource.id)) return false;
  return sensitiveFactKind(id, fact) === undefined || settings.includeSensitive.includes(fact.resource.id);
}
