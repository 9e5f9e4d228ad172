// Questions to a search made from what the examples hold, each with the ids that must be found by the slow reference.
import type { Plain } from './fhir-corpus.ts';
import {
  amountsIn,
  dateHolds,
  type Definition,
  displaysIn,
  evaluate,
  numberHolds,
  plainText,
  referencesIn,
  type Span,
  spanOfDate,
  spansOfDates,
  stringsIn,
  tokensIn,
} from './reference-search.ts';

export interface Question {
  readonly name: string;
  readonly value: string;
  readonly found: readonly string[];
}

/** What each resource has for the parameter. */
interface Held {
  readonly id: string;
  readonly resource: Plain;
  readonly values: readonly unknown[];
}

const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'];
const escaped = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
const askable = (text: string): boolean =>
  text.length > 0 && text.length < 200 && !/[\p{Cc}]/u.test(text) && text.trim() === text;

/** @param turn goes through prefixes and modifiers, so that all come up for some parameter */
export function questionsFor(
  definition: Definition,
  type: string,
  resources: readonly Plain[],
  all: readonly Definition[],
  turn: number,
): Question[] {
  const held = resources.map((resource): Held => ({
    id: resource.id,
    resource,
    values: evaluate(
      ofType(definition.expression ?? '', type),
      resource,
      [resource],
      incomparable[definition.type],
    ),
  }));
  if (definition.type === 'composite') return compositeQuestions(definition, type, resources, all);
  const questions: Question[] = [
    {
      name: `${definition.code}:missing`,
      value: 'true',
      found: idsOf(held, ({ values }) => values.length === 0),
    },
  ];
  const full = held.filter(({ values }) => values.length > 0);
  const picked = [full[0], full.at(turn % Math.max(1, full.length))].filter((one) => one !== undefined);
  for (const [i, { values, resource }] of [...new Set(picked)].entries())
    questions.push(...valueQuestions(definition, values[i % values.length], held, turn + i, resource));
  // Nothing of the kind among the examples: asking must still be understood, and find nothing.
  if (full.length === 0)
    questions.push({ name: definition.code, value: emptyValue[definition.type] ?? 'none', found: [] });
  return questions;
}

/** A choice may also be of a type that the kind of parameter knows nothing of: such a value is none. */
const incomparable: Record<string, readonly string[]> = {
  date: ['String'],
  reference: ['Attachment'],
  quantity: ['SampledData'],
};

const emptyValue: Record<string, string> = {
  date: '1801-01-01',
  number: '123456789',
  quantity: '123456789',
  reference: 'none',
  special: '89|179|1',
  uri: 'urn:none',
};

/** The alternatives of an expression that start at this type. */
function ofType(expression: string, type: string): string {
  const parts = expression.split(' | ').filter((part) => new RegExp(`^\\(?${type}\\b`).test(part));
  // Some expressions of one type leave its name out.
  return (parts.length === 0 ? expression.split(' | ').map((part) => `${type}.${part}`) : parts).join(' | ');
}

function idsOf(held: readonly Held[], holds: (one: Held) => boolean): string[] {
  return held.filter(holds).map(({ id }) => id);
}

