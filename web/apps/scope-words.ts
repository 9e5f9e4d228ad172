// Scopes in plain words: what an app would see or change, as somebody says it who never heard of scopes.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../core/access/categories.ts';
import { typesOfCategory } from '../../core/access/categories.ts';
import type { AskedScope } from '../api/apps.ts';

type Words = TFunction<'apps'>;

/** Parts that a person can leave out where an app asks for everything. */
export const PARTS = [
  'identity',
  'allergies',
  'conditions',
  'medicines',
  'vaccinations',
  'results',
  'imaging',
  'visits',
  'procedures',
  'documents',
  'care-plans',
  'insurance',
] as const satisfies readonly Category[];
export type Part = (typeof PARTS)[number];

const partOfType = new Map<string, Part>(
  PARTS.flatMap((part) => typesOfCategory(part).map((type): [string, Part] => [type, part])),
);

/** Readings alone, or also adding and changing. */
export const writes = ({ letters }: Pick<AskedScope, 'letters'>): boolean => /[cud]/.test(letters);

const FILTERS = ['laboratory', 'vital-signs', 'imaging', 'social-history'] as const;

function filterWords(t: Words, filter: string): string {
  const asked = new URLSearchParams(filter).get('category') ?? '';
  const code = asked.split('|').at(-1);
  const known = FILTERS.find((each) => each === code);
  return known === undefined ? t('scope.only', { filter: decodeURIComponent(filter) }) : t(`filter.${known}`);
}

export function partWords(t: Words, types: string): string {
  if (types === '*') return t('scope.everything');
  const part = partOfType.get(types);
  return part === undefined ? t('scope.type', { type: types }) : t(`part.${part}`);
}

export interface ScopeWords {
  readonly what: string;
  readonly detail: string | undefined;
}

export function useScopeWords(): (scope: AskedScope) => ScopeWords {
  const { t } = useTranslation('apps');
  return (scope) => {
    const { types, filter, level } = scope;
    const what = filter === undefined ? partWords(t, types) : filterWords(t, filter);
    const part = types === '*' || filter !== undefined ? undefined : t('scope.precisely', { type: types });
    const whose = level === 'user' ? t('scope.everybody') : undefined;
    const detail = [whose, part].filter((each) => each !== undefined).join(' ');
    return { what, detail: detail === '' ? undefined : detail };
  };
}

/** The scopes to give: chosen ones, without what writes unless that was allowed, and of everything only the chosen parts. */
export function scopesGiven(
  scopes: readonly AskedScope[],
  { may, parts }: { readonly may: 'see' | 'change'; readonly parts: readonly Part[] | undefined },
): string[] {
  const given = scopes.flatMap((scope) => {
    const letters = may === 'change' ? scope.letters : scope.letters.replaceAll(/[cud]/g, '');
    if (letters === '') return [];
    const types =
      scope.types === '*' && parts !== undefined
        ? parts.flatMap((part) => typesOfCategory(part))
        : [scope.types];
    return types.map(
      (type) => `${scope.level}/${type}.${letters}${scope.filter === undefined ? '' : `?${scope.filter}`}`,
    );
  });
  return [...new Set(given)];
}

/** The same for a scope as a word, as the list of apps has it. */
export function readScope(text: string): AskedScope {
  const [, level = 'patient', types = '*', letters = '', filter] =
    /^(patient|user)\/([^.]+)\.([a-z]+)(?:\?(.*))?$/.exec(text) ?? [];
  return {
    text,
    level: level === 'user' ? 'user' : 'patient',
    types,
    letters,
    ...(filter === undefined ? {} : { filter }),
  };
}
