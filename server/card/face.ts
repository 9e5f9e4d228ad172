// The summary as a card prints it: the same facts as the first tier, in the few words that fit. Decides nothing about what is shown.
import type { CardFace, FridgeLists, SheetList } from '../../core/card/drawing/card-face.ts';
import type { CardLanguage } from '../../core/card/drawing/labels.ts';
import { cardLabels } from '../../core/card/drawing/labels.ts';
import type { EmergencySummary } from '../../core/card/emergency-summary.ts';
import { plainTextFallback } from '../../core/card/plain-text.ts';
import { askedWords } from '../../core/card/summary-words.ts';
import { say, sayAll, sayDate } from '../../core/card/words/say.ts';
import { termIn } from '../../core/record/code-lists/terms.ts';
import type { FactSource } from '../../core/record/facts.ts';
import { phoneWords } from '../../core/record/phone-words.ts';
import { dayOf } from './clock-words.ts';
import { describeSummary } from './page/describe.ts';
import type { BlockWords } from './page/emergency-view.ts';
import { otherLanguage, pageWord } from './page/page-words.ts';

/** What of a card is not in the summary. */
export interface PrintedCard {
  uhid: string;
  url: string;
  number: number;
  issuedAt: Date;
  photoJpeg?: Uint8Array;
  plainTextCode: boolean;
}

/** `summary` is the first tier: what a finder of the card may read anyway. `nowMs` dates what is not recorded. */
export function faceOf(
  summary: EmergencySummary,
  card: PrintedCard,
  language: CardLanguage,
  nowMs: number,
): CardFace {
  const { who } = summary;
  const view = describeSummary(summary, language, false);
  const second = who?.localNames.find((one) => one.language.split('-')[0] === 'hi')?.text;
  const sex = who?.sex && say(language, { key: `sex.${who.sex}` });
  const born =
    who?.birthDate && say(language, { key: 'who.born', params: { date: { date: who.birthDate } } });
  const birthLine = [sex, sex && born ? born.charAt(0).toLowerCase() + born.slice(1) : born]
    .filter(Boolean)
    .join(', ');
  const languages = view.languages;
  return {
    name: who?.name ?? pageWord(language, 'nameWithheld'),
    ...(second !== undefined && second !== who?.name ? { nameSecond: second } : {}),
    birthLine: birthLine.charAt(0).toUpperCase() + birthLine.slice(1),
    ...(languages
      ? { languagesLine: `${languages.before}${[languages.preferred, ...languages.others].join(', ')}` }
      : {}),
    ...bloodOf(summary, language),
    uhid: card.uhid,
    ...(card.photoJpeg ? { photoJpeg: card.photoJpeg } : {}),
    dangers: summary.dangers.lines.map((line) => {
      const alone = line.reason.filter(({ key }) => key !== 'danger.joined');
      return {
        noun: say(language, line.shortNoun),
        reason: sayAll(language, line.reason),
        // The last of a reason is what to do, or what happens otherwise.
        shorter: [sayAll(language, alone), sayAll(language, alone.slice(-1))],
      };
    }),
    dangersState: dangersState(summary, language, nowMs),
    contacts:
      summary.contacts.state === 'recorded'
        ? summary.contacts.facts.map(({ value: { name, relation, phone }, source }) => ({
            name,
            relation: [
              relation ? termIn(language, 'relations', relation.text, relation.codes) : '',
              source.joinedOn === undefined ? '' : say(language, { key: 'contact.joined' }),
            ]
              .filter((text) => text !== '')
              .join(', '),
            phone: phoneWords(phone ?? ''),
          }))
        : isHeldBack(summary.contacts.state)
          ? 'withheld'
          : [],
    ...doctorOf(summary),
    url: card.url,
    cardNumber: card.number,
    issued: sayDate(language, dayOf(card.issuedAt.getTime())),
    ...(card.plainTextCode ? { offlineText: plainTextFallback(summary, card.url, language) } : {}),
    labels: cardLabels(language, otherLanguage(language)),
  };
}

/** The lists of the sheet for the refrigerator door. */
export function fridgeListsOf(
  summary: EmergencySummary,
  language: CardLanguage,
  printedAt: string,
): FridgeLists {
  const { sections } = describeSummary(summary, language, false);
  const list = (id: string): SheetList => {
    const found = sections.find((one) => one.id === id)?.block;
    return found ? sheetList(found) : { kind: 'not-recorded' };
  };
  return { conditions: list('conditions'), medicines: list('medicines'), printedAt };
}

function sheetList(block: BlockWords): SheetList {
  switch (block.kind) {
    case 'facts':
      return {
        kind: 'facts',
        facts: block.facts.map(({ value, details, source }) => ({
          text: value.text,
          ...(details.length > 0 ? { detail: details.join(', ') } : {}),
          source: source.text,
          voice: source.voice === 'imported' ? 'self-reported' : source.voice,
        })),
      };
    case 'none-known':
      return { kind: 'none-known', text: block.text, source: block.source.text };
    case 'not-recorded':
    case 'withheld':
      return { kind: block.kind };
  }
}

function bloodOf(summary: EmergencySummary, language: CardLanguage): Pick<CardFace, 'blood'> {
  const group = summary.bloodGroup;
  if (isHeldBack(group.state)) return { blood: 'withheld' };
  if (group.state !== 'recorded') return {};
  if (group.contradicts) return { blood: { differ: group.facts.map(({ value }) => value.text).join(', ') } };
  const [fact] = group.facts;
  return fact ? { blood: { text: fact.value.text, source: shortSource(fact.source, language) } } : {};
}

/** "lab, 2 May 2024" */
function shortSource(source: FactSource, language: CardLanguage): string {
  const key =
    source.kind === 'organization'
      ? 'plain.lab'
      : source.verified
        ? 'plain.verified'
        : source.kind === 'import'
          ? 'plain.imported'
          : 'plain.self';
  return [say(language, { key }), source.date && sayDate(language, source.date)].filter(Boolean).join(', ');
}

function dangersState(
  { dangers }: EmergencySummary,
  language: CardLanguage,
  nowMs: number,
): CardFace['dangersState'] {
  if (dangers.state !== 'none-recorded') return dangers.state;
  const asked = dangers.noKnownAllergies && askedWords(dangers.noKnownAllergies.source);
  const detail = dangers.noKnownAllergies
    ? [say(language, { key: 'silence.no-known-allergies' }), asked && say(language, asked)]
        .filter(Boolean)
        .join(' ')
    : undefined;
  return { noneRecordedAsOf: sayDate(language, dayOf(nowMs)), ...(detail ? { detail } : {}) };
}

function doctorOf({ careTeam }: EmergencySummary): Pick<CardFace, 'doctor'> {
  if (isHeldBack(careTeam.state)) return { doctor: 'withheld' };
  if (careTeam.state !== 'recorded') return {};
  const doctor = careTeam.facts.find(({ value }) => value.role === 'doctor')?.value;
  const hospital = careTeam.facts.find(({ value }) => value.role === 'hospital')?.value;
  const named = doctor ?? hospital;
  if (!named) return {};
  const place = doctor ? (doctor.place ?? hospital?.name) : hospital?.place;
  const phone = named.phone ?? hospital?.phone;
  return {
    doctor: { name: named.name, ...(place ? { place } : {}), ...(phone ? { phone: phoneWords(phone) } : {}) },
  };
}

function isHeldBack(state: string): boolean {
  return state === 'withheld' || state === 'needs-code';
}
