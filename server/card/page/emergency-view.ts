// What the emergency page says, in finished words of one language, before any HTML. Knows nothing of FHIR and of storage.

export type PageLanguage = 'en' | 'hi';

/** Text in the page's language; `language` is set where it is in another. */
export interface Words {
  text: string;
  language?: string;
}

/** Who says so, and how the margin shows it. */
export interface SourceWords {
  voice: 'verified' | 'lab' | 'self-reported' | 'imported';
  text: string;
}

export interface FactWords {
  value: Words;
  details: readonly string[];
  source: SourceWords;
}

/** Facts, or exactly one of the three silences. */
export type BlockWords =
  | { kind: 'facts'; facts: readonly FactWords[] }
  | { kind: 'none-known'; text: string; source: SourceWords }
  | { kind: 'not-recorded'; text: string }
  | { kind: 'withheld'; text: string };

export interface ContactWords {
  name: string;
  relation: string;
  /** As printed, and as dialled. Absent: no number was given. */
  phone?: { text: string; dial: string; call: string };
}

export interface SectionWords {
  /** Used as the anchor's id. */
  id: string;
  title: string;
  /** The same in the other language. */
  titleSecond: string;
  block: BlockWords;
}

export interface EmergencyView {
  language: PageLanguage;
  name: Words;
  /** The name in another script, where there is one. */
  nameSecond?: Words;
  initials: string;
  hasPhoto: boolean;
  /** "46 years, female", "Born 1 Feb 1980" */
  lines: readonly string[];
  /** `before` is the words that lead to the list. */
  languages?: { before: string; preferred: string; isPreferred: boolean; others: readonly string[] };
  /** Present when the record says that the person has died. */
  deceased?: string;
  dangers: readonly { noun: string; text: string }[];
  /** Said in the danger block when there are no dangers to list, or (without a title) when there may be more. */
  dangersSilence?: { title: string; text: string };
  contacts: readonly ContactWords[];
  contactsSilence?: BlockWords;
  sections: readonly SectionWords[];
  /** Rows of "also useful": a label and facts or a silence. */
  also: readonly { label: string; block: BlockWords }[];
  factsChanged: string | undefined;
  uhidEnd: string;
}

/** That a responder left a note for the hospital. `lines`: its words, where the tier shows them. */
export interface NoteWords {
  left: string;
  by: string;
  verified: boolean;
  lines: readonly string[];
}

/** What differs from one look at the same facts to the next. */
export interface LookWords {
  mode: 'scan' | 'preview';
  tier: 'first' | 'second';
  /** What the other language's code is put behind: `?l=`. Absent: the page cannot be had in another language. */
  switchQuery?: string;
  /** Whether a responder may leave a note: in a preview it leads nowhere. */
  offersHandover?: true;
  /** Of the last day, the newest first. */
  notes?: readonly NoteWords[];
  photoUrl?: string;
  host: string;
  /** "17:42 IST" */
  time: string;
  /** "18 Nov 2026, 11:02", or undefined while the newest entry waits for the log. */
  loggedAt: string | undefined;
  givenName: string;
  contactsTold: boolean;
  code: 'none' | 'open' | 'locked';
  /** Why the last try did not open more. */
  codeProblem?: string;
}
