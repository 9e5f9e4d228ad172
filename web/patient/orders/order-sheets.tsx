// Where an order goes, and that it goes nowhere: each asked over the page, with what follows from it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LaboratoryPlace, PersonsOrder } from '../../api/orders.ts';
import { useCancelOrder, useLaboratories, useSendOrder } from '../../api/orders.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { CancelOrder } from '../../ui/cancel-order.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';

interface SheetOf {
  readonly order: PersonsOrder;
  readonly onClose: () => void;
}

export function SendSheet({ order, onClose }: SheetOf) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const send = useSendOrder(order.id);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<LaboratoryPlace>();
  const found = useLaboratories(typed);
  const test = order.test === '' ? t('unnamed') : order.test;
  return (
    <Sheet onClose={onClose} open title={t('orders.sendTitle', { test })}>
      <form
        className="stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen !== undefined && !send.isPending) send.mutate(chosen.id, { onSuccess: onClose });
        }}
      >
        {send.isError ? <ErrorBand>{problemWords(send.error)}</ErrorBand> : null}
        <TextField
          autoComplete="off"
          label={t('orders.search')}
          maxLength={200}
          onChange={(words) => {
            setTyped(words);
            setChosen(undefined);
          }}
          optional
          value={typed}
        />
        {found.length === 0 ? (
          <p className="quiet">{t('orders.noLaboratory')}</p>
        ) : (
          <Choice
            label={t('orders.laboratory')}
            onChange={(id) => setChosen(found.find((one) => one.id === id))}
            options={found.map(({ id, name, kinds }) => ({
              value: id,
              label: name,
              hint: kinds.map((kind) => t(`orders.kind.${kind}`)).join(', '),
            }))}
            value={chosen?.id}
          />
        )}
        <p className="quiet">{t('orders.sees')}</p>
        <Button
          busy={send.isPending && t('working')}
          look="primary"
          missing={chosen === undefined ? t('orders.laboratoryMissing') : undefined}
          type="submit"
        >
          {chosen === undefined ? t('orders.send') : t('orders.sendTo', { name: chosen.name })}
        </Button>
      </form>
    </Sheet>
  );
}

export function CancelSheet({ order, onClose }: SheetOf) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const cancel = useCancelOrder(order.id);
  return (
    <CancelOrder
      busy={cancel.isPending}
      error={cancel.isError ? problemWords(cancel.error) : undefined}
      hint={t('orders.cancelHint')}
      onCancel={(reason) => cancel.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
      test={order.test}
    />
  );
}