function valueQuestions(
  definition: Definition,
  value: unknown,
  held: readonly Held[],
  turn: number,
  resource: Plain,
): Question[] {
  const { code: name } = definition;
  const any = (holds: (value: unknown) => boolean): string[] =>
    idsOf(held, ({ values }) => values.some(holds));
  switch (definition.xpathUsage === 'phonetic' ? 'phonetic' : definition.type) {
    case 'token':
      return tokenQuestions(name, value, any, held, turn);
    case 'string': {
      const [text] = stringsIn(value).filter((one) => askable(one) && plainText(one) !== '');
      if (text === undefined) return [];
      const plain = plainText(text);
      const start = plain.slice(0, 4).trim();
      const middle = plain.slice(1, 5).trim() || start;
      return [
        {
          name,
          value: escaped(start),
          found: any((v) => stringsIn(v).some((s) => plainText(s).startsWith(start))),
        },
        {
          name: `${name}:contains`,
          value: escaped(middle),
          found: any((v) => stringsIn(v).some((s) => plainText(s).includes(middle))),
        },
        { name: `${name}:exact`, value: escaped(text), found: any((v) => stringsIn(v).includes(text)) },
      ];
    }
    case 'reference': {
      const [text] = referencesIn(value);
      if (text === undefined || !askable(text)) return [];
      const questions = [{ name, value: escaped(text), found: any((v) => referencesIn(v).includes(text)) }];
      const [, type, id] = /^([A-Z]\w+)\/([^/]+)$/.exec(text) ?? [];
      if (type !== undefined && id !== undefined && (definition.target ?? [type]).includes(type))
        questions.push({
          name: `${name}:${type}`,
          value: id,
          found: any((v) => referencesIn(v).includes(text)),
        });
      return questions;
    }
    case 'uri':
      if (typeof value !== 'string' || !askable(value)) return [];
      return [
        { name, value: escaped(value), found: any((v) => v === value) },
        ...(value.startsWith('http') ? [belowQuestion(name, value, any)] : []),
        {
          name: `${name}:above`,
          value: `${escaped(value)}/deeper/still`,
          found: any(
            (v) =>
              typeof v === 'string' &&
              `${value}/deeper/still/`.startsWith(v.endsWith('/') ? v : `${v}/`) &&
              /^https?:\/\/[^/]+\/?/.test(v),
          ),
        },
      ].slice(0, value.startsWith('http') ? 3 : 1);
    case 'date':
      return dateQuestions(name, value, any, turn);
    case 'number': {
      const [amount] = amountsIn(value);
      if (amount === undefined) return [];
      const asked = amount.span.find(Number.isFinite) ?? 0;
      const prefix = [...prefixes, 'ap'][turn % 9] ?? 'eq';
      return [numberQuestion(name, prefix, asked, '', any, () => true)];
    }
    case 'quantity':
      return quantityQuestions(name, value, any, turn);
    case 'phonetic': {
      const [text] = stringsIn(value).filter((one) => /^[A-Za-z]+$/.test(one));
      return text === undefined
        ? []
        : [
            {
              name,
              value: text,
              found: any((v) =>
                stringsIn(v).some((s) =>
                  s.split(/[^A-Za-z]+/).some((word) => americanSoundex(word) === americanSoundex(text)),
                ),
              ),
            },
          ];
    }
    case 'special': {
      const position = value as { latitude: number; longitude: number };
      void resource;
      return [
        {
          name,
          value: `${position.latitude}|${position.longitude}|1|km`,
          found: any((v) => {
            const other = v as { latitude: number; longitude: number };
            return (
              Math.hypot(other.latitude - position.latitude, other.longitude - position.longitude) < 1e-6
            );
          }),
        },
      ];
    }
    default:
      throw new Error(definition.type);
  }
}

type Any = (holds: (value: unknown) => boolean) => string[];

function belowQuestion(name: string, value: string, any: Any): Question {
  const above = value.slice(0, value.lastIndexOf('/'));
  const asked = above.length > 'https://'.length ? above : value;
  return {
    name: `${name}:below`,
    value: escaped(asked),
    found: any(
      (v) =>
        typeof v === 'string' && (v === asked || v.startsWith(asked.endsWith('/') ? asked : `${asked}/`)),
    ),
  };
}

