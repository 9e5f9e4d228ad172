// How a questioned look ends: content, or handed on to the administrator; and what came of that.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { useCloseCase, useEscalateCase } from '../../api/sharing.ts';
import type { Dispute } from '../../api/sharing.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';

const LEAST_WORDS = 10;

export function SettleCase({ dispute, what }: { readonly dispute: Dispute; readonly what: string }) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const close = useCloseCase();
  const [open, setOpen] = useState(false);
  const { id, state, overdue, dueAt, escalatedAt, finalFinding, finalAnswer } = dispute;
  const canHandOn = escalatedAt === null && (state === 'answered' || (state === 'open' && overdue));
  return (
    <>
      {state === 'escalated' ? <p>{t('settle.waits', { when: formatDate(dueAt, language) })}</p> : null}
      {finalFinding === null ? null : (
        <p>{t(`settle.final.${finalFinding}`, { words: finalAnswer ?? '' })}</p>
      )}
      {state === 'closed' ? <p>{t('settle.closed')}</p> : null}
      {close.isError ? <ErrorBand key={close.failureCount}>{problemWords(close.error)}</ErrorBand> : null}
      {state === 'answered' ? (
        <Button
          look="link"
          onPress={() => close.mutate(id, { onSuccess: () => announceDone(t('settle.closeDone')) })}
        >
          {t('settle.close')}
          <span className="visually-hidden">: {what}</span>
        </Button>
      ) : null}
      {canHandOn ? (
        <Button look="link" onPress={() => setOpen(true)}>
          {t(state === 'open' ? 'settle.escalateLate' : 'settle.escalate')}
          <span className="visually-hidden">: {what}</span>
        </Button>
      ) : null}
      <Sheet onClose={() => setOpen(false)} open={open} title={t('settle.title')}>
        <EscalateForm id={id} onDone={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function EscalateForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation('looks');
  const problemWords = useProblemWords();
  const [words, setWords] = useState('');
  const escalate = useEscalateCase();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        escalate.mutate(
          { id, words },
          {
            onSuccess: () => {
              onDone();
              announceDone(t('settle.done'));
            },
          },
        );
      }}
    >
      <p>{t('settle.text')}</p>
      <TextField label={t('settle.words')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      {escalate.isError ? (
        <ErrorBand key={escalate.failureCount}>{problemWords(escalate.error)}</ErrorBand>
      ) : null}
      <Button
        busy={escalate.isPending && t('settle.sending')}
        look="primary"
        missing={Array.from(words.trim()).length < LEAST_WORDS ? t('question.missing') : undefined}
        type="submit"
        wide
      >
        {t('settle.send')}
      </Button>
    </form>
  );
}
