// Results that wait for a clinician: critical ones first, each with its deadline; opened, acknowledged, handed over.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../api/problem-words.ts';
import type { Task } from '../api/results.ts';
import { taskQuery, tasksQuery, useAcknowledge } from '../api/results.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { ResultRows } from '../ui/result-rows.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { HandOver } from './hand-over.tsx';
import './clinic.css';

export function ResultsPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(tasksQuery);
  const [done, setDone] = useState<string>();
  return (
    <div className="clinic">
      <PageTitle lead={t('task.lead')}>{t('task.title')}</PageTitle>
      {done === undefined ? null : (
        <Band announce tone="ok">
          {t('task.done', { test: done })}
        </Band>
      )}
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data?.length === 0 ? <p className="quiet">{t('task.none')}</p> : null}
      {data?.map((one) => (
        <TaskRow key={one.id} onDone={() => setDone(one.test ?? '')} task={one} />
      ))}
    </div>
  );
}

function TaskRow({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const test = task.test === undefined || task.test === '' ? t('unnamed') : task.test;
  const name = task.patient?.name ?? t('task.somebody');
  const due = formatDateTime(task.dueAt, language);
  return (
    <Section title={`${test}: ${name}`}>
      {task.critical ? (
        <Band tone="danger" title={t('task.critical')}>
          {t(task.overdue ? 'task.wasDue' : 'task.due', { when: due })}
        </Band>
      ) : (
        <p>{t(task.overdue ? 'task.wasDue' : 'task.due', { when: due })}</p>
      )}
      <p className="quiet task-from">
        {[
          t('task.from', { laboratory: task.laboratory, when: formatDateTime(task.signedAt, language) }),
          ...(task.corrects ? [t('task.corrects')] : []),
          ...(task.kept ? [t('task.kept')] : []),
          ...(task.turn === 'organization' ? [t('task.passedOn')] : []),
          ...(task.turn === 'administrator' ? [t('task.administrator')] : []),
        ].join(' ')}
      </p>
      {task.turn === 'administrator' ? (
        <HandOver id={task.id} />
      ) : open ? (
        <Opened id={task.id} onDone={onDone} />
      ) : (
        <Button label={t('task.openOf', { test, name })} onPress={() => setOpen(true)}>
          {t('task.open')}
        </Button>
      )}
    </Section>
  );
}

function Opened({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(taskQuery(id));
  const acknowledge = useAcknowledge(id);
  const [words, setWords] = useState('');
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return (
    <div className="stack-wide">
      <ResultRows resources={data.resources} />
      <TextField
        hint={t('task.wordsHint')}
        label={t('task.words')}
        lines={2}
        maxLength={1000}
        onChange={setWords}
        optional
        value={words}
      />
      {acknowledge.isError ? <ErrorBand>{problemWords(acknowledge.error)}</ErrorBand> : null}
      <Button
        busy={acknowledge.isPending && t('working')}
        look="primary"
        onPress={() => acknowledge.mutate(words.trim(), { onSuccess: onDone })}
      >
        {t('task.acknowledge')}
      </Button>
      <HandOver id={id} />
    </div>
  );
}
