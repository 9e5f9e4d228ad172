// What a permission covers, in words: the whole record, some of its parts, single entries. Knows no names.
import { useTranslation } from 'react-i18next';
import type { Category } from '../../core/access/categories.ts';
import { useLanguage } from '../i18n/texts.ts';

export interface CoveredScope {
  readonly categories?: readonly Category[];
  readonly entries?: readonly string[];
  readonly sealed: boolean;
}

/** "your results and visits" for the owner, "results and visits" for others. */
export function useScopeWords(): (scope: CoveredScope, whose: 'own' | 'theirs') => string {
  const { t } = useTranslation('access');
  const language = useLanguage();
  return ({ categories, entries }, whose) => {
    if (categories === undefined && entries === undefined) return t(`scope.whole.${whose}`);
    const parts = [
      ...(categories ?? []).map((part) => t(`part.${part}`).toLocaleLowerCase(language)),
      ...(entries === undefined ? [] : [t('scope.entries', { count: entries.length })]),
    ];
    // British lists have no comma before the last.
    const list = new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' });
    return t(`scope.parts.${whose}`, { parts: list.format(parts) });
  };
}

const PURPOSES = ['TREAT', 'ETREAT', 'CAREMGT', 'COC', 'HPAYMT', 'PATRQT', 'FAMRQT', 'BTG'] as const;

/** A purpose of use in words; one that is not known stays as it is. */
export function usePurposeWords(): (purpose: string) => string {
  const { t } = useTranslation('access');
  return (purpose) => {
    const known = PURPOSES.find((each) => each === purpose);
    return known === undefined ? purpose : t(`purpose.${known}`);
  };
}
