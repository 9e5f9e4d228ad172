// "I have no known allergies": said with one press, taken back with one press.
import { useTranslation } from 'react-i18next';
import type { SectionId } from '../../../core/record/facts.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { useNoneKnown } from './use-save.ts';

export interface NoneKnownActProps {
  readonly section: SectionId;
  readonly onSaid?: (() => void) | undefined;
  /** The page itself shows what was saved and how to take it back. */
  readonly quiet?: boolean | undefined;
}

/** Shown only while nothing is recorded. */
export function SayNone({ section, onSaid, quiet }: NoneKnownActProps) {
  const { t } = useTranslation(['patient-record', 'patient-forms']);
  const problemWords = useProblemWords();
  const none = useNoneKnown(section, quiet);
  if (none.possible === undefined) return null;
  return (
    <>
      {none.error === null || none.saving ? null : (
        <ErrorBand title={t('patient-forms:form.failed')}>{problemWords(none.error)}</ErrorBand>
      )}
      <Button busy={none.saving && t('none.saving')} onPress={() => none.say(onSaid)} wide>
        {t(`sayNone.${none.possible}`)}
      </Button>
    </>
  );
}

export function TakeBackNone({ section }: { readonly section: SectionId }) {
  const { t } = useTranslation(['patient-record', 'patient-forms']);
  const problemWords = useProblemWords();
  const none = useNoneKnown(section);
  return (
    <>
      <Button busy={none.saving && t('none.saving')} look="link" onPress={none.takeBack}>
        {t('none.takeBack')}
      </Button>
      {none.error === null || none.saving ? null : (
        <ErrorBand title={t('patient-forms:form.failed')}>{problemWords(none.error)}</ErrorBand>
      )}
    </>
  );
}
