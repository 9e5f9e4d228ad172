// Asks before an act on the card that cannot be undone: says what happens at once and what stays.
import { useTranslation } from 'react-i18next';
import { useCardAct } from '../../api/card.ts';
import type { CardAct } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { announceDone } from '../../ui/toast.tsx';

export type EndingAct = Exclude<CardAct, 'issue'>;

export interface CardActSheetProps {
  /** Undefined: closed. */
  readonly act: EndingAct | undefined;
  readonly onClose: () => void;
}

export function CardActSheet({ act, onClose }: CardActSheetProps) {
  const { t } = useTranslation('card');
  return (
    <Sheet onClose={onClose} open={act !== undefined} title={act === undefined ? '' : t(`ask.${act}.title`)}>
      {act === undefined ? null : <Question act={act} onClose={onClose} />}
    </Sheet>
  );
}

function Question({ act, onClose }: { readonly act: EndingAct; readonly onClose: () => void }) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const change = useCardAct();
  return (
    <div className="stack-wide">
      <div className="stack">
        <p>{t(`ask.${act}.text`)}</p>
        <p>{t(act === 'rotate' ? 'ask.keptWithNew' : 'ask.kept')}</p>
      </div>
      {change.isError ? (
        <ErrorBand key={change.failureCount} title={t('ask.failed')}>
          {problemWords(change.error)}
        </ErrorBand>
      ) : null}
      <div className="row-even">
        <Button onPress={onClose}>{t('ask.keep')}</Button>
        <Button
          busy={change.isPending && t('ask.acting')}
          look="danger"
          onPress={() =>
            change.mutate(act, {
              onSuccess: ({ number }) => {
                onClose();
                announceDone(t(`ask.${act}.done`, { number }));
              },
            })
          }
        >
          {t(`ask.${act}.act`)}
        </Button>
      </div>
    </div>
  );
}
