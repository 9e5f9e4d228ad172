// An entry that says something wrong: whoever wrote it is asked to put it right, and what became of that stands here.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Correction } from '../../api/corrections.ts';
import {
  correctionsQuery,
  useAskCorrection,
  useDisagree,
  useHandOnCorrection,
} from '../../api/corrections.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Rows, Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';

const LEAST_WORDS = 10;
const isShort = (words: string): boolean => Array.from(words.trim()).length < LEAST_WORDS;

/** @param by author tag of the version that stands: what one wrote oneself, one changes. */
export function PutRight({ entry, by }: { readonly entry: string; readonly by: string }) {
  const { t } = useTranslation('timeline');
  const problemWords = useProblemWords();
  const { data: cases, error } = useQuery(correctionsQuery(entry));
  const [asking, setAsking] = useState(false);
  const ownWords = by === 'patient' || by === 'guardian';
  const waits = cases?.some(({ state }) => state === 'open' || state === 'escalated') === true;
  if (ownWords && (cases === undefined || cases.length === 0)) return null;
  return (
    <Section title={t('right.title')}>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      <Rows>
        {cases?.map((one) => (
          <Case key={one.id} one={one} />
        ))}
      </Rows>
      {ownWords || waits ? null : (
        <>
          <p>{t('right.text')}</p>
          <Button onPress={() => setAsking(true)}>{t('right.act')}</Button>
        </>
      )}
      <Sheet onClose={() => setAsking(false)} open={asking} title={t('right.sheet')}>
        <AskForm entry={entry} onDone={() => setAsking(false)} />
      </Sheet>
    </Section>
  );
}

function Case({ one }: { readonly one: Correction }) {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  const [said, setSaid] = useState<'disagree' | 'handOn'>();
  const disagree = useDisagree();
  const handOn = useHandOnCorrection();
  const { state, overdue, organization, dueAt, correctedVersion, disagreement } = one;
  return (
    <li className="stack">
      <p>{t('right.asked', { when: formatDate(one.openedAt, language), words: one.words })}</p>
      <p>{t('right.wishedLine', { words: one.wished })}</p>
      <p className="quiet">
        {t(`right.state.${state === 'open' && overdue ? 'overdue' : state}`, {
          name: organization ?? t('right.nobody'),
          when: formatDate(dueAt, language),
          version: correctedVersion ?? one.version,
          words: one.answer ?? '',
        })}
      </p>
      {disagreement === null ? null : <p>{t('right.disagreed', { words: disagreement })}</p>}
      {state === 'refused' && disagreement === null ? (
        <Button look="link" onPress={() => setSaid('disagree')}>
          {t('right.disagree')}
        </Button>
      ) : null}
      {one.mayHandOn ? (
        <Button look="link" onPress={() => setSaid('handOn')}>
          {t('right.handOn')}
        </Button>
      ) : null}
      <Sheet
        onClose={() => setSaid(undefined)}
        open={said !== undefined}
        title={t(said === 'handOn' ? 'right.handOn' : 'right.disagreeSheet')}
      >
        <WordsForm
          act={said === 'handOn' ? handOn : disagree}
          id={one.id}
          lead={t(said === 'handOn' ? 'right.handOnText' : 'right.disagreeText')}
          onDone={() => setSaid(undefined)}
        />
      </Sheet>
    </li>
  );
}

interface WordsFormProps {
  readonly id: string;
  readonly lead: string;
  readonly act: ReturnType<typeof useDisagree>;
  readonly onDone: () => void;
}

function WordsForm({ id, lead, act, onDone }: WordsFormProps) {
  const { t } = useTranslation('timeline');
  const problemWords = useProblemWords();
  const [words, setWords] = useState('');
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        const onSuccess = () => {
          onDone();
          announceDone(t('right.sent'));
        };
        act.mutate({ id, words }, { onSuccess });
      }}
    >
      <p>{lead}</p>
      <TextField
        label={t('right.disagreeWords')}
        lines={3}
        maxLength={1000}
        onChange={setWords}
        value={words}
      />
      {act.isError ? <ErrorBand key={act.failureCount}>{problemWords(act.error)}</ErrorBand> : null}
      <Button
        busy={act.isPending && t('right.sending')}
        look="primary"
        missing={isShort(words) ? t('right.missingOne') : undefined}
        type="submit"
        wide
      >
        {t('right.send')}
      </Button>
    </form>
  );
}

function AskForm({ entry, onDone }: { readonly entry: string; readonly onDone: () => void }) {
  const { t } = useTranslation('timeline');
  const problemWords = useProblemWords();
  const [words, setWords] = useState('');
  const [wished, setWished] = useState('');
  const ask = useAskCorrection();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        const onSuccess = () => {
          onDone();
          announceDone(t('right.sent'));
        };
        ask.mutate({ entry, words, wished }, { onSuccess });
      }}
    >
      <TextField label={t('right.words')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      <TextField label={t('right.wished')} lines={3} maxLength={1000} onChange={setWished} value={wished} />
      {ask.isError ? <ErrorBand key={ask.failureCount}>{problemWords(ask.error)}</ErrorBand> : null}
      <Button
        busy={ask.isPending && t('right.sending')}
        look="primary"
        missing={isShort(words) || isShort(wished) ? t('right.missing') : undefined}
        type="submit"
        wide
      >
        {t('right.send')}
      </Button>
    </form>
  );
}
