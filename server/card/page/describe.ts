// The summary in the finished words of one language. Decides nothing about what is shown: that is the summary's.
import type { EmergencySummary, UsefulRow } from '../../../core/card/emergency-summary.ts';
import { bloodGroupWords } from '../../../core/card/emergency-summary.ts';
import {
  askedWords,
  conditionDetail,
  implantDetail,
  medicineDetail,
  medicineHeading,
  silenceWords,
  sourceWords,
} from '../../../core/card/summary-words.ts';
import type { VisibleSection } from '../../../core/card/visible-facts.ts';
import type { Message, MessageKey } from '../../../core/card/words/say.ts';
import { say, sayAll, sayDate } from '../../../core/card/words/say.ts';
import type { CodeListName } from '../../../core/record/code-lists/terms.ts';
import { termIn } from '../../../core/record/code-lists/terms.ts';
import type { Code, EmergencyContact, Fact, FactSource } from '../../../core/record/facts.ts';
import { phoneWords } from '../../../core/record/phone-words.ts';
import type {
  BlockWords,
  ContactWords,
  EmergencyView,
  FactWords,
  PageLanguage,
  SectionWords,
  SourceWords,
  Words,
} from './emergency-view.ts';
import { pageWord, otherLanguage } from './page-words.ts';

type UsefulWords = EmergencyView['also'][number];

interface Speaker {
  language: PageLanguage;
  /** Who keeps private what is withheld. */
  holder: string | undefined;
  /** Whether a code is set: without one, what it would open stays shut. */
  hasCode: boolean;
}

/** `hasCode`: whether the access code can open the second tier at all. */
export function describeSummary(
  summary: EmergencySummary,
  language: PageLanguage,
  hasCode: boolean,
): EmergencyView {
  const { who } = summary;
  const name = who?.name ?? '';
  const local = localName(summary, language);
  const speaker: Speaker = { language, holder: who ? givenNameOf(local ?? name) : undefined, hasCode };
  const contacts = summary.contacts;
  return {
    language,
    ...namesOf(summary, language, local),
    initials: who ? initialsOf(name) : '',
    hasPhoto: who?.photo !== undefined,
    lines: whoLines(summary, language),
    ...languagesOf(summary, language),
    ...(who?.deceased ? { deceased: say(language, deceasedWords(who.deceased.date)) } : {}),
    dangers: summary.dangers.lines.map((line) => ({
      noun: say(language, line.noun),
      text: sayAll(language, line.detail),
    })),
    ...dangersSilence(summary, language),
    contacts: contacts.state === 'recorded' ? contacts.facts.map((fact) => contactWords(fact, language)) : [],
    ...(contacts.state === 'recorded' ? {} : { contactsSilence: silence(speaker, contacts) }),
    sections: sectionsOf(summary, speaker),
    also: joinNotRecorded(
      [...summary.alsoUseful.map((row) => usefulRow(row, speaker)), ...careRows(summary, speaker)],
      language,
    ),
    factsChanged: summary.factsChanged && sayDate(language, summary.factsChanged),
    uhidEnd: who?.uhidEnding ?? '',
  };
}

/** The name in the script of a language, where it is recorded. */
export function localName({ who }: EmergencySummary, language: PageLanguage): string | undefined {
  return who?.localNames.find((one) => one.language.split('-')[0] === language)?.text;
}

/** "Asha" of "Asha Rao"; the whole name where the first word is a title or stands alone. */
export function givenNameOf(name: string): string {
  const [first = '', second] = name.trim().split(/\s+/);
  const isTitle = first.endsWith('.') || /^(dr|mr|mrs|ms|shri|smt|kumari|prof|sri)$/i.test(first);
  return second === undefined || isTitle || /^.$/u.test(first) ? name.trim() : first;
}

function initialsOf(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => /\p{L}/u.exec(word)?.[0] ?? '')
    .filter((letter) => letter !== '');
  return [letters[0], letters.length > 1 ? letters.at(-1) : ''].join('').toUpperCase();
}

function namesOf(
  summary: EmergencySummary,
  language: PageLanguage,
  local: string | undefined,
): Pick<EmergencyView, 'name' | 'nameSecond'> {
  const { who, whoState } = summary;
  if (!who) {
    return {
      name: { text: pageWord(language, whoState === 'not-recorded' ? 'nameNotRecorded' : 'nameWithheld') },
    };
  }
  if (local === undefined || local === who.name) return { name: { text: who.name } };
  return { name: { text: local, language }, nameSecond: { text: who.name } };
}

