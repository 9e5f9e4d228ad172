// Breaking the glass: the reason first, what it does in words, and one button that says so.
import { useState } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useBreakGlass } from '../api/clinic.ts';
import { clinicPaths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { PageTitle } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

const LEAST_REASON = 10;

export function EmergencyPage() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const { person, ends } = useSearch({ strict: false });
  const [typed, setPatient] = useState('');
  const patient = person ?? typed;
  const [reason, setReason] = useState('');
  const open = useBreakGlass();
  const missing =
    person === undefined && typed.replace(/\D/g, '').length < 14
      ? 'uhid'
      : Array.from(reason.trim()).length < LEAST_REASON
        ? 'reason'
        : undefined;
  return (
    <form
      className="clinic stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        open.mutate(
          { patient, reason },
          { onSuccess: (opened) => void navigate({ to: clinicPaths.patient(opened.patient) }) },
        );
      }}
    >
      <PageTitle>{t('emergency.title')}</PageTitle>
      <Band tone="danger" title={t('emergency.what')}>
        <ul className="clinic-list">
          <li>{t('emergency.told')}</li>
          <li>{t('emergency.logged')}</li>
          <li>{t('emergency.hour')}</li>
          <li>{t('emergency.review')}</li>
        </ul>
      </Band>
      {person === undefined ? (
        <TextField
          autoComplete="off"
          hint={t('uhidHint')}
          inputMode="numeric"
          label={t('uhid')}
          maxLength={24}
          onChange={setPatient}
          value={typed}
        />
      ) : (
        <p>{t('emergency.coming', { last4: ends ?? '' })}</p>
      )}
      <TextField
        hint={t('emergency.reasonHint')}
        label={t('emergency.reason')}
        lines={3}
        maxLength={500}
        onChange={setReason}
        value={reason}
      />
      {open.isError ? (
        <ErrorBand key={open.failureCount} title={t('emergency.failed')}>
          {problem(open.error)}
        </ErrorBand>
      ) : null}
      <Button
        busy={open.isPending && t('emergency.opening')}
        look="danger"
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('emergency.act')}
      </Button>
    </form>
  );
}
