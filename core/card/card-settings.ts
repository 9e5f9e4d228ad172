// What a holder lets their card show: where each section opens, what is hidden, which sensitive facts are let in.
// Plain data that is stored with the card; whatever is missing or odd reads as the default.

import { sectionIds, type SectionId } from '../record/facts.ts';

/** first: whoever scans; second: after the access code; none: withheld from everybody who scans. */
export type CardPlacement = 'first' | 'second' | 'none';

export type CardSettings = {
  readonly tiers: { readonly [Id in SectionId]: CardPlacement };
  /** Ids of resources that would be kept off as sensitive, and that the holder ticked. */
  readonly includeSensitive: readonly string[];
  /** Ids of resources that the holder keeps off the card. */
  readonly hidden: readonly string[];
  readonly showPhoto: boolean;
  /** False shows the age alone. */
  readonly showBirthDate: boolean;
  /** A code with the facts as plain text: anybody reads it and nothing is logged, so it is off until chosen. */
  readonly plainTextCode: boolean;
  /** Tell the emergency contacts of each scan. */
  readonly tellContacts: boolean;
  /** No notice of scans by the holder themself, signed in on that device. They stand in the list of looks all the same. */
  readonly silentOwnScans: boolean;
};

export const defaultCardSettings: CardSettings = {
  tiers: {
    identity: 'first',
    address: 'second',
    allergies: 'first',
    conditions: 'first',
    medicines: 'first',
    disabilities: 'first',
    vaccinations: 'first',
    implants: 'first',
    'blood-group': 'first',
    body: 'first',
    pregnancy: 'first',
    'care-team': 'first',
    contacts: 'first',
    'organ-donor': 'second',
    directives: 'first',
    documents: 'second',
  },
  includeSensitive: [],
  hidden: [],
  showPhoto: true,
  showBirthDate: true,
  plainTextCode: false,
  tellContacts: false,
  silentOwnScans: false,
};

const placements: readonly unknown[] = ['first', 'second', 'none'];
const mostIds = 500;

/** Settings from stored or sent JSON; every part that is missing or not understood is the default. */
export function readCardSettings(value: unknown): CardSettings {
  const given = recordOf(value);
  const tiers = recordOf(given['tiers']);
  const placed = sectionIds.map((id) => {
    const placement = Object.hasOwn(tiers, id) ? tiers[id] : undefined;
    return [id, placements.includes(placement) ? placement : defaultCardSettings.tiers[id]] as const;
  });
  const flag = (
    key: 'showPhoto' | 'showBirthDate' | 'plainTextCode' | 'tellContacts' | 'silentOwnScans',
  ): boolean => (typeof given[key] === 'boolean' ? given[key] : defaultCardSettings[key]);
  return {
    tiers: Object.fromEntries(placed) as CardSettings['tiers'],
    includeSensitive: idsOf(given['includeSensitive']),
    hidden: idsOf(given['hidden']),
    showPhoto: flag('showPhoto'),
    showBirthDate: flag('showBirthDate'),
    plainTextCode: flag('plainTextCode'),
    tellContacts: flag('tellContacts'),
    silentOwnScans: flag('silentOwnScans'),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function idsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const ids = value.filter((id): id is string => typeof id === 'string' && /^[A-Za-z0-9.-]{1,64}$/u.test(id));
  return [...new Set(ids)].slice(0, mostIds);
}
