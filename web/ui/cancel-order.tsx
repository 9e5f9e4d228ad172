// That a test is not to be done any more, asked over the page with a reason: whoever has the order in hand reads it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorBand } from './band.tsx';
import { Button } from './button.tsx';
import { Sheet } from './sheet.tsx';
import { TextField } from './text-field.tsx';

export function CancelOrder(props: {
  readonly test: string;
  /** Who will read the reason. */
  readonly hint: string;
  readonly busy: boolean;
  readonly error?: string | undefined;
  readonly onCancel: (reason: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('results');
  const [reason, setReason] = useState('');
  const test = props.test === '' ? t('unnamed') : props.test;
  return (
    <Sheet onClose={props.onClose} open title={t('orders.cancelTitle', { test })}>
      <form
        className="stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim().length >= 3 && !props.busy) props.onCancel(reason.trim());
        }}
      >
        {props.error === undefined ? null : <ErrorBand>{props.error}</ErrorBand>}
        <TextField
          hint={props.hint}
          label={t('orders.cancelWhy')}
          lines={2}
          maxLength={500}
          onChange={setReason}
          value={reason}
        />
        <Button
          busy={props.busy && t('working')}
          look="danger"
          missing={reason.trim().length < 3 ? t('orders.cancelMissing') : undefined}
          type="submit"
        >
          {t('orders.cancelNow')}
        </Button>
      </form>
    </Sheet>
  );
}
