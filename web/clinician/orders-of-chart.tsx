// Tests that were ordered for somebody: how far each is, the paper to hand out, and calling off what one ordered oneself, with a reason.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PersonsOrder } from '../api/orders.ts';
import { orderPaperHref, ordersOf, useCancelOrder } from '../api/orders.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { CancelOrder } from '../ui/cancel-order.tsx';
import { OrderRow, isOver, useOrderName } from '../ui/order-row.tsx';
import { Rows, Section } from '../ui/section.tsx';

const MOST_ON_PAPER = 12;

/** Of one visit when it is named. Whoever may not see orders, and where there are none, reads nothing of them. */
export function OrdersOfChart({ patientId, visit }: { readonly patientId: string; readonly visit?: string }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { data = [] } = useQuery(ordersOf(patientId));
  const [asked, setAsked] = useState<PersonsOrder>();
  const all = visit === undefined ? data : data.filter((one) => one.visit === visit);
  const open = all.filter((one) => !isOver(one));
  const past = all.filter(isOver);
  if (all.length === 0) return null;
  const list = (orders: readonly PersonsOrder[]) => (
    <Rows>
      {orders.map((order) => (
        <Row key={order.id} onCancel={() => setAsked(order)} order={order} patientId={patientId} />
      ))}
    </Rows>
  );
  const onPaper = open.slice(0, MOST_ON_PAPER).map(({ id }) => id);
  return (
    <Section
      action={
        onPaper.length < 2 ? undefined : (
          <LinkButton href={orderPaperHref(onPaper, language, patientId)} icon="print" look="link" newTab>
            {t('orders.allPaper', { count: onPaper.length })}
          </LinkButton>
        )
      }
      title={t('orders.title')}
    >
      {open.length === 0 ? <p className="quiet">{t('orders.none')}</p> : list(open)}
      {past.length === 0 ? null : (
        <details className="orders-past">
          <summary>{t('orders.past', { count: past.length })}</summary>
          {list(past)}
        </details>
      )}
      {asked === undefined ? null : (
        <CancelSheet onClose={() => setAsked(undefined)} order={asked} patientId={patientId} />
      )}
    </Section>
  );
}

function Row(props: {
  readonly order: PersonsOrder;
  readonly patientId: string;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const named = useOrderName()(props.order);
  const { order } = props;
  return (
    <OrderRow order={order}>
      {isOver(order) ? null : (
        <div className="row">
          <LinkButton
            href={orderPaperHref([order.id], language, props.patientId)}
            label={t('orders.paperOf', { named })}
            look="link"
            newTab
          >
            {t('orders.paper')}
          </LinkButton>
          {order.mayCancel ? (
            <Button label={t('orders.cancelOf', { named })} look="link" onPress={props.onCancel}>
              {t('orders.cancel')}
            </Button>
          ) : null}
        </div>
      )}
    </OrderRow>
  );
}

function CancelSheet(props: {
  readonly order: PersonsOrder;
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const cancel = useCancelOrder(props.order.id, props.patientId);
  return (
    <CancelOrder
      busy={cancel.isPending}
      error={cancel.isError ? problemWords(cancel.error) : undefined}
      hint={t('orders.cancelHintClinic')}
      onCancel={(reason) => cancel.mutate(reason, { onSuccess: props.onClose })}
      onClose={props.onClose}
      test={props.order.test}
    />
  );
}
