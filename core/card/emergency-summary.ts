// What a responder sees: one record, one set of the holder's choices, one tier, in the order that saves lives.
// Pure: the same facts, settings and day give the same summary. Knows no language and no page.

import { entryById } from '../record/code-lists/code-list.ts';
import { bloodGroups } from '../record/code-lists/small-lists.ts';
import type {
  BloodGroup,
  CareProvider,
  Condition,
  ContactDetails,
  Directive,
  Disability,
  DocumentFact,
  EmergencyContact,
  Fact,
  FactResource,
  FactSource,
  Identity,
  Implant,
  Language,
  Allergy,
  Medicine,
  PartialDate,
  Photo,
  RecordFacts,
  SectionId,
  Sex,
  Vaccination,
} from '../record/facts.ts';
import { bloodGroupsDiffer } from '../record/contradictions.ts';
import { coversTetanus } from '../record/read-vaccinations.ts';
import { ageOn, type Age } from './age.ts';
import type { CardSettings } from './card-settings.ts';
import { seenTogether, type JoinedRecord } from './joined-facts.ts';
import { dangerLinesOf, factsOf, mayStillBePregnant, type DangerLine } from './danger-lines.ts';
import { ageWords, donorWords, measureWords, pregnancyWords } from './summary-words.ts';
import { visibleFacts, type Tier, type VisibleFacts, type VisibleSection } from './visible-facts.ts';
import type { Message } from './words/say.ts';

export type Who = {
  readonly name: string;
  readonly localNames: Identity['localNames'];
  readonly age?: Age;
  readonly ageWords?: Message;
  readonly birthDate?: PartialDate;
  readonly sex?: Sex;
  readonly languages: readonly Language[];
  readonly photo?: Photo;
  /** The last four digits; the whole number is not for a stranger. */
  readonly uhidEnding?: string;
  readonly deceased?: { readonly date?: PartialDate };
  readonly source: FactSource;
};

/**
 * *recorded*: there are lines; `partly` says that sections dangers come from are held back, so there may be more.
 * *none-recorded*: every such section may be seen and gives no line. *withheld*: no line, and some are held back.
 */
export type Dangers = {
  readonly state: 'recorded' | 'none-recorded' | 'withheld';
  readonly lines: readonly DangerLine[];
  readonly partly: boolean;
  /** Somebody asked about allergies and there are none. */
  readonly noKnownAllergies?: { readonly source: FactSource; readonly resource: FactResource };
};

/** One line of "also useful". `value` is there exactly when the state is recorded. */
export type UsefulRow = {
  readonly id: 'tetanus' | 'weight' | 'height' | 'pregnancy' | 'organ-donor' | 'disabilities';
  readonly label: Message;
  readonly state: 'recorded' | 'none-known' | 'not-recorded' | 'withheld' | 'needs-code';
  readonly value?: Message;
  readonly source?: FactSource;
  /** What a joined record says otherwise: neither is chosen. */
  readonly others?: readonly { readonly value: Message; readonly source: FactSource }[];
};

export type ShownBloodGroup = {
  readonly state: 'recorded';
  readonly facts: readonly Fact<BloodGroup>[];
  /** Two different groups are recorded. */
  readonly contradicts: boolean;
};

export type EmergencySummary = {
  readonly tier: Tier;
  /** Undefined where the holder withholds even the name, or none is recorded: see `whoState`. */
  readonly who: Who | undefined;
  readonly whoState: 'recorded' | 'not-recorded' | 'withheld' | 'needs-code';
  readonly dangers: Dangers;
  readonly allergies: VisibleSection<Allergy>;
  readonly conditions: VisibleSection<Condition>;
  readonly medicines: VisibleSection<Medicine>;
  readonly implants: VisibleSection<Implant>;
  readonly bloodGroup: ShownBloodGroup | Exclude<VisibleSection<BloodGroup>, { readonly state: 'recorded' }>;
  /** At most three, the first to call first; after them at most two of joined records. */
  readonly contacts: VisibleSection<EmergencyContact>;
  readonly directives: VisibleSection<Directive>;
  /** Beside directives: who said, in one of two joined records, that there are none. */
  readonly directivesDenied?: FactSource;
  readonly alsoUseful: readonly UsefulRow[];
  readonly disabilities: VisibleSection<Disability>;
  readonly careTeam: VisibleSection<CareProvider>;
  readonly vaccinations: VisibleSection<Vaccination>;
  readonly documents: VisibleSection<DocumentFact>;
  readonly address: VisibleSection<ContactDetails>;
  /** The access code opens at least one section that is not shown now (whether or not there is anything in it). */
  readonly moreWithCode: boolean;
  /** The newest date on which any shown fact was stated. */
  readonly factsChanged?: PartialDate;
};

