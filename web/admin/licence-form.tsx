// A licence as it stands on paper: number, authority, last day. What is written counts when somebody else has looked.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WrittenLicence } from '../api/places.ts';
import { Button } from '../ui/button.tsx';
import { DateField } from '../ui/date-field.tsx';
import { TextField } from '../ui/text-field.tsx';

interface LicenceFormProps {
  readonly busy: boolean;
  readonly onWritten: (licence: WrittenLicence) => void;
}

export function LicenceForm({ busy, onWritten }: LicenceFormProps) {
  const { t } = useTranslation('places');
  const [number, setNumber] = useState('');
  const [authority, setAuthority] = useState('');
  const [until, setUntil] = useState('');
  const missing =
    number.trim() === ''
      ? 'number'
      : authority.trim() === ''
        ? 'authority'
        : until === ''
          ? 'until'
          : undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined) onWritten({ number, authority, until });
      }}
    >
      <h3>{t('licence.title')}</h3>
      <p className="quiet small">{t('licence.note')}</p>
      <TextField label={t('licence.number')} onChange={setNumber} value={number} />
      <TextField label={t('licence.authority')} onChange={setAuthority} value={authority} />
      <DateField
        allowFuture
        label={t('licence.until')}
        onChange={(reading) => setUntil(reading.kind === 'date' ? reading.value : '')}
      />
      <Button
        busy={busy && t('working')}
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('licence.write')}
      </Button>
    </form>
  );
}
