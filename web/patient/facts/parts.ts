// A fact in its parts, each with a name and its words: what a row shows, and what a history compares.
// Knows words and values, no resources and no layout.
import { useTranslation } from 'react-i18next';
import type { SectionId, SectionValues } from '../../../core/record/facts.ts';
import { ageInYears, formatDate, formatQuantity } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { clinicalParts } from './parts-clinical.ts';
import { personParts } from './parts-person.ts';
import { useTerm } from './terms.ts';
import type { Part, PartsOf, Say } from './part.ts';
import { todayHere } from './today.ts';

const partsBySection: { readonly [Id in SectionId]: PartsOf<Id> } = { ...clinicalParts, ...personParts };

export function useSay(): Say {
  const { t } = useTranslation('patient-record');
  const language = useLanguage();
  const term = useTerm();
  return {
    t,
    term,
    language,
    date: (value) => formatDate(value, language),
    quantity: formatQuantity,
    age: (birthDate) => ageInYears(birthDate, todayHere()),
  };
}

export function partsOf<Id extends SectionId>(
  section: Id,
  value: SectionValues[Id],
  say: Say,
): readonly Part[] {
  return partsBySection[section](value, say);
}

export interface FactWords {
  /** "Warfarin 5 mg, once a day". */
  readonly title: string;
  /** "Since 2019, severe". */
  readonly detail: string;
  /** Notes, each in its own line. */
  readonly notes: readonly string[];
}

export function factWords(parts: readonly Part[]): FactWords {
  const isTitle = (part: Part, place: number): boolean => place === 0 || part.inTitle === true;
  return {
    title: parts
      .filter(isTitle)
      .map((part) => part.words)
      .join(' '),
    detail: parts
      .filter((part, place) => !isTitle(part, place) && part.own !== true)
      .map((part) => part.words)
      .join('\u00a0· '),
    notes: parts.filter((part) => part.own === true).map((part) => part.words),
  };
}