const mostContacts = 3;
const mostJoinedContacts = 2;
const dangerSections = ['allergies', 'medicines', 'conditions', 'implants'] as const;

/** The summary for one tier. `today`: YYYY-MM-DD. `joined`: records that were joined to this one. */
export function emergencySummary(
  facts: RecordFacts,
  settings: CardSettings,
  today: PartialDate,
  tier: Tier = 'first',
  joined: readonly JoinedRecord[] = [],
): EmergencySummary {
  const own = visibleFacts(facts, settings, tier);
  const { seen, partly, needsCode, directivesDenied } = seenTogether(own, settings, joined, tier);
  const contacts = seen.contacts;
  const changed = newestDate(seen);
  return {
    tier,
    ...whoOf(seen.identity, settings, today),
    dangers: dangersOf(seen, today, partly),
    allergies: seen.allergies,
    conditions: seen.conditions,
    medicines: seen.medicines,
    implants: seen.implants,
    bloodGroup: bloodGroupOf(seen['blood-group']),
    contacts:
      contacts.state === 'recorded' ? { state: 'recorded', facts: contactsToCall(contacts.facts) } : contacts,
    directives: seen.directives,
    ...(directivesDenied === undefined ? {} : { directivesDenied }),
    alsoUseful: usefulRows(seen, today),
    disabilities: seen.disabilities,
    careTeam: seen['care-team'],
    vaccinations: seen.vaccinations,
    documents: seen.documents,
    address: seen.address,
    moreWithCode: needsCode || Object.values(seen).some((section) => section.state === 'needs-code'),
    ...(changed === undefined ? {} : { factsChanged: changed }),
  };
}

/** Both tiers at once. */
export function emergencySummaries(
  facts: RecordFacts,
  settings: CardSettings,
  today: PartialDate,
  joined: readonly JoinedRecord[] = [],
): { readonly first: EmergencySummary; readonly second: EmergencySummary } {
  return {
    first: emergencySummary(facts, settings, today, 'first', joined),
    second: emergencySummary(facts, settings, today, 'second', joined),
  };
}

function whoOf(
  section: VisibleSection<Identity>,
  settings: CardSettings,
  today: PartialDate,
): Pick<EmergencySummary, 'who' | 'whoState'> {
  const fact = factsOf(section)[0];
  if (fact === undefined) {
    const state =
      section.state === 'recorded' || section.state === 'none-known' ? 'not-recorded' : section.state;
    return { who: undefined, whoState: state };
  }
  const { name, localNames, birthDate, sex, languages, photo, uhid, deceased } = fact.value;
  const age = birthDate === undefined || deceased !== undefined ? undefined : ageOn(birthDate, today);
  return {
    whoState: 'recorded',
    who: {
      name,
      localNames,
      languages,
      source: fact.source,
      ...(age === undefined ? {} : { age, ageWords: ageWords(age) }),
      ...(birthDate === undefined || !settings.showBirthDate ? {} : { birthDate }),
      ...(sex === undefined ? {} : { sex }),
      ...(photo === undefined || !settings.showPhoto ? {} : { photo }),
      ...(uhid === undefined ? {} : { uhidEnding: uhid.slice(-4) }),
      ...(deceased === undefined ? {} : { deceased }),
    },
  };
}

function dangersOf(seen: VisibleFacts, today: PartialDate, heldInJoined: boolean): Dangers {
  const lines = dangerLinesOf(seen, today);
  const partly =
    heldInJoined ||
    dangerSections.some((id) => seen[id].state === 'withheld' || seen[id].state === 'needs-code');
  const { allergies } = seen;
  const asked =
    allergies.state === 'none-known'
      ? { noKnownAllergies: { source: allergies.source, resource: allergies.resource } }
      : {};
  return {
    state: lines.length > 0 ? 'recorded' : partly ? 'withheld' : 'none-recorded',
    lines,
    partly,
    ...asked,
  };
}

