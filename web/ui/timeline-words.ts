// What an entry of the timeline is called and says, in the reader's language: the resource's own words, and the app's for what it is.
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../../core/timeline/timeline-entry.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import type { IconName } from './icons.tsx';

export const KIND_ICON: Readonly<Record<TimelineEntry['kind'], IconName>> = {
  visits: 'pulse',
  results: 'flask',
  'vital-signs': 'heart',
  medicines: 'pill',
  vaccinations: 'syringe',
  imaging: 'camera',
  procedures: 'hospital',
  conditions: 'record',
  allergies: 'octagon',
  documents: 'document',
  'care-plans': 'calendar',
};

/** Swedish writes a day as ISO 8601 does. */
const dayHere = new Intl.DateTimeFormat('sv-SE');

const FLAGS = ['H', 'HH', 'L', 'LL', 'A', 'AA', 'N'] as const;
const STATES = [
  'entered-in-error',
  'cancelled',
  'stopped',
  'preliminary',
  'amended',
  'corrected',
  'inactive',
  'resolved',
  'remission',
  'planned',
  'in-progress',
  'on-hold',
  'not-done',
  'unconfirmed',
  'provisional',
  'differential',
  'refuted',
] as const;

const oneOf = <Word extends string>(words: readonly Word[], word: string | undefined): Word | undefined =>
  words.find((one) => one === word);

export interface EntryWords {
  readonly kind: string;
  readonly title: string;
  readonly value: string | undefined;
  /** A word for the reading, and whether it asks for attention. */
  readonly flag: { readonly word: string; readonly odd: boolean } | undefined;
  readonly lines: readonly string[];
  readonly date: string;
}

export function useTimelineWords(): (entry: TimelineEntry & { readonly day?: string }) => EntryWords {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  return (entry) => {
    const { range, until, status, place, flag } = entry;
    const state = oneOf(STATES, status);
    const reading = oneOf(FLAGS, flag);
    const lines = [
      ...(entry.date === undefined && entry.day !== undefined ? [t('undated')] : []),
      // The day it came is that of UTC: in the west it may be tomorrow's, and is not ahead.
      ...(entry.date !== undefined && entry.date > dayHere.format() ? [t('ahead')] : []),
      ...(state === undefined ? [] : [t(`status.${state}`)]),
      ...entry.lines,
      ...(range === undefined ? [] : [t('range', { range })]),
      ...(until === undefined ? [] : [t('until', { date: formatDate(until, language) })]),
      ...(place === undefined ? [] : [t('at.place', { place })]),
    ];
    return {
      kind: t(`one.${entry.kind}`),
      title: (language === 'hi' ? entry.titleIn?.hi : undefined) ?? entry.title ?? t(`one.${entry.kind}`),
      value: entry.value,
      flag: reading === undefined ? undefined : { word: t(`flag.${reading}`), odd: reading !== 'N' },
      lines,
      date: formatDate(entry.date ?? entry.day ?? '', language),
    };
  };
}
