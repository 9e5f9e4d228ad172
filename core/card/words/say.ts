// Messages to words: fills in names, dates, medical terms and lists in a language.
// Knows the catalogues, not what the messages are about. Whoever prints the result escapes it for its medium.

import { termIn, type CodeListName } from '../../record/code-lists/terms.ts';
import type { Code, PartialDate } from '../../record/facts.ts';
import { en, type MessageKey } from './en.ts';
import { hi } from './hi.ts';

export type CardLanguage = 'en' | 'hi';

export type { MessageKey } from './en.ts';

/**
 * A recorded term, translated where a list knows it. `inSentence`: its first letter becomes small in English.
 * `withLatin`: a translated word is followed by the recorded one in brackets, for staff who read only that.
 */
export type TermParam = {
  readonly term: string;
  readonly codes: readonly Code[];
  readonly list: CodeListName;
  readonly inSentence?: boolean;
  readonly withLatin?: boolean;
};

export type MessageParam =
  string | number | Message | TermParam | { readonly date: PartialDate } | readonly MessageParam[];

export type Message = {
  readonly key: MessageKey;
  readonly params?: { readonly [name: string]: MessageParam };
};

const words: Readonly<Record<CardLanguage, Readonly<Record<MessageKey, string>>>> = { en, hi };

const months: Readonly<Record<CardLanguage, readonly string[]>> = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  hi: ['जनवरी', 'फ़रवरी', 'मार्च', 'अप्रैल', 'मई', 'जून', 'जुलाई', 'अगस्त', 'सितंबर', 'अक्टूबर', 'नवंबर', 'दिसंबर'],
};

/** The words of a message. Plain text: no mark-up. */
export function say(language: CardLanguage, message: Message): string {
  return words[language][message.key].replace(/\{([a-z]+)\}/gu, (_whole, name: string) => {
    const value = message.params?.[name];
    return value === undefined ? '' : sayParam(language, value);
  });
}

/** Several messages as one run of sentences. */
export function sayAll(language: CardLanguage, messages: readonly Message[]): string {
  return messages.map((message) => say(language, message)).join(' ');
}

/** "12 Mar 2024", "Mar 2024", "2024", with non-breaking spaces. */
export function sayDate(language: CardLanguage, date: PartialDate): string {
  const [year = '', month, day] = date.split('-');
  const name = month === undefined ? undefined : months[language][Number(month) - 1];
  if (name === undefined) return year;
  return day === undefined ? `${name}\u00a0${year}` : `${Number(day)}\u00a0${name}\u00a0${year}`;
}

function sayParam(language: CardLanguage, value: MessageParam): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map((item) => sayParam(language, item)).join(', ');
  if ('key' in value) return say(language, value);
  if ('date' in value) return sayDate(language, value.date);
  const term = termIn(language, value.list, value.term, value.codes);
  if (value.withLatin === true && term !== value.term) return `${term} (${value.term})`;
  return value.inSentence === true && language === 'en' ? smallFirst(term) : term;
}

function isList(value: MessageParam): value is readonly MessageParam[] {
  return Array.isArray(value);
}

/** "Warfarin" to "warfarin", but "NPH insulin" and "G6PD" stay. */
function smallFirst(text: string): string {
  const second = text.charAt(1);
  return second === second.toUpperCase() ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
