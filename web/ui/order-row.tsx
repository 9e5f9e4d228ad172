// One test that was ordered, as its person, clinicians and guardians read it: what, how far, by whom, and the number for a counter.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shownOrderCode } from '../../core/record/order-code.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import './order-row.css';

export type ShownStep = 'open' | 'sent' | 'accepted' | 'declined' | 'sampled' | 'done' | 'cancelled';

export interface ShownOrder {
  readonly id: string;
  readonly test: string;
  readonly code: string | null;
  readonly orderedAt: string | null;
  readonly by: string | null;
  readonly laboratory: { readonly name: string } | null;
  readonly step: ShownStep;
  readonly reason?: string;
}

const over: readonly ShownStep[] = ['done', 'cancelled'];
/** Done or cancelled: nothing is to be done any more. */
export const isOver = ({ step }: Pick<ShownOrder, 'step'>): boolean => over.includes(step);

/** By which a button of one order is told from those of others: two of one test have two numbers. */
export function useOrderName(): (order: ShownOrder) => string {
  const { t } = useTranslation('results');
  const language = useLanguage();
  return ({ test, code, orderedAt }) =>
    [
      test === '' ? t('unnamed') : test,
      code === null ? '' : shownOrderCode(code),
      orderedAt === null ? '' : formatDate(orderedAt.slice(0, 10), language),
    ]
      .filter((part) => part !== '')
      .join(', ');
}

export function OrderRow(props: {
  readonly order: ShownOrder;
  /** Where the order itself is read. */
  readonly href?: string | undefined;
  /** Its buttons. */
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { order, href } = props;
  const test = order.test === '' ? t('unnamed') : order.test;
  const code = order.code === null ? '' : shownOrderCode(order.code);
  const laboratory = order.laboratory?.name ?? t('orders.aLaboratory');
  const when = order.orderedAt === null ? '' : formatDate(order.orderedAt.slice(0, 10), language);
  return (
    <li className="order-row">
      <div className="order-words">
        {href === undefined ? (
          <strong>{test}</strong>
        ) : (
          <a className="order-test" href={href}>
            {test}
          </a>
        )}
        <span>{t(`orders.step.${order.step}`, { laboratory })}</span>
        {order.reason === undefined ? null : <span>{t('orders.reason', { reason: order.reason })}</span>}
        <span className="quiet">
          {order.by === null ? when : t('orders.by', { name: order.by, when })}
          {code === '' || isOver(order) ? null : (
            <>
              {'. '}
              {t('orders.code')} <strong className="order-code">{code}</strong>
            </>
          )}
        </span>
      </div>
      {props.children}
    </li>
  );
}
