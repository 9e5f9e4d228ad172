// An organisation says that one person has two records: whoever speaks for one of them says yes or no, and parts them again when it was wrong.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { actingFor } from '../../api/acting.ts';
import type { Merge } from '../../api/merges.ts';
import { ownMergesQuery, useAnswerMerge, useUndoMerge } from '../../api/merges.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { PageTitle, Rows } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';

export function JoinedPage() {
  const { t } = useTranslation('office');
  const problem = useProblemWords();
  const { data, error } = useQuery(ownMergesQuery);
  return (
    <>
      <PageTitle lead={t('merge.own.lead')}>{t('merge.own.title')}</PageTitle>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.length === 0 ? <p className="quiet">{t('merge.own.none')}</p> : null}
      <Rows>
        {data?.map((one) => (
          <OneMerge key={one.id} one={one} />
        ))}
      </Rows>
    </>
  );
}

function OneMerge({ one }: { readonly one: Merge }) {
  const { t } = useTranslation('office');
  const problem = useProblemWords();
  const answer = useAnswerMerge(actingFor());
  const [parting, setParting] = useState(false);
  const { survivor, merged, state, stays, agreed, reason } = one;
  const organization = one.organization ?? '';
  const pair = t('merge.pair', { merged, survivor });
  return (
    <li className="stack">
      <h2>{t(stays === true ? 'merge.own.stays' : 'merge.own.goes', { organization, merged, survivor })}</h2>
      <p>{t('merge.own.reason', { reason })}</p>
      <p>{t(stays === true ? 'merge.own.opens' : 'merge.own.gives', { survivor })}</p>
      {answer.isError ? <ErrorBand key={answer.failureCount}>{problem(answer.error)}</ErrorBand> : null}
      {state === 'proposed' ? (
        <div className="stack">
          {agreed === true ? (
            <p className="quiet">{t('merge.own.agreed')}</p>
          ) : (
            <Button look="primary" onPress={() => answer.mutate({ id: one.id, how: 'agree' })}>
              {t('merge.own.agree')}
              <span className="visually-hidden">: {pair}</span>
            </Button>
          )}
          <Button onPress={() => answer.mutate({ id: one.id, how: 'refuse' })}>
            {t('merge.own.refuse')}
            <span className="visually-hidden">: {pair}</span>
          </Button>
        </div>
      ) : (
        <p className="quiet">{t(`merge.state.${state}`)}</p>
      )}
      {state === 'merged' ? (
        <Button look="link" onPress={() => setParting(true)}>
          {t('merge.undo')}
          <span className="visually-hidden">: {pair}</span>
        </Button>
      ) : null}
      <Sheet onClose={() => setParting(false)} open={parting} title={t('merge.undo')}>
        <PartForm id={one.id} onDone={() => setParting(false)} />
      </Sheet>
    </li>
  );
}

function PartForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { t } = useTranslation('office');
  const problem = useProblemWords();
  const [reason, setReason] = useState('');
  const undo = useUndoMerge(actingFor());
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        undo.mutate({ id, reason }, { onSuccess: onDone });
      }}
    >
      <p>{t('merge.undoText')}</p>
      <TextField label={t('merge.reason')} lines={3} maxLength={1000} onChange={setReason} value={reason} />
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
