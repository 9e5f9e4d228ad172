// A QuestionnaireResponse read against its form: what was answered, and everything that is wrong with it. Holds no value in a problem.
import { DecimalLiteral, isJsonObject, numberOf } from '../fhir/json.ts';
import type { JsonObject, JsonValue } from '../fhir/types.ts';
import { objectAt, objectsAt, partialDate, textAt, valueAt } from '../record/elements.ts';
import { agrees, compute } from './compute.ts';
import type { Field, Form, Group, Option } from './form.ts';
import { fieldsOf, formUrl } from './form.ts';
import { codingOfOption, longestLines, longestText } from './questionnaire.ts';

export type ProblemCode =
  | 'wrong-form'
  | 'unknown-item'
  | 'wrong-kind'
  | 'out-of-range'
  | 'missing'
  | 'repeated'
  | 'not-an-option'
  | 'too-long'
  | 'computed-differs'
  | 'no-answer';

export interface AnswerProblem {
  readonly linkId: string;
  readonly code: ProblemCode;
}

export type Answer =
  | { readonly kind: 'number'; readonly value: number; readonly written: JsonValue }
  | { readonly kind: 'option'; readonly option: Option }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'flag'; readonly flag: boolean }
  | { readonly kind: 'file'; readonly attachment: JsonObject };

/** One filled group: a repeating one has several. Answers by field. */
export interface Filled {
  readonly group: Group;
  readonly answers: ReadonlyMap<string, readonly Answer[]>;
}

export interface Answers {
  readonly filled: readonly Filled[];
  readonly problems: readonly AnswerProblem[];
}

/** More groups of one kind than this nobody fills in by hand. */
const mostOfAGroup = 100;
const mostOfAField = 50;

export function readAnswers(form: Form, response: JsonObject): Answers {
  const problems: AnswerProblem[] = [];
  const wrong = (linkId: string, code: ProblemCode): void => void problems.push({ linkId, code });
  const named = textAt(response, 'questionnaire')?.split('|')[0];
  if (named !== formUrl(form.id)) wrong('', 'wrong-form');
  const filled: Filled[] = [];
  const items = objectsAt(response, 'item');
  for (const item of items) {
    const linkId = textAt(item, 'linkId') ?? '';
    const group = form.groups.find(({ id }) => id === linkId);
    if (group === undefined || item['answer'] !== undefined) {
      wrong(linkId, 'unknown-item');
      continue;
    }
    const before = filled.filter((one) => one.group === group).length;
    if (before >= (group.repeats ? mostOfAGroup : 1)) {
      wrong(linkId, 'repeated');
      continue;
    }
    const answers = readGroup(group, item, wrong);
    if (answers.size > 0) filled.push({ group, answers });
  }
  for (const { group, answers } of filled)
    for (const { id, required } of group.fields) if (required && !answers.has(id)) wrong(id, 'missing');
  if (filled.length === 0 && problems.length === 0) wrong('', 'no-answer');
  checkComputed(form, filled, wrong);
  return { filled, problems };
}

function readGroup(
  group: Group,
  item: JsonObject,
  wrong: (linkId: string, code: ProblemCode) => void,
): Map<string, readonly Answer[]> {
  const answers = new Map<string, readonly Answer[]>();
  for (const child of objectsAt(item, 'item')) {
    const linkId = textAt(child, 'linkId') ?? '';
    const field = group.fields.find(({ id }) => id === linkId);
    if (field === undefined || child['item'] !== undefined) wrong(linkId, 'unknown-item');
    else if (answers.has(linkId)) wrong(linkId, 'repeated');
    else {
      const given = objectsAt(child, 'answer');
      if (given.length > (field.repeats ? mostOfAField : 1)) wrong(linkId, 'repeated');
      const read: Answer[] = [];
      for (const one of given) {
        const answer = readAnswer(field, one);
        if (typeof answer === 'string') wrong(linkId, answer);
        else read.push(answer);
      }
      if (read.length > 0) answers.set(linkId, read);
    }
  }
  return answers;
}

function readAnswer(field: Field, given: JsonObject): Answer | ProblemCode {
  switch (field.kind) {
    case 'decimal':
    case 'integer': {
      const written = valueAt(given, field.kind === 'integer' ? 'valueInteger' : 'valueDecimal');
      if (typeof written !== 'number' && !(written instanceof DecimalLiteral)) return 'wrong-kind';
      const value = numberOf(written);
      if (field.kind === 'integer' && !Number.isInteger(value)) return 'wrong-kind';
      const [low, high] = field.range ?? [-Infinity, Infinity];
      return value < low || value > high ? 'out-of-range' : { kind: 'number', value, written };
    }
    case 'choice':
      return readChoice(field, given);
    case 'text':
    case 'lines': {
      const text = valueAt(given, 'valueString');
      return typeof text === 'string'
        ? readText(text, field.kind === 'text' ? longestText : longestLines)
        : 'wrong-kind';
    }
    case 'date': {
      const date = valueAt(given, 'valueDate');
      return typeof date === 'string' && partialDate(date) === date ? { kind: 'date', date } : 'wrong-kind';
    }
    case 'yes-no': {
      const flag = valueAt(given, 'valueBoolean');
      return typeof flag === 'boolean' ? { kind: 'flag', flag } : 'wrong-kind';
    }
    case 'file': {
      const attachment = objectAt(given, 'valueAttachment');
      const url = textAt(attachment, 'url');
      // A file is uploaded first: its bytes never travel in an answer.
      if (attachment === undefined || url === undefined || !/^https?:\/\//.test(url)) return 'wrong-kind';
      return attachment['data'] === undefined ? { kind: 'file', attachment } : 'wrong-kind';
    }
  }
}

function readText(text: string, longest: number): Answer | ProblemCode {
  if (text.length > longest) return 'too-long';
  const trimmed = text.trim();
  return trimmed === '' || /[^\P{Cc}\n\r\t]/u.test(trimmed) ? 'wrong-kind' : { kind: 'text', text: trimmed };
}

function readChoice(field: Field, given: JsonObject): Answer | ProblemCode {
  const written = valueAt(given, 'valueString');
  if (field.open && typeof written === 'string') return readText(written, longestText);
  const coding = valueAt(given, 'valueCoding');
  if (!isJsonObject(coding)) return 'wrong-kind';
  const option = field.options?.find((one) => {
    const own = codingOfOption(one);
    return own['system'] === coding['system'] && own['code'] === coding['code'];
  });
  return option === undefined ? 'not-an-option' : { kind: 'option', option };
}

/** Numbers of the whole form by field; the options of a scale are numbers too. */
export function numbersOf(filled: readonly Filled[]): (fieldId: string) => number | undefined {
  return (fieldId) => {
    for (const { answers } of filled) {
      const [answer] = answers.get(fieldId) ?? [];
      if (answer?.kind === 'number') return answer.value;
      if (answer?.kind === 'option' && /^\d+$/.test(answer.option.id)) return Number(answer.option.id);
    }
    return undefined;
  };
}

function checkComputed(
  form: Form,
  filled: readonly Filled[],
  wrong: (linkId: string, code: ProblemCode) => void,
): void {
  const of = numbersOf(filled);
  for (const { id, computed } of fieldsOf(form)) {
    if (computed === undefined) continue;
    const given = of(id);
    const value = compute(computed, of);
    if (given !== undefined && value !== undefined && !agrees(computed, given, value))
      wrong(id, 'computed-differs');
  }
}
