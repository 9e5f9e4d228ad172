// What a section is called and what its acts are called.
import { useTranslation } from 'react-i18next';
import type { SectionId } from '../../../core/record/facts.ts';

export interface SectionWords {
  readonly title: string;
  /** "Add an allergy". */
  readonly addOne: string;
  /** "Add an allergy", or "Change emergency contacts" where a section is changed as a whole. */
  readonly changeAll: string;
  readonly save: string;
}

export function useSectionWords(): (section: SectionId) => SectionWords {
  const { t } = useTranslation('patient-record');
  return (section) => ({
    title: t(`section.${section}`),
    addOne: t(`addOne.${section}`),
    changeAll: t(`changeAll.${section}`),
    save: t(`save.${section}`),
  });
}
