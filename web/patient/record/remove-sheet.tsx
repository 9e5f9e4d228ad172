// Takes one entry out of the record: why, then the act. What can only be a mistake is not asked for a reason.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FactResource, SectionId } from '../../../core/record/facts.ts';
import type { RemovalReason } from '../../../core/record/write-facts.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useRemoveFact } from '../facts/use-save.ts';

export interface ToRemove {
  readonly of: FactResource;
  readonly what: string;
}

const canEnd = ['allergies', 'conditions', 'medicines', 'implants', 'disabilities'] as const;

export interface RemoveSheetProps {
  readonly section: SectionId;
  readonly entry: ToRemove | undefined;
  readonly onClose: () => void;
}

export function RemoveSheet({ section, entry, onClose }: RemoveSheetProps) {
  const { t } = useTranslation(['record-pages', 'patient-forms']);
  const problemWords = useProblemWords();
  const removal = useRemoveFact();
  const ends = canEnd.find((each) => each === section);
  const [reason, setReason] = useState<RemovalReason | undefined>();
  const why = ends === undefined ? 'mistake' : reason;
  const close = (): void => {
    setReason(undefined);
    removal.forget();
    onClose();
  };
  const what = entry?.what ?? '';
  return (
    <Sheet
      onClose={close}
      open={entry !== undefined}
      title={ends === undefined ? t('remove.plainTitle', { what }) : t('remove.title', { what })}
    >
      <div className="stack-wide">
        {removal.error === null || removal.removing ? null : (
          <ErrorBand title={t('patient-forms:form.failed')}>{problemWords(removal.error)}</ErrorBand>
        )}
        {ends === undefined ? null : (
          <Choice
            label={t('remove.why')}
            onChange={setReason}
            options={[
              { value: 'over', label: t('remove.over'), hint: t(`remove.overHint.${ends}`) },
              { value: 'mistake', label: t('remove.mistake'), hint: t('remove.mistakeHint') },
            ]}
            value={reason}
          />
        )}
        <p className="quiet">{t('remove.text')}</p>
        <Button
          busy={removal.removing && t('remove.acting')}
          look="danger"
          missing={why === undefined ? t('remove.choose') : undefined}
          onPress={() => {
            if (entry !== undefined && why !== undefined) removal.remove(entry.of, what, why, close);
          }}
          wide
        >
          {t('remove.act', { what })}
        </Button>
      </div>
    </Sheet>
  );
}
