// A laboratory's orders: new ones first, then what is in hand. Nobody's name: who it is, one order opened says.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../api/problem-words.ts';
import type { OrderListed } from '../api/results.ts';
import { useFindOrder, worklistQuery } from '../api/results.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { laboratoryOrder } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import './laboratory.css';

const closed: readonly OrderListed['state'][] = ['signed', 'declined', 'cancelled'];

export function WorklistPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(worklistQuery);
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  const open = data.work.filter(({ state }) => !closed.includes(state));
  const done = data.work.filter(({ state }) => closed.includes(state));
  return (
    <>
      <PageTitle lead={data.laboratories.map(({ name }) => name ?? '').join(', ')}>
        {t('lab.title')}
      </PageTitle>
      <FindOrder />
      <List none={t('lab.noneNew')} orders={data.fresh} title={t('lab.new')} />
      <List none={t('lab.noneOpen')} orders={open} title={t('lab.open')} />
      {done.length === 0 ? null : <List none="" orders={done} title={t('lab.done')} />}
    </>
  );
}

/** Somebody stands there with a paper or a card. */
function FindOrder() {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const find = useFindOrder();
  const [code, setCode] = useState('');
  return (
    <>
      <form
        className="lab-find"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (code.trim() !== '' && !find.isPending) find.mutate(code.trim());
        }}
      >
        <TextField
          autoCapitalize="none"
          autoComplete="off"
          hint={t('lab.findHint')}
          label={t('lab.findLabel')}
          maxLength={40}
          onChange={setCode}
          value={code}
        />
        <Button
          busy={find.isPending && t('working')}
          missing={code.trim() === '' ? t('lab.findMissing') : undefined}
          type="submit"
        >
          {t('lab.findAct')}
        </Button>
      </form>
      {find.isError ? <ErrorBand>{problemWords(find.error)}</ErrorBand> : null}
      {find.data === undefined ? null : (
        <List none={t('lab.foundNone')} orders={find.data} title={t('lab.found')} />
      )}
    </>
  );
}

function List(props: {
  readonly title: string;
  readonly none: string;
  readonly orders: readonly OrderListed[];
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  return (
    <Section title={props.title}>
      {props.orders.length === 0 ? <p className="quiet">{props.none}</p> : null}
      <Rows>
        {props.orders.map((one) =>
          one.opens === false ? (
            <li className="lab-over" key={one.id}>
              <span className="next-row-kind">{t(`lab.state.${one.state}`)}</span>
              <span className="next-row-title">{one.test === '' ? t('unnamed') : one.test}</span>
              <span className="next-row-kind">
                {t('lab.row', { last4: one.last4, when: formatDateTime(one.at, language) })}
              </span>
            </li>
          ) : (
            <NextRow
              detail={t('lab.row', { last4: one.last4, when: formatDateTime(one.at, language) })}
              href={laboratoryOrder(one.id)}
              icon={one.priority === 'stat' || one.priority === 'urgent' ? 'octagon' : 'flask'}
              key={one.id}
              kind={[
                t(`lab.state.${one.state}`),
                ...(one.priority === 'routine' ? [] : [t('lab.urgent')]),
                ...(one.corrects === true && one.state === 'entered' ? [t('lab.correcting')] : []),
              ].join(', ')}
              title={one.test === '' ? t('unnamed') : one.test}
            />
          ),
        )}
      </Rows>
    </Section>
  );
}