function whoLines(summary: EmergencySummary, language: PageLanguage): string[] {
  const { who } = summary;
  if (!who) return [];
  const ageAndSex = [
    who.ageWords && say(language, who.ageWords),
    who.sex && say(language, { key: `sex.${who.sex}` }),
  ].filter(Boolean);
  const line = ageAndSex.join(', ');
  return [
    line.charAt(0).toUpperCase() + line.slice(1),
    who.birthDate === undefined
      ? ''
      : say(language, { key: 'who.born', params: { date: { date: who.birthDate } } }),
  ].filter((text) => text !== '');
}

function languagesOf(summary: EmergencySummary, language: PageLanguage): Pick<EmergencyView, 'languages'> {
  const spoken = summary.who?.languages ?? [];
  if (spoken.length === 0) return {};
  const names = spoken.map((one) =>
    termIn(language, 'languages', one.text, [{ system: 'urn:ietf:bcp:47', code: one.code }]),
  );
  // The catalogue's sentence is cut at its list, so that the preferred language can be set in bold.
  const [before = ''] = say(language, { key: 'who.speaks', params: { languages: '\u0000' } }).split('\u0000');
  const preferred = spoken.findIndex((one) => one.preferred);
  const first = preferred === -1 ? 0 : preferred;
  return {
    languages: {
      before,
      preferred: names[first] ?? '',
      isPreferred: preferred !== -1 && names.length > 1,
      others: names.filter((_, index) => index !== first),
    },
  };
}

function deceasedWords(date: string | undefined): Message {
  return date === undefined
    ? { key: 'who.deceased' }
    : { key: 'who.deceased-on', params: { date: { date } } };
}

function dangersSilence(
  summary: EmergencySummary,
  language: PageLanguage,
): Pick<EmergencyView, 'dangersSilence'> {
  const { dangers } = summary;
  const word = (key: MessageKey) => say(language, { key });
  if (dangers.state === 'withheld')
    return { dangersSilence: { title: word('silence.withheld'), text: word('silence.dangers-withheld') } };
  if (dangers.state === 'recorded') {
    return dangers.partly ? { dangersSilence: { title: '', text: word('silence.dangers-partly') } } : {};
  }
  const { noKnownAllergies } = dangers;
  const asked = noKnownAllergies
    ? [word('silence.no-known-allergies'), ...messages(language, askedWords(noKnownAllergies.source))]
    : [];
  return {
    dangersSilence: {
      title: word('silence.no-dangers'),
      text: [...asked, word('silence.not-none')].join(' '),
    },
  };
}

