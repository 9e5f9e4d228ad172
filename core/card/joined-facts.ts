// What may kill, and what is asked when somebody cannot be, of records that were joined to this one: shown beside its own, each fact marked
// with the day of the joining, and only as far as the holders of both records let a card show it. Where the two differ, neither is chosen.
import type { Fact, FactSource, PartialDate, RecordFacts, SectionValues } from '../record/facts.ts';
import type { CardPlacement, CardSettings } from './card-settings.ts';
import { visibleFacts, type Tier, type VisibleFacts, type VisibleSection } from './visible-facts.ts';

/** A record that was joined: what it says, and what its holder lets a card show. `on`: the day of the joining, YYYY-MM-DD. */
export type JoinedRecord = {
  readonly on: PartialDate;
  readonly facts: RecordFacts;
  readonly settings: CardSettings;
};

/** What follows a joined record onto the card of the one that stays; everything else stays where it is. */
export const followingSections = [
  'allergies',
  'conditions',
  'medicines',
  'implants',
  'blood-group',
  'directives',
  'organ-donor',
  'contacts',
] as const;
/** Of these a page says that there may be more. */
const dangerous: ReadonlySet<string> = new Set(['allergies', 'conditions', 'medicines', 'implants']);
type Following = (typeof followingSections)[number];

export type SeenTogether = {
  readonly seen: VisibleFacts;
  /** Something of a joined record is held back beside facts that are shown: there may be more. */
  readonly partly: boolean;
  /** The access code would open more of a joined record. */
  readonly needsCode: boolean;
  /** One of the records says that there are no advance directives, and another holds some. */
  readonly directivesDenied?: FactSource;
};

/** `own` is what the scan may see of the record itself at this tier. */
export function seenTogether(
  own: VisibleFacts,
  settings: CardSettings,
  joined: readonly JoinedRecord[],
  tier: Tier,
): SeenTogether {
  let together: SeenTogether = { seen: own, partly: false, needsCode: false };
  for (const record of joined) {
    const theirs = visibleFacts(record.facts, stricter(settings, record.settings), tier);
    for (const id of followingSections) together = withSection(together, id, theirs, record.on);
  }
  return together;
}

function withSection(
  { seen, partly, needsCode, directivesDenied }: SeenTogether,
  id: Following,
  theirs: VisibleFacts,
  on: PartialDate,
): SeenTogether {
  const held = theirs[id].state === 'withheld' || theirs[id].state === 'needs-code';
  const denied =
    id === 'directives'
      ? (directivesDenied ?? denialOf(seen.directives, theirs.directives, on))
      : directivesDenied;
  return {
    seen: { ...seen, [id]: joinSections<SectionValues[Following]>(seen[id], theirs[id], on) },
    partly: partly || (held && dangerous.has(id)),
    needsCode: needsCode || theirs[id].state === 'needs-code',
    ...(denied === undefined ? {} : { directivesDenied: denied }),
  };
}

/** Who said that there is none, where one side says so and the other holds one. */
function denialOf<T>(
  own: VisibleSection<T>,
  theirs: VisibleSection<T>,
  on: PartialDate,
): FactSource | undefined {
  if (own.state === 'none-known' && theirs.state === 'recorded') return own.source;
  if (theirs.state === 'none-known' && own.state === 'recorded') return { ...theirs.source, joinedOn: on };
  return undefined;
}

function joinSections<T>(
  own: VisibleSection<T>,
  theirs: VisibleSection<T>,
  on: PartialDate,
): VisibleSection<T> {
  switch (theirs.state) {
    case 'recorded': {
      const known = own.state === 'recorded' ? own.facts : [];
      const same = new Set(known.map(({ value }) => sayingOf(value)));
      const more = theirs.facts
        .filter(({ value }) => !same.has(sayingOf(value)))
        .map((fact): Fact<T> => ({ ...fact, source: { ...fact.source, joinedOn: on } }));
      return { state: 'recorded', facts: [...known, ...more] };
    }
    // "None known" here would be untrue where it is not told what stands there.
    case 'withheld':
    case 'needs-code':
      return own.state === 'recorded' || own.state === 'needs-code' ? own : theirs;
    // That nobody knew of anything there adds nothing to what is known here.
    case 'none-known':
    case 'not-recorded':
      return own;
  }
}

/** What says nothing else by being other: when it was said, how it is known, in which place it stands. */
const beside = new Set(['since', 'lastReaction', 'knownFrom', 'date', 'order']);

/** What a fact says: the same said in both records is shown once. A contact is who answers at their number. */
function sayingOf(value: unknown): string {
  const phone = typeof value === 'object' && value !== null && 'phone' in value ? value.phone : undefined;
  const digits = typeof phone === 'string' ? phone.replace(/\D/gu, '').slice(-10) : '';
  if (digits.length === 10) return digits;
  return JSON.stringify(value, (key, part: unknown) => (beside.has(key) ? undefined : part));
}

const strictness: readonly CardPlacement[] = ['first', 'second', 'none'];

function stricter(one: CardSettings, other: CardSettings): CardSettings {
  const placed = Object.entries(one.tiers).map(([id, placement]) => {
    const there = other.tiers[id as keyof CardSettings['tiers']];
    return [id, strictness.indexOf(there) > strictness.indexOf(placement) ? there : placement] as const;
  });
  return {
    ...one,
    tiers: Object.fromEntries(placed) as CardSettings['tiers'],
    hidden: [...one.hidden, ...other.hidden],
    includeSensitive: [...one.includeSensitive, ...other.includeSensitive],
  };
}
