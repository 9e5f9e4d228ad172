// A laboratory's orders: new ones first, then what is in hand. Nobody's name: who it is, one order opened says.
import { useCallback, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readOrderCode, shownOrderCode } from '../../core/record/order-code.ts';
import { useProblemWords } from '../api/problem-words.ts';
import type { OrderGone, OrderListed } from '../api/results.ts';
import { useFindOrder, worklistQuery } from '../api/results.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { laboratoryOrder } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { ScanCode } from '../ui/scan-code.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import './laboratory.css';

type Listed = OrderListed | OrderGone;
const closed: readonly Listed['state'][] = ['signed', 'declined', 'cancelled', 'elsewhere'];
/** The server lists no more of each kind. */
const MOST = 100;

export function WorklistPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(worklistQuery);
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  const open = data.work.filter(({ state }) => !closed.includes(state));
  const done = data.work
    .filter(({ state }) => closed.includes(state))
    .toSorted((a, b) => changedAt(b).localeCompare(changedAt(a)));
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

const changedAt = (one: Listed): string => (one.state === 'elsewhere' ? one.leftAt : one.at);

/** Somebody stands there with a paper or a card. */
function FindOrder() {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const find = useFindOrder();
  const [code, setCode] = useState('');
  const [otherCode, setOtherCode] = useState(false);
  const search = find.mutate;
  const onRead = useCallback(
    (text: string) => {
      const number = readOrderCode(text);
      setOtherCode(number === undefined);
      if (number === undefined) return;
      setCode(shownOrderCode(number));
      search(number);
    },
    [search],
  );
  return (
    <>
      <form
        className="lab-find"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setOtherCode(false);
          if (code.trim() !== '' && !find.isPending) search(code.trim());
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
      <div className="lab-scan">
        <ScanCode onRead={onRead} />
      </div>
      {otherCode ? <ErrorBand>{t('lab.otherCode')}</ErrorBand> : null}
      {find.isError ? <ErrorBand>{problemWords(find.error)}</ErrorBand> : null}
      {find.data === undefined ? null : (
        <List none={t('lab.foundNone')} orders={find.data} title={t('lab.found')} />
      )}
    </>
  );
}

function List(props: { readonly title: string; readonly none: string; readonly orders: readonly Listed[] }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const rowWords = ({ code, last4, at }: OrderListed): string => {
    const row = t('lab.row', { last4, when: formatDateTime(at, language) });
    return code === null ? row : `${row}. ${shownOrderCode(code)}`;
  };
  const count = props.orders.length;
  const counted = count < MOST ? String(count) : t('lab.andMore', { count });
  return (
    <Section
      label={props.title}
      title={count === 0 ? props.title : t('lab.counted', { title: props.title, shown: counted })}
    >
      {props.orders.length === 0 ? <p className="quiet">{props.none}</p> : null}
      <Rows>
        {props.orders.map((one) =>
          one.state === 'elsewhere' ? (
            <li className="lab-over" key={one.id}>
              <span className="next-row-kind">
                {t('lab.wentElsewhere', { when: formatDateTime(one.leftAt, language) })}
              </span>
              <span className="next-row-title">
                {one.code === null
                  ? t('lab.unnumbered')
                  : t('lab.number', { code: shownOrderCode(one.code) })}
              </span>
              <span className="next-row-kind">
                {t('lab.hadCome', { when: formatDateTime(one.at, language) })}
              </span>
            </li>
          ) : one.opens === false ? (
            <li className="lab-over" key={one.id}>
              <span className="next-row-kind">{t(`lab.state.${one.state}`)}</span>
              <span className="next-row-title">{one.test === '' ? t('unnamed') : one.test}</span>
              <span className="next-row-kind">{rowWords(one)}</span>
            </li>
          ) : (
            <NextRow
              detail={rowWords(one)}
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
