// Tests that were ordered: where each goes, by its person's choice, how far it is, and the number to show at a counter.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PersonsOrder } from '../../api/orders.ts';
import { orderPaperHref, ordersQuery } from '../../api/orders.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths, timelineEntryPath } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { OrderRow, isOver, useOrderName } from '../../ui/order-row.tsx';
import { Loading, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { CancelSheet, SendSheet } from './order-sheets.tsx';

/** As many as go on one paper. */
const MOST_ON_PAPER = 12;

export function OrdersPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const language = useLanguage();
  const { data, error } = useQuery(ordersQuery);
  const [asked, setAsked] = useState<{ readonly act: 'send' | 'cancel'; readonly order: PersonsOrder }>();
  const close = (): void => setAsked(undefined);
  const list = (orders: readonly PersonsOrder[]) => (
    <Rows>
      {orders.map((order) => (
        <OwnOrder key={order.id} onAsk={(act) => setAsked({ act, order })} order={order} />
      ))}
    </Rows>
  );
  const open = (data ?? []).filter((one) => !isOver(one));
  const done = (data ?? []).filter(isOver);
  const onPaper = open.slice(0, MOST_ON_PAPER).map(({ id }) => id);
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
        <Section
          action={
            onPaper.length < 2 ? undefined : (
              <LinkButton href={orderPaperHref(onPaper, language)} icon="print" look="link" newTab>
                {t('orders.allPaper', { count: onPaper.length })}
              </LinkButton>
            )
          }
          title={t('orders.open')}
        >
          {open.length === 0 ? <p className="quiet">{t('orders.none')}</p> : list(open)}
        </Section>
      )}
      {done.length === 0 ? null : <Section title={t('orders.over')}>{list(done)}</Section>}
      {asked?.act === 'send' ? <SendSheet onClose={close} order={asked.order} /> : null}
      {asked?.act === 'cancel' ? <CancelSheet onClose={close} order={asked.order} /> : null}
    </>
  );
}

function OwnOrder(props: { readonly order: PersonsOrder; readonly onAsk: (act: 'send' | 'cancel') => void }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { order } = props;
  const named = useOrderName()(order);
  return (
    <OrderRow href={timelineEntryPath({ type: 'ServiceRequest', id: order.id })} order={order}>
      {isOver(order) ? null : (
        <div className="row">
          {order.maySend ? (
            <Button
              label={t(order.laboratory === null ? 'orders.chooseOf' : 'orders.elsewhereOf', { named })}
              onPress={() => props.onAsk('send')}
            >
              {t(order.laboratory === null ? 'orders.choose' : 'orders.elsewhere')}
            </Button>
          ) : null}
          <LinkButton
            href={orderPaperHref([order.id], language)}
            label={t('orders.paperOf', { named })}
            look="link"
            newTab
          >
            {t('orders.paper')}
          </LinkButton>
          {order.mayCancel ? (
            <Button label={t('orders.cancelOf', { named })} look="link" onPress={() => props.onAsk('cancel')}>
              {t('orders.cancel')}
            </Button>
          ) : null}
        </div>
      )}
    </OrderRow>
  );
}