function contactsToCall(facts: readonly Fact<EmergencyContact>[]): readonly Fact<EmergencyContact>[] {
  const joined = facts.filter(({ source }) => source.joinedOn !== undefined);
  const own = facts.filter(({ source }) => source.joinedOn === undefined);
  return [...own.slice(0, mostContacts), ...joined.slice(0, mostJoinedContacts)];
}

function bloodGroupOf(section: VisibleSection<BloodGroup>): EmergencySummary['bloodGroup'] {
  if (section.state !== 'recorded') return section;
  const contradicts = bloodGroupsDiffer(section.facts.map(({ value }) => value));
  return { state: 'recorded', facts: contradicts ? section.facts : section.facts.slice(0, 1), contradicts };
}

/** "A positive" from "A+", or the words of the source. */
export function bloodGroupWords(group: BloodGroup): Message {
  if (group.abo === undefined || group.rhesus === undefined)
    return { key: 'danger.thing', params: { thing: group.text } };
  const entry = entryById(bloodGroups, `${group.abo.toLowerCase()}-${group.rhesus}`);
  return { key: `blood.${group.rhesus}`, params: { abo: entry?.abo ?? group.abo } };
}

function usefulRows(seen: VisibleFacts, today: PartialDate): readonly UsefulRow[] {
  return [
    tetanusRow(seen.vaccinations),
    bodyRow(seen, 'weight'),
    bodyRow(seen, 'height'),
    row('pregnancy', seen.pregnancy, (fact) =>
      pregnancyWords(fact.value, mayStillBePregnant(fact.value, today)),
    ),
    row('organ-donor', seen['organ-donor'], (fact) => donorWords(fact.value)),
    disabilityRow(seen.disabilities),
  ];
}

function row<T>(
  id: UsefulRow['id'],
  section: VisibleSection<T>,
  words: (fact: Fact<T>) => Message,
): UsefulRow {
  const label: Message = { key: `row.${id}` };
  if (section.state === 'none-known') return { id, label, state: 'none-known', source: section.source };
  if (section.state !== 'recorded') return { id, label, state: section.state };
  const [fact] = section.facts;
  if (fact === undefined) return { id, label, state: 'not-recorded' };
  const others = section.facts
    .filter(({ source }) => source.joinedOn !== undefined && source !== fact.source)
    .map((one) => ({ value: words(one), source: one.source }));
  return {
    id,
    label,
    state: 'recorded',
    value: words(fact),
    source: fact.source,
    ...(others.length === 0 ? {} : { others }),
  };
}

function tetanusRow(section: VisibleSection<Vaccination>): UsefulRow {
  const narrowed =
    section.state === 'recorded'
      ? { state: 'recorded' as const, facts: section.facts.filter((fact) => coversTetanus(fact.value)) }
      : section;
  return row('tetanus', narrowed, ({ value: { date } }) =>
    date === undefined ? { key: 'tetanus.no-date' } : { key: 'tetanus.last', params: { date: { date } } },
  );
}

function bodyRow(seen: VisibleFacts, kind: 'weight' | 'height'): UsefulRow {
  const section = seen.body;
  const narrowed =
    section.state === 'recorded'
      ? { state: 'recorded' as const, facts: section.facts.filter((fact) => fact.value.kind === kind) }
      : section;
  return row(kind, narrowed, ({ value }) => measureWords(value.value, value.unit, value.date));
}

function disabilityRow(section: VisibleSection<Disability>): UsefulRow {
  const all = factsOf(section);
  return row('disabilities', section, () => ({
    key: 'danger.list',
    params: {
      items: all.map((fact) => ({
        term: fact.value.name,
        codes: fact.value.codes,
        list: 'disabilities' as const,
      })),
    },
  }));
}

function newestDate(seen: VisibleFacts): PartialDate | undefined {
  const dates = (Object.keys(seen) as SectionId[]).flatMap((id) => {
    const section = seen[id];
    if (section.state === 'none-known') return [section.source.date];
    return section.state === 'recorded' ? section.facts.map((fact) => fact.source.date) : [];
  });
  return dates
    .filter((date) => date !== undefined)
    .sort()
    .at(-1);
}