function tokenQuestions(
  name: string,
  value: unknown,
  any: Any,
  held: readonly Held[],
  turn: number,
): Question[] {
  const token = tokensIn(value).find(({ code }) => code !== undefined && askable(code));
  if (token?.code === undefined) return [];
  const { system, code } = token;
  const has = (holds: (token: { system?: string | undefined; code?: string | undefined }) => boolean) =>
    any((v) => tokensIn(v).some(holds));
  const withCode = has((t) => t.code === code);
  const questions: Question[] = [{ name, value: escaped(code), found: withCode }];
  if (system !== undefined && askable(system))
    questions.push(
      {
        name,
        value: `${escaped(system)}|${escaped(code)}`,
        found: has((t) => t.code === code && t.system === system),
      },
      { name, value: `${escaped(system)}|`, found: has((t) => t.system === system) },
    );
  else
    questions.push({
      name,
      value: `|${escaped(code)}`,
      found: has((t) => t.code === code && t.system === undefined),
    });
  if (turn % 2 === 0)
    questions.push({
      name: `${name}:not`,
      value: escaped(code),
      found: held.map(({ id }) => id).filter((id) => !withCode.includes(id)),
    });
  const [display] = displaysIn(value).filter((text) => askable(text) && plainText(text) !== '');
  if (display !== undefined) {
    const start = plainText(display).slice(0, 6).trim();
    questions.push({
      name: `${name}:text`,
      value: escaped(start),
      found: any((v) => displaysIn(v).some((text) => plainText(text).startsWith(start))),
    });
  }
  return questions;
}

function dateQuestions(name: string, value: unknown, any: Any, turn: number): Question[] {
  const [span] = spansOfDates(value);
  const moment = span?.find(Number.isFinite);
  if (span === undefined || moment === undefined) return [];
  const day = new Date(moment).toISOString().slice(0, [10, 7, 4][turn % 3]);
  const asked = spanOfDate(day) as Span;
  const prefix = prefixes[turn % prefixes.length] ?? 'eq';
  const ask = (p: string): Question => ({
    name,
    value: `${p}${day}`,
    found: any((v) => spansOfDates(v).some((one) => dateHolds(p, one, asked))),
  });
  return prefix === 'eq' ? [ask('eq')] : [ask('eq'), ask(prefix)];
}

function numberQuestion(
  name: string,
  prefix: string,
  asked: number,
  unit: string,
  any: Any,
  suits: (amount: ReturnType<typeof amountsIn>[number]) => boolean,
): Question {
  const text = asked.toFixed(Math.min(12, (/\.(\d+)/.exec(String(asked))?.[1] ?? '').length));
  const digits = (/\.(\d+)/.exec(text)?.[1] ?? '').length;
  return {
    name,
    value: `${prefix}${text}${unit}`,
    found: any((v) =>
      amountsIn(v).some((amount) => suits(amount) && numberHolds(prefix, amount.span, Number(text), digits)),
    ),
  };
}

function quantityQuestions(name: string, value: unknown, any: Any, turn: number): Question[] {
  const [amount] = amountsIn(value);
  if (amount === undefined) return [];
  const { system, code, units } = amount;
  const asked = amount.span.find(Number.isFinite) ?? 0;
  const prefix = [...prefixes, 'ap'][turn % 9] ?? 'eq';
  const questions = [numberQuestion(name, prefix, asked, '', any, () => true)];
  const [unit] = units.filter(askable);
  if (unit !== undefined)
    questions.push(
      numberQuestion(name, 'eq', asked, `||${escaped(unit)}`, any, (a) => a.units.includes(unit)),
    );
  if (system !== undefined && code !== undefined)
    questions.push(
      numberQuestion(
        name,
        prefix,
        asked,
        `|${escaped(system)}|${escaped(code)}`,
        any,
        (a) => a.system === system && a.code === code,
      ),
    );
  return questions;
}

