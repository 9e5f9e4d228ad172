// Tests that were ordered: where each goes, by its person's choice, how far it is, and the number to show at a counter.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { shownOrderCode } from '../../../core/record/order-code.ts';
import type { OrderStep, PersonsOrder } from '../../api/orders.ts';
import { ordersQuery } from '../../api/orders.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths, timelineEntryPath } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { CancelSheet, SendSheet } from './order-sheets.tsx';
import './orders.css';

const over: readonly OrderStep[] = ['done', 'cancelled'];
const begun: readonly OrderStep[] = ['sampled', ...over];

export function OrdersPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(ordersQuery);
  const [asked, setAsked] = useState<{ readonly act: 'send' | 'cancel'; readonly order: PersonsOrder }>();
  const close = (): void => setAsked(undefined);
  const list = (orders: readonly PersonsOrder[]) => (
    <Rows>
      {orders.map((order) => (
        <OrderRow key={order.id} onAsk={(act) => setAsked({ act, order })} order={order} />
      ))}
    </Rows>
  );
  const open = (data ?? []).filter(({ step }) => !over.includes(step));
  const done = (data ?? []).filter(({ step }) => over.includes(step));
  return (
    <>
      <PageTitle
        action={
          <LinkButton href={paths.results} icon="flask">
            {t('mine.title')}
          </LinkButton>
        }
        lead={t('orders.lead')}
      >
        {t('orders.title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <Section title={t('orders.open')}>
          {open.length === 0 ? <p className="quiet">{t('orders.none')}</p> : list(open)}
        </Section>
      )}
      {done.length === 0 ? null : <Section title={t('orders.over')}>{list(done)}</Section>}
      {asked?.act === 'send' ? <SendSheet onClose={close} order={asked.order} /> : null}
      {asked?.act === 'cancel' ? <CancelSheet onClose={close} order={asked.order} /> : null}
    </>
  );
}

function OrderRow(props: { readonly order: PersonsOrder; readonly onAsk: (act: 'send' | 'cancel') => void }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { order } = props;
  const test = order.test === '' ? t('unnamed') : order.test;
  const code = order.code === null ? '' : shownOrderCode(order.code);
  const laboratory = order.laboratory?.name ?? t('orders.aLaboratory');
  const when = order.orderedAt === null ? '' : formatDate(order.orderedAt.slice(0, 10), language);
  // Two orders of one test are told apart by those who hear their buttons.
  const named = [test, code, when].filter((part) => part !== '').join(', ');
  return (
    <li className="order-row">
      <div className="order-words">
        <a className="order-test" href={timelineEntryPath({ type: 'ServiceRequest', id: order.id })}>
          {test}
        </a>
        <span>{t(`orders.step.${order.step}`, { laboratory })}</span>
        {order.reason === undefined ? null : <span>{t('orders.reason', { reason: order.reason })}</span>}
        <span className="quiet">
          {order.by === null ? when : t('orders.by', { name: order.by, when })}
          {code === '' || over.includes(order.step) ? null : (
            <>
              {'. '}
              {t('orders.code')} <strong className="order-code">{code}</strong>
            </>
          )}
        </span>
      </div>
      {begun.includes(order.step) ? null : (
        <div className="row">
          <Button
            label={t(order.laboratory === null ? 'orders.chooseOf' : 'orders.elsewhereOf', { named })}
            onPress={() => props.onAsk('send')}
          >
            {t(order.laboratory === null ? 'orders.choose' : 'orders.elsewhere')}
          </Button>
          <Button label={t('orders.cancelOf', { named })} look="link" onPress={() => props.onAsk('cancel')}>
            {t('orders.cancel')}
          </Button>
        </div>
      )}
    </li>
  );
}
