// Asking a person to be let in: their health ID, what, what for and how long.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAsk, workQuery } from '../api/clinic.ts';
import { clinicPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Tick } from '../ui/choice.tsx';
import { PageTitle } from '../ui/section.tsx';
import { missingTerm, noTerms, TermsForm, termsOf } from '../ui/terms-form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

export function AskPage() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const [patient, setPatient] = useState('');
  const [choice, setChoice] = useState(noTerms);
  const [everybody, setEverybody] = useState(false);
  const { data: work } = useQuery(workQuery);
  const organization = work?.clinician?.organization;
  const ask = useAsk();
  const terms = termsOf(choice);
  const missing = patient.replace(/\D/g, '').length < 14 ? 'uhid' : missingTerm(choice);
  return (
    <form
      className="clinic stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (terms === undefined) return;
        ask.mutate(
          { ...terms, patient, ...(everybody ? { everybody } : {}) },
          { onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }) },
        );
      }}
    >
      <PageTitle lead={t('ask.lead')}>{t('ask.title')}</PageTitle>
      <TextField
        autoComplete="off"
        hint={t('uhidHint')}
        inputMode="numeric"
        label={t('uhid')}
        maxLength={24}
        onChange={setPatient}
        value={patient}
      />
      <TermsForm onChange={setChoice} value={choice} voice="ask" />
      {organization == null ? null : (
        <Tick
          checked={everybody}
          hint={t('ask.everybodyHint')}
          label={t('ask.everybody', { organization })}
          onChange={setEverybody}
        />
      )}
      {ask.isError ? (
        <ErrorBand key={ask.failureCount} title={t('ask.failed')}>
          {problem(ask.error)}
        </ErrorBand>
      ) : null}
      <Button
        busy={ask.isPending && t('ask.asking')}
        look="primary"
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('ask.act')}
      </Button>
    </form>
  );
}
