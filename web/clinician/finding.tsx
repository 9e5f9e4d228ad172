// How whoever answers for something says what they found, and by when they have to.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

export function Due({ at, overdue }: { readonly at: string; readonly overdue: boolean }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const when = formatDateTime(at, language);
  return overdue ? (
    <p className="clinic-overdue">{t('overdue', { when })}</p>
  ) : (
    <p className="quiet">{t('due', { when })}</p>
  );
}

interface FindingProps {
  readonly findings: readonly ('justified' | 'not-justified' | 'right' | 'wrong')[];
  /** What is judged; a look unless told. */
  readonly about?: 'entry';
  readonly name: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly act: (finding: string, words: string, done: () => void) => void;
}

/** A finding and the words that go with it, as the person will read them. */
export function Finding({ findings, about, name, pending, error, act }: FindingProps) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const [open, setOpen] = useState(false);
  const [finding, setFinding] = useState<(typeof findings)[number]>();
  const [words, setWords] = useState('');
  if (!open)
    return (
      <Button label={t('answerFor', { name })} look="link" onPress={() => setOpen(true)}>
        {t('answer')}
      </Button>
    );
  const missing = finding === undefined ? 'finding' : words.trim().length < 10 ? 'reason' : undefined;
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (finding !== undefined && missing === undefined)
          act(finding, words, () => announceDone(t('answered')));
      }}
    >
      <Choice
        label={t('findingLabel')}
        onChange={setFinding}
        options={findings.map((each) => ({
          value: each,
          label: t(
            about === 'entry' && (each === 'right' || each === 'wrong')
              ? `finding.entry.${each}`
              : `finding.${each}`,
          ),
        }))}
        value={finding}
      />
      <TextField label={t('findingWords')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      <Button
        busy={pending && t('answering')}
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('answerAct')}
      </Button>
    </form>
  );
}
