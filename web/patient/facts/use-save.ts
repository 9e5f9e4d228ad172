// Saving, removing and saying "none" in one section, each with its way back.
// Knows core's rules of writing and the toast; no pages.
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../../core/fhir/types.ts';
import type { Fact, FactResource, SectionId, SectionValues } from '../../../core/record/facts.ts';
import type { FormOf } from '../../../core/record/forms.ts';
import type { NoneKnownSection } from '../../../core/record/none-known.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import {
  canSayNoneKnown,
  removeFact,
  saveFact,
  sayNoneKnown,
  unsayNoneKnown,
} from '../../../core/record/write-facts.ts';
import type { RemovalReason } from '../../../core/record/write-facts.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useWriteRecord } from '../../api/record.ts';
import type { Written } from '../../api/record.ts';
import { announceDone } from '../../ui/toast.tsx';
import { factWords, partsOf, useSay } from './parts.ts';
import { storedOf, useRecordFacts } from './record-facts.ts';
import { useSectionWords } from './section-words.ts';

/**
 * Writes with a toast that takes them back for ten seconds; the history keeps both.
 * `quiet`: the page itself shows what was saved and how to take it back.
 */
function useWriteWithUndo(quiet = false) {
  const { t } = useTranslation('patient-record');
  const problemWords = useProblemWords();
  const write = useWriteRecord();
  const announce = (words: string, written: readonly Written[]): void => {
    if (written.length === 0 || quiet) return;
    announceDone(words, () => {
      write.mutateAsync(written.map((one) => one.undo)).then(
        () => announceDone(t('done.undone')),
        (error: unknown) => announceDone(`${t('done.undoFailed')} ${problemWords(error)}`),
      );
    });
  };
  return { write, announce };
}

export function useSaveSection<Id extends SectionId>(section: Id, quiet = false) {
  const { t } = useTranslation('patient-record');
  const say = useSay();
  const sectionWords = useSectionWords();
  const { context } = useRecordFacts();
  const { write, announce } = useWriteWithUndo(quiet);
  const titleOf = (stored: readonly Resource[]): string => {
    const state = readFacts(stored, context.today)[section];
    const fact: Fact<SectionValues[Id]> | undefined =
      state.state === 'recorded' && state.facts.length === 1 ? state.facts[0] : undefined;
    return fact === undefined
      ? sectionWords(section).title
      : factWords(partsOf(section, fact.value, say)).title;
  };
  return {
    saving: write.isPending,
    error: write.error,
    forget: write.reset,
    /** `of`: the entry the form was filled from. Without one, or when it is gone, a new one is made. */
    save: (form: FormOf<Id>, of: FactResource | undefined, onSaved: () => void): void => {
      const stored = of === undefined ? undefined : storedOf(context, of);
      write.mutate(saveFact(section, form, context, stored), {
        onSuccess: (written) => {
          announce(t('done.saved', { what: titleOf(written.flatMap((one) => one.resource ?? [])) }), written);
          onSaved();
        },
      });
    },
  };
}

export function useRemoveFact() {
  const { t } = useTranslation('patient-record');
  const { context } = useRecordFacts();
  const { write, announce } = useWriteWithUndo();
  return {
    removing: write.isPending,
    error: write.error,
    forget: write.reset,
    remove: (of: FactResource, what: string, reason: RemovalReason, onRemoved: () => void): void => {
      const stored = storedOf(context, of);
      if (stored === undefined) {
        onRemoved();
        return;
      }
      write.mutate(removeFact(stored, reason, context), {
        onSuccess: (written) => {
          announce(t('done.removed', { what }), written);
          onRemoved();
        },
      });
    },
  };
}

export function useNoneKnown(section: SectionId, quiet = false) {
  const { t } = useTranslation('patient-record');
  const { context } = useRecordFacts();
  const { write, announce } = useWriteWithUndo(quiet);
  const known: NoneKnownSection | undefined = canSayNoneKnown(section) ? section : undefined;
  return {
    possible: known,
    saving: write.isPending,
    error: write.error,
    say: (onSaid?: () => void): void => {
      if (known === undefined) return;
      write.mutate(sayNoneKnown(known, context), {
        onSuccess: (written) => {
          announce(t('none.said', { what: t(`none.${known}`) }), written);
          onSaid?.();
        },
      });
    },
    takeBack: (): void => {
      if (known === undefined) return;
      write.mutate(unsayNoneKnown(known, context), {
        onSuccess: (written) => announce(t('none.takenBack'), written),
      });
    },
  };
}
