// What was typed into a form, and the QuestionnaireResponse it makes. Knows no component.
import type {
  Element,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  QuestionnaireResponseItem,
  QuestionnaireResponseItemAnswer,
} from '@medplum/fhirtypes';
import type { Language } from '../i18n/format.ts';

/** Of each question what was typed or chosen; a date as FHIR writes it, `?` while it is none yet. */
export type Typed = Readonly<Record<string, readonly string[]>>;

/** One filled group: a repeating one may stand several times. */
export interface FilledGroup {
  readonly key: string;
  readonly group: QuestionnaireItem;
  readonly typed: Typed;
}

export const badDate = '?';

const extensionOf = (item: { extension?: QuestionnaireItem['extension'] }, name: string) =>
  item.extension?.find(({ url }) => url.endsWith(`/${name}`));

export const unitOf = (item: QuestionnaireItem): string | undefined =>
  extensionOf(item, 'questionnaire-unit')?.valueCoding?.display;

export function rangeOf(item: QuestionnaireItem): readonly [low: number, high: number] | undefined {
  const low = extensionOf(item, 'minValue');
  const high = extensionOf(item, 'maxValue');
  const from = low?.valueDecimal ?? low?.valueInteger;
  const to = high?.valueDecimal ?? high?.valueInteger;
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Words in the language of the page, where the form has them: they stand beside the element (`_text`), which the types do not know. */
export function wordsOf(
  of: object | undefined,
  name: 'title' | 'text' | 'display',
  language: Language,
): string {
  const { [name]: text, [`_${name}`]: beside } = (of ?? {}) as Record<string, unknown> as {
    [key: string]: string & Element;
  };
  if (language === 'en') return text ?? '';
  const translated = beside?.extension?.find(
    ({ url, extension }) =>
      url.endsWith('/translation') &&
      extension?.some((one) => one.url === 'lang' && one.valueCode === language),
  );
  return translated?.extension?.find(({ url }) => url === 'content')?.valueString ?? text ?? '';
}

/** A question of the page: what the server computes, and files, are not asked for here. */
export const isAsked = (item: QuestionnaireItem): boolean =>
  item.readOnly !== true && item.type !== 'attachment';

export type Wrong = 'missing' | 'number' | 'range' | 'date';

/** What can be seen to be wrong before anything is sent, by key of the group and linkId. */
export function problemsOf(groups: readonly FilledGroup[]): { readonly id: string; readonly wrong: Wrong }[] {
  return groups.flatMap(({ key, group, typed }) => {
    const isEmpty = Object.values(typed).every((values) => values.every((value) => value.trim() === ''));
    return (group.item ?? []).filter(isAsked).flatMap((item) => {
      const values = (typed[item.linkId] ?? []).filter((value) => value.trim() !== '');
      const wrong = values.map((value) => wrongWith(item, value)).find((one) => one !== undefined);
      const missing =
        item.required === true && values.length === 0 && !isEmpty ? ('missing' as const) : undefined;
      const found = wrong ?? missing;
      return found === undefined ? [] : [{ id: `${key}-${item.linkId}`, wrong: found }];
    });
  });
}

function wrongWith(item: QuestionnaireItem, value: string): Wrong | undefined {
  if (item.type === 'date') return value === badDate ? 'date' : undefined;
  if (item.type !== 'decimal' && item.type !== 'integer') return undefined;
  const number = numberIn(value);
  if (number === undefined || (item.type === 'integer' && !Number.isInteger(number))) return 'number';
  const range = rangeOf(item);
  return range !== undefined && (number < range[0] || number > range[1]) ? 'range' : undefined;
}

/** With a point or a comma; undefined for what is no number. */
function numberIn(value: string): number | undefined {
  const plain = value.trim().replace(',', '.');
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

export function responseOf(form: Questionnaire, groups: readonly FilledGroup[]): QuestionnaireResponse {
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: `${form.url ?? ''}|${form.version ?? ''}`,
    item: groups.flatMap(({ group, typed }): QuestionnaireResponseItem[] => {
      const item = (group.item ?? []).filter(isAsked).flatMap((question): QuestionnaireResponseItem[] => {
        const answer = (typed[question.linkId] ?? [])
          .filter((value) => value.trim() !== '')
          .map((value) => answerOf(question, value.trim()));
        return answer.length === 0 ? [] : [{ linkId: question.linkId, answer }];
      });
      return item.length === 0 ? [] : [{ linkId: group.linkId, item }];
    }),
  };
}

function answerOf(item: QuestionnaireItem, value: string): QuestionnaireResponseItemAnswer {
  // What a form has no widget for is written as text.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant
  switch (item.type) {
    case 'decimal':
      return { valueDecimal: numberIn(value) ?? 0 };
    case 'integer':
      return { valueInteger: numberIn(value) ?? 0 };
    case 'boolean':
      return { valueBoolean: value === 'yes' };
    case 'date':
      return { valueDate: value };
    case 'choice':
    case 'open-choice': {
      const chosen = item.answerOption?.find(({ valueCoding }) => valueCoding?.code === value)?.valueCoding;
      return chosen === undefined
        ? { valueString: value }
        : { valueCoding: { system: chosen.system ?? '', code: value, display: chosen.display ?? '' } };
    }
    default:
      return { valueString: value };
  }
}
