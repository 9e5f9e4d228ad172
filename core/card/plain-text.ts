// The plain-text block for a code that any reader shows without a network (emergency-card sheet, section 10).
// Anybody reads it without leaving a trace, so the caller makes it only where the holder chose it.

import type { EmergencySummary } from './emergency-summary.ts';
import { bloodGroupWords } from './emergency-summary.ts';
import { genericTerm } from './danger-lines.ts';
import { doseWords } from './summary-words.ts';
import { say, type CardLanguage, type Message, type MessageKey, type MessageParam } from './words/say.ts';

/** A version 12 code with error correction M holds this many bytes. */
const mostBytes = 287;

/**
 * Up to nine short lines from the first tier, shortened item by item until they fit a readable code. `url`: the
 * emergency address. Lines are parted by LF and hold no control character.
 */
export function plainTextFallback(
  summary: EmergencySummary,
  url: string,
  language: CardLanguage = 'en',
): string {
  let text = '';
  for (const [longestLine, contacts] of [
    [90, 2],
    [60, 2],
    [60, 1],
    [40, 1],
    [25, 1],
    [1, 1],
  ] as const) {
    text = plainText(summary, url, language, longestLine, contacts);
    if (utf8Length(text) <= mostBytes) break;
  }
  return text;
}

function plainText(
  summary: EmergencySummary,
  url: string,
  language: CardLanguage,
  longestLine: number,
  mostContacts: number,
): string {
  const word = (key: MessageKey): string => say(language, { key });
  const words = (param: MessageParam): string =>
    say(language, { key: 'danger.list', params: { items: param } });
  const lines: string[] = [titleLine(summary, language)];
  const { allergies, bloodGroup } = summary;
  if (allergies.state === 'recorded') {
    const items = allergies.facts.map(({ value }) => {
      const substance = words({ term: value.substance, codes: value.codes, list: 'allergens' });
      const reaction = words(
        value.reactions.map((one) => ({ term: one.text, codes: one.codes, list: 'reactions' as const })),
      );
      return reaction === '' ? substance : `${substance} (${reaction})`;
    });
    lines.push(`${word('plain.allergy')}: ${fitted(items, longestLine)}`);
  } else {
    const silence: MessageKey =
      allergies.state === 'none-known'
        ? 'plain.none-known'
        : allergies.state === 'not-recorded'
          ? 'plain.not-recorded'
          : 'plain.not-shown';
    lines.push(`${word('plain.allergy')}: ${word(silence)}`);
  }
  if (summary.medicines.state === 'recorded') {
    const items = summary.medicines.facts.map(({ value }) => {
      const dose = doseWords(value);
      const name = words(genericTerm(value, false));
      return dose === undefined ? name : `${name} ${words(dose)}`;
    });
    lines.push(`${word('plain.takes')}: ${fitted(items, longestLine)}`);
  }
  const has = [
    ...(summary.conditions.state === 'recorded'
      ? summary.conditions.facts.map(({ value }) =>
          words({ term: value.name, codes: value.codes, list: 'conditions' }),
        )
      : []),
    ...(summary.implants.state === 'recorded'
      ? summary.implants.facts.map(({ value }) =>
          words({ term: value.kind, codes: value.codes, list: 'implants' }),
        )
      : []),
  ];
  if (has.length > 0) lines.push(`${word('plain.has')}: ${fitted(has, longestLine)}`);
  if (bloodGroup.state === 'recorded' && bloodGroup.contradicts) {
    const groups = bloodGroup.facts.map(({ value }) => say(language, bloodGroupWords(value)));
    lines.push(`${word('plain.blood')}: ${fitted(groups, longestLine)} - ${word('plain.differ')}`);
  } else if (bloodGroup.state === 'recorded') {
    for (const { value, source } of bloodGroup.facts.slice(0, 1)) {
      const by: Message = {
        key:
          source.kind === 'organization'
            ? 'plain.lab'
            : source.verified
              ? 'plain.verified'
              : source.kind === 'import'
                ? 'plain.imported'
                : 'plain.self',
      };
      const from = [say(language, by), source.date].filter((part) => part !== undefined).join(' ');
      lines.push(`${word('plain.blood')}: ${say(language, bloodGroupWords(value))} (${from})`);
    }
  }
  if (summary.contacts.state === 'recorded') {
    for (const { value } of summary.contacts.facts.slice(0, mostContacts)) {
      const relation =
        value.relation === undefined
          ? ''
          : ` (${words({ term: value.relation.text, codes: value.relation.codes, list: 'relations' })})`;
      if (value.phone !== undefined)
        lines.push(`${word('plain.call')}: ${value.name}${relation} ${value.phone}`);
    }
  }
  lines.push(`${word('plain.full')}: ${url}`);
  return lines
    .map((line) => line.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('\u00a0', ' '))
    .join('\n');
}

function titleLine(summary: EmergencySummary, language: CardLanguage): string {
  const title = say(language, { key: 'plain.title' });
  const { who } = summary;
  if (who === undefined) return title;
  const parts = [
    who.name,
    who.sex === undefined ? undefined : say(language, { key: `sex.${who.sex}` }),
    who.birthDate === undefined
      ? undefined
      : say(language, { key: 'plain.born', params: { date: who.birthDate } }),
    who.languages.length === 0
      ? undefined
      : `(${who.languages.map((one) => (one.code === '' ? one.text : one.code)).join(', ')})`,
  ];
  return `${title} - ${parts.filter((part) => part !== undefined).join(' ')}`;
}

/** As many whole items as fit, and how many more there are: nothing is cut in the middle. */
function fitted(items: readonly string[], longestLine: number): string {
  let text = '';
  for (const [place, item] of items.entries()) {
    const next = text === '' ? item : `${text}, ${item}`;
    if (place > 0 && next.length > longestLine) return `${text} +${items.length - place}`;
    text = next;
  }
  return text;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