/** First value of each part in one context, and who has all parts in one context. */
function compositeQuestions(
  definition: Definition,
  type: string,
  resources: readonly Plain[],
  all: readonly Definition[],
): Question[] {
  const parts = (definition.component ?? []).map(({ definition: url, expression }) => ({
    expression: expression.replaceAll('DateTime', 'dateTime'),
    // A characteristic of a Group may be a reference, which its search parameter, a token, knows nothing of.
    tokenOnly:
      definition.code === 'characteristic-value' && all.find((one) => one.url === url)?.type === 'token',
  }));
  const contexts = (resource: Plain): unknown[] =>
    evaluate(ofType(definition.expression ?? '', type), resource);
  const partValues = (resource: Plain, context: unknown, { expression }: (typeof parts)[number]): unknown[] =>
    expression.split(' | ').flatMap((one) => evaluate(one, resource, [context]));
  for (const resource of resources)
    for (const context of contexts(resource)) {
      const chosen = parts.map((part) => askFor(partValues(resource, context, part)));
      if (
        chosen.some(
          (one, i) => one === undefined || (parts[i]?.tokenOnly === true && one.value.includes('/')),
        )
      )
        continue;
      const found = resources
        .filter((other) =>
          contexts(other).some((c) =>
            parts.every((part, i) => partValues(other, c, part).some((v) => chosen[i]?.holds(v))),
          ),
        )
        .map(({ id }) => id);
      return [{ name: definition.code, value: chosen.map((one) => one?.value).join('$'), found }];
    }
  return [];
}

function askFor(
  values: readonly unknown[],
): { value: string; holds: (value: unknown) => boolean } | undefined {
  const [value] = values;
  if (value === undefined) return undefined;
  const [amount] = amountsIn(value);
  if (amount !== undefined && Number.isFinite(amount.span[0])) {
    const digits = (/\.(\d+)/.exec(String(amount.span[0]))?.[1] ?? '').length;
    return {
      value: String(amount.span[0]),
      holds: (v) => amountsIn(v).some((a) => numberHolds('eq', a.span, amount.span[0], digits)),
    };
  }
  const [reference] = typeof value === 'object' ? referencesIn(value) : [];
  if (reference !== undefined)
    return { value: escaped(reference), holds: (v) => referencesIn(v).includes(reference) };
  const [span] = spansOfDates(value);
  if (span !== undefined && Number.isFinite(span[0])) {
    const day = new Date(span[0]).toISOString().slice(0, 10);
    return {
      value: `ge${day}`,
      holds: (v) => spansOfDates(v).some((one) => dateHolds('ge', one, spanOfDate(day) as Span)),
    };
  }
  const [token] = tokensIn(value);
  if (token?.code === undefined || !askable(token.code)) return undefined;
  if (typeof value === 'string') {
    const start = plainText(value);
    // A string of its own is compared by its beginning, a code as a whole: the same where the whole is given.
    return {
      value: escaped(value),
      holds: (v) =>
        typeof v === 'string'
          ? plainText(v).startsWith(start)
          : tokensIn(v).some((t) => t.code === token.code),
    };
  }
  return { value: escaped(token.code), holds: (v) => tokensIn(v).some((t) => t.code === token.code) };
}

/** Soundex as the United States' archives describe it. */
function americanSoundex(word: string): string {
  const digitOf = (letter: string): string => {
    const at = ['AEIOUYHW', 'BFPV', 'CGJKQSXZ', 'DT', 'L', 'MN', 'R'].findIndex((group) =>
      group.includes(letter),
    );
    return at <= 0 ? '' : String(at);
  };
  const letters = word.toUpperCase().replace(/[^A-Z]/g, '');
  const withoutHw = letters[0] + letters.slice(1).replace(/[HW]/g, '');
  let code = '';
  let last = '';
  for (const letter of withoutHw) {
    const digit = digitOf(letter);
    if (digit !== last) code += digit === '' ? '-' : digit;
    last = digit;
  }
  const digits = digitOf(withoutHw[0] ?? '') === '' ? code.slice(1) : code.slice(1);
  return `${letters[0] ?? ''}${digits.replaceAll('-', '').slice(0, 3).padEnd(3, '0')}`;
}
