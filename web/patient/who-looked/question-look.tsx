// Questioning one look: a case with a clock, or what became of it. The way to end a permission stands beside it.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/entries.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { disputesQuery, useQuestion } from '../../api/sharing.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { SettleCase } from './settle-case.tsx';
import type { EntryWords } from '../../api/entry-words.ts';

const LEAST_WORDS = 10;
const BY_PERMISSION = ['grant', 'edit-grant'];

export function QuestionLook({ entry, words }: { readonly entry: Entry; readonly words: EntryWords }) {
  const { t } = useTranslation('looks');
  const language = useLanguage();
  const { data: cases } = useQuery(disputesQuery);
  const [open, setOpen] = useState(false);
  const known = cases?.find((each) => each.entry === entry.entryId);
  if (known !== undefined)
    return (
      <div className="quiet">
        {known.finding === null
          ? t(known.overdue ? 'question.overdue' : 'question.due', {
              when: formatDate(known.dueAt, language),
            })
          : t(`question.found.${known.finding}`, { words: known.answer ?? '' })}
        <SettleCase dispute={known} what={words.sawLine} />
      </div>
    );
  return (
    <>
      {BY_PERMISSION.includes(entry.basis) ? (
        <a href={paths.sharing}>
          {t('question.change')}
          <span className="visually-hidden">: {words.who}</span>
        </a>
      ) : null}
      <Button look="link" onPress={() => setOpen(true)}>
        {t('question.act')}
        <span className="visually-hidden">: {words.sawLine}</span>
      </Button>
      <Sheet onClose={() => setOpen(false)} open={open} title={t('question.title', { who: words.who })}>
        <QuestionForm entryId={entry.entryId} onDone={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

function QuestionForm({ entryId, onDone }: { readonly entryId: string; readonly onDone: () => void }) {
  const { t } = useTranslation('looks');
  const problemWords = useProblemWords();
  const [words, setWords] = useState('');
  const question = useQuestion();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        question.mutate(
          { entry: entryId, words },
          {
            onSuccess: () => {
              onDone();
              announceDone(t('question.done'));
            },
          },
        );
      }}
    >
      <p>{t('question.text')}</p>
      <TextField label={t('question.words')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      {question.isError ? (
        <ErrorBand key={question.failureCount}>{problemWords(question.error)}</ErrorBand>
      ) : null}
      <Button
        busy={question.isPending && t('question.sending')}
        look="primary"
        missing={Array.from(words.trim()).length < LEAST_WORDS ? t('question.missing') : undefined}
        type="submit"
        wide
      >
        {t('question.send')}
      </Button>
    </form>
  );
}
