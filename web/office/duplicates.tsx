// Likely duplicates, two records to join, and what was proposed, joined and parted.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Merge } from '../api/merges.ts';
import {
  mergesAtWorkQuery,
  useAnswerMerge,
  useFindDuplicates,
  useProposeMerge,
  useUndoMerge,
} from '../api/merges.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Rows, Section } from '../ui/section.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useOfficeProblem } from './problem.ts';

interface Numbers {
  readonly survivor: string;
  readonly merged: string;
}

export function Duplicates() {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const find = useFindDuplicates();
  const [numbers, setNumbers] = useState<Numbers>({ survivor: '', merged: '' });
  return (
    <>
      <Section note={t('duplicates.note')} title={t('duplicates.title')}>
        {find.isError ? <ErrorBand key={find.failureCount}>{problem(find.error)}</ErrorBand> : null}
        {find.data?.length === 0 ? <p>{t('duplicates.none')}</p> : null}
        <Rows>
          {find.data?.map(({ enrolled, other, grade }) => (
            <li className="stack" key={`${enrolled}${other}`}>
              <p>{t(`duplicates.pair.${grade}`, { one: enrolled, other })}</p>
              <Button look="link" onPress={() => setNumbers({ survivor: other, merged: enrolled })}>
                {t('duplicates.use')}
                <span className="visually-hidden">
                  : {enrolled} {other}
                </span>
              </Button>
            </li>
          ))}
        </Rows>
        <Button busy={find.isPending && t('duplicates.busy')} onPress={() => find.mutate()}>
          {t('duplicates.act')}
        </Button>
      </Section>
      <Propose numbers={numbers} onNumbers={setNumbers} />
      <Merges />
    </>
  );
}

interface ProposeProps {
  readonly numbers: Numbers;
  readonly onNumbers: (numbers: Numbers) => void;
}

function Propose({ numbers, onNumbers }: ProposeProps) {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const [reason, setReason] = useState('');
  const propose = useProposeMerge();
  const { survivor, merged } = numbers;
  const ready = survivor.trim() !== '' && merged.trim() !== '' && Array.from(reason.trim()).length >= 10;
  return (
    <Section note={t('merge.note')} title={t('merge.title')}>
      <form
        className="stack-wide"
        onSubmit={(event) => {
          event.preventDefault();
          const onSuccess = () => {
            onNumbers({ survivor: '', merged: '' });
            setReason('');
            announceDone(t('merge.done'));
          };
          propose.mutate({ survivor, merged, reason }, { onSuccess });
        }}
      >
        <TextField
          label={t('merge.survivor')}
          maxLength={40}
          onChange={(value) => onNumbers({ ...numbers, survivor: value })}
          value={survivor}
        />
        <TextField
          label={t('merge.merged')}
          maxLength={40}
          onChange={(value) => onNumbers({ ...numbers, merged: value })}
          value={merged}
        />
        <TextField label={t('merge.reason')} lines={3} maxLength={1000} onChange={setReason} value={reason} />
        {propose.isError ? <ErrorBand key={propose.failureCount}>{problem(propose.error)}</ErrorBand> : null}
        <Button
          busy={propose.isPending && t('amend.busy')}
          look="primary"
          missing={ready ? undefined : t('merge.missing')}
          type="submit"
        >
          {t('merge.act')}
        </Button>
      </form>
    </Section>
  );
}

function Merges() {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const { data, error } = useQuery(mergesAtWorkQuery);
  return (
    <Section title={t('merge.list')}>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.length === 0 ? <p className="quiet">{t('merge.none')}</p> : null}
      <Rows>
        {data?.map((one) => (
          <MergeRow key={one.id} one={one} />
        ))}
      </Rows>
    </Section>
  );
}

function MergeRow({ one }: { readonly one: Merge }) {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const answer = useAnswerMerge();
  const [parting, setParting] = useState(false);
  const { id, state, waitsFor } = one;
  const pair = t('merge.pair', { merged: one.merged, survivor: one.survivor });
  const named = <span className="visually-hidden">: {pair}</span>;
  const who = (['officer', 'survivor', 'merged'] as const)
    .filter((each) => waitsFor[each])
    .map((each) => t(`merge.waits.${each}`))
    .join(', ');
  return (
    <li className="stack">
      <h3>{pair}</h3>
      <p>{one.reason}</p>
      <p className="quiet">{t(`merge.state.${state}`, { who })}</p>
      {answer.isError ? <ErrorBand key={answer.failureCount}>{problem(answer.error)}</ErrorBand> : null}
      {state === 'proposed' && one.maySecond === true ? (
        <Button onPress={() => answer.mutate({ id, how: 'second' })}>
          {t('merge.second')}
          {named}
        </Button>
      ) : null}
      {state === 'proposed' ? (
        <Button look="link" onPress={() => answer.mutate({ id, how: 'refuse' })}>
          {t('merge.refuse')}
          {named}
        </Button>
      ) : null}
      {state === 'merged' ? (
        <Button look="link" onPress={() => setParting(true)}>
          {t('merge.undo')}
          {named}
        </Button>
      ) : null}
      <Sheet onClose={() => setParting(false)} open={parting} title={t('merge.undo')}>
        <PartForm id={id} onDone={() => setParting(false)} />
      </Sheet>
    </li>
  );
}

function PartForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation('office');
  const problem = useOfficeProblem();
  const [reason, setReason] = useState('');
  const [move, setMove] = useState('');
  const undo = useUndoMerge();
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        const entries = move.split(/\s+/).filter((entry) => entry !== '');
        undo.mutate({ id, reason, move: entries }, { onSuccess: onDone });
      }}
    >
      <p>{t('merge.undoText')}</p>
      <TextField label={t('merge.reason')} lines={3} maxLength={1000} onChange={setReason} value={reason} />
      <TextField
        hint={t('merge.moveHint')}
        label={t('merge.move')}
        lines={3}
        maxLength={5000}
        onChange={setMove}
        optional
        value={move}
      />
      {undo.isError ? <ErrorBand key={undo.failureCount}>{problem(undo.error)}</ErrorBand> : null}
      <Button
        busy={undo.isPending && t('amend.busy')}
        look="primary"
        missing={Array.from(reason.trim()).length < 10 ? t('missingWords') : undefined}
        type="submit"
        wide
      >
        {t('merge.undo')}
      </Button>
    </form>
  );
}