function contactWords({ value, source }: Fact<EmergencyContact>, language: PageLanguage): ContactWords {
  const { name, relation, phone } = value;
  const dial = phone?.normalize('NFKC').replace(/[^\d+*#]/g, '') ?? '';
  const words = [
    relation ? termIn(language, 'relations', relation.text, relation.codes) : '',
    source.joinedOn === undefined ? '' : say(language, { key: 'contact.joined' }),
  ]
    .filter((text) => text !== '')
    .join(', ');
  return {
    name,
    relation: words.charAt(0).toUpperCase() + words.slice(1),
    ...(phone !== undefined && dial !== ''
      ? {
          phone: {
            text: phoneWords(phone),
            dial,
            call: pageWord(language, 'callName', { name: givenNameOf(name) }),
          },
        }
      : {}),
  };
}

function sectionsOf(summary: EmergencySummary, speaker: Speaker): SectionWords[] {
  const { language } = speaker;
  const other = otherLanguage(language);
  const section = (id: MessageKey & `block.${string}`, block: BlockWords): SectionWords => ({
    id: id.slice('block.'.length),
    title: say(language, { key: id }),
    titleSecond: say(other, { key: id }),
    block,
  });
  const second = summary.tier === 'second';
  const recorded = (part: VisibleSection<unknown>) =>
    part.state === 'recorded' || part.state === 'none-known';
  return [
    section(
      'block.medicines',
      block(speaker, summary.medicines, ({ value }) => ({
        value: { text: say(language, medicineHeading(value)) },
        details: sentences(language, medicineDetail(value)),
      })),
    ),
    section(
      'block.conditions',
      block(speaker, summary.conditions, ({ value }) => ({
        value: term(language, 'conditions', value.name, value.codes),
        details: [...sentences(language, conditionDetail(value)), ...note(value.note)],
      })),
    ),
    section(
      'block.allergies',
      block(speaker, summary.allergies, ({ value }) => ({
        value: term(language, 'allergens', value.substance, value.codes),
        details: [
          ...capital(
            value.reactions.map((one) => termIn(language, 'reactions', one.text, one.codes)).join(', '),
          ),
          ...note(value.note),
        ],
      })),
    ),
    section(
      'block.implants',
      block(speaker, summary.implants, ({ value }) => ({
        value: term(language, 'implants', value.kind, value.codes),
        details: [...sentences(language, implantDetail(value)), ...note(value.model)],
      })),
    ),
    section('block.blood-group', bloodBlock(summary, speaker)),
    ...(recorded(summary.directives) || summary.directives.state === 'withheld'
      ? [
          section(
            'block.directives',
            block(speaker, summary.directives, ({ value }) => ({
              value: { text: value.title },
              details: [
                say(language, { key: `directive.${value.kind}` }),
                ...note(value.whereToFind),
                ...deniedWords(summary.directivesDenied, language),
              ],
            })),
          ),
        ]
      : []),
    ...(second ? secondTierSections(summary, speaker, section) : []),
  ];
}

function secondTierSections(
  summary: EmergencySummary,
  speaker: Speaker,
  section: (id: MessageKey & `block.${string}`, block: BlockWords) => SectionWords,
): SectionWords[] {
  const { language } = speaker;
  return [
    section(
      'block.vaccinations',
      block(speaker, summary.vaccinations, ({ value }) => ({
        value: term(language, 'vaccines', value.vaccine, value.codes),
        details: value.date === undefined ? [] : [sayDate(language, value.date)],
      })),
    ),
    section(
      'block.documents',
      block(speaker, summary.documents, ({ value }) => ({
        value: { text: value.title },
        details: value.date === undefined ? [] : [sayDate(language, value.date)],
      })),
    ),
    section(
      'block.address',
      block(speaker, summary.address, ({ value }) => {
        const { home, phones, emails } = value;
        const parts = home
          ? [...home.lines, home.city, home.district, home.state, home.postalCode, home.country]
          : [];
        const lines = [parts.filter(Boolean).join(', '), ...phones.map(phoneWords), ...emails].filter(
          (line) => line !== '',
        );
        return { value: { text: lines[0] ?? '' }, details: lines.slice(1) };
      }),
    ),
  ];
}

/** Beside a directive: the other of two joined records says that there is none. */
function deniedWords(denied: FactSource | undefined, language: PageLanguage): string[] {
  if (denied === undefined) return [];
  const source = sayAll(language, sourceWords(denied));
  return [say(language, { key: 'joined.denied', params: { source } })];
}

function bloodBlock(summary: EmergencySummary, speaker: Speaker): BlockWords {
  const { language } = speaker;
  const group = summary.bloodGroup;
  if (group.state !== 'recorded') return silence(speaker, group);
  const advice = say(language, { key: 'blood.type-again' });
  const warning = group.contradicts ? [say(language, { key: 'blood.contradict' })] : [];
  return {
    kind: 'facts',
    facts: group.facts.map(({ value, source }) => ({
      value: { text: say(language, bloodGroupWords(value)) },
      details: [[...warning, advice].join(' ')],
      source:
        source.kind === 'organization'
          ? { ...sourceOf(language, source), voice: 'lab' }
          : sourceOf(language, source),
    })),
  };
}

function usefulRow(row: UsefulRow, speaker: Speaker): UsefulWords {
  const { language } = speaker;
  const label = say(language, row.label);
  if (row.state === 'recorded' && row.value && row.source) {
    const said = [{ value: row.value, source: row.source }, ...(row.others ?? [])];
    const details = said.length > 1 ? [say(language, { key: 'joined.differ' })] : [];
    const facts = said.map(({ value, source }) => ({
      value: { text: say(language, value) },
      details,
      source: sourceOf(language, source),
    }));
    return { label, block: { kind: 'facts', facts } };
  }
  if (row.state === 'none-known' && row.source) return { label, block: noneKnown(speaker, row.source) };
  const silent = row.state === 'withheld' || row.state === 'needs-code' ? row.state : 'not-recorded';
  return { label, block: wordsOf(speaker, silent) };
}

/** Whatever nobody has asked about stands in one row at the end: said, but not in the way of what is known. */
function joinNotRecorded(rows: readonly UsefulWords[], language: PageLanguage): UsefulWords[] {
  const silent = rows.filter((row) => row.block.kind === 'not-recorded');
  if (silent.length === 0) return [...rows];
  const list = silent.map(({ label }, place) =>
    place === 0 ? label : label.charAt(0).toLowerCase() + label.slice(1),
  );
  const text = pageWord(language, 'nobodyAsked', { list: list.join(', ') });
  return [
    ...rows.filter((row) => row.block.kind !== 'not-recorded'),
    { label: pageWord(language, 'notRecorded'), block: { kind: 'not-recorded', text } },
  ];
}

function careRows(summary: EmergencySummary, speaker: Speaker): UsefulWords[] {
  const { language } = speaker;
  const { careTeam } = summary;
  if (careTeam.state !== 'recorded') {
    return [{ label: say(language, { key: 'row.doctor' }), block: silence(speaker, careTeam) }];
  }
  return careTeam.facts.map(({ value, source }) => ({
    label: say(language, { key: `row.${value.role}` }),
    block: {
      kind: 'facts',
      facts: [
        {
          value: { text: value.name },
          details: [
            [value.specialty, value.place].filter(Boolean).join(', '),
            phoneWords(value.phone ?? ''),
          ].filter((text) => text !== ''),
          source: sourceOf(language, source),
        },
      ],
    },
  }));
}

type Described = Pick<FactWords, 'value' | 'details'>;

function block<T>(
  speaker: Speaker,
  section: VisibleSection<T>,
  describe: (fact: Fact<T>) => Described,
): BlockWords {
  if (section.state !== 'recorded') return silence(speaker, section);
  return {
    kind: 'facts',
    facts: section.facts.map((fact) => ({
      ...describe(fact),
      source: sourceOf(speaker.language, fact.source),
    })),
  };
}

function silence<T>(
  speaker: Speaker,
  section: Exclude<VisibleSection<T>, { state: 'recorded' }>,
): BlockWords {
  return section.state === 'none-known'
    ? noneKnown(speaker, section.source)
    : wordsOf(speaker, section.state);
}

function noneKnown({ language }: Speaker, source: FactSource): BlockWords {
  const asked = messages(language, askedWords(source)).join(' ');
  const words = sourceOf(language, source);
  // A holder who says of themself that there is nothing has not been asked by anybody.
  const text = source.verified && asked !== '' ? asked : words.text;
  return {
    kind: 'none-known',
    text: say(language, { key: 'silence.none-known' }),
    source: { ...words, text },
  };
}

function wordsOf(
  { language, holder, hasCode }: Speaker,
  state: 'not-recorded' | 'withheld' | 'needs-code',
): BlockWords {
  if (state === 'not-recorded') return { kind: 'not-recorded', text: say(language, silenceWords(state)) };
  const shown = state === 'needs-code' && !hasCode ? 'withheld' : state;
  return { kind: 'withheld', text: say(language, silenceWords(shown, holder)) };
}

function sourceOf(language: PageLanguage, source: FactSource): SourceWords {
  return {
    voice: source.verified ? 'verified' : source.kind === 'import' ? 'imported' : 'self-reported',
    text: sayAll(language, sourceWords(source)),
  };
}

/** A term in the page's language, with the name of the source after it where that is another. */
function term(language: PageLanguage, list: CodeListName, text: string, codes: readonly Code[]): Words {
  const word = termIn(language, list, text, codes);
  return { text: word === text ? text : `${word} (${text})` };
}

function sentences(language: PageLanguage, details: readonly Message[]): string[] {
  return capital(details.map((one) => say(language, one)).join(', '));
}

function capital(text: string): string[] {
  return text === '' ? [] : [text.charAt(0).toUpperCase() + text.slice(1)];
}

function note(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : [text];
}

function messages(language: PageLanguage, message: Message | undefined): string[] {
  return message ? [say(language, message)] : [];
}
