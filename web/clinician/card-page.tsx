// Card and access code: for somebody who stands here without a phone. The card is scanned or its number typed, they say their code, and a
// colleague has to confirm it before anything is open.
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useShowCard } from '../api/clinic.ts';
import { clinicPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { ScanCode } from '../ui/scan-code.tsx';
import { PageTitle, Section } from '../ui/section.tsx';
import { missingTerm, noTerms, TermsForm, termsOf } from '../ui/terms-form.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

const LEAST_CODE = 6;

export function CardPage() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const [card, setCard] = useState('');
  const [code, setCode] = useState('');
  const [choice, setChoice] = useState({ ...noTerms, lasts: 'PT2H' as const });
  const show = useShowCard();
  const terms = termsOf(choice);
  const missing =
    card.trim() === ''
      ? 'card'
      : code.replace(/\D/g, '').length < LEAST_CODE
        ? 'accessCode'
        : missingTerm(choice);
  const closed = show.error instanceof ApiError && show.error.code === 'card-closed';
  return (
    <form
      className="clinic stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (terms === undefined || missing !== undefined) return;
        const { scope, purpose } = terms;
        show.mutate(
          { card: card.trim(), code, scope, purpose },
          { onSuccess: ({ id }) => void navigate({ to: clinicPaths.cardShown(id) }) },
        );
      }}
    >
      <PageTitle lead={t('card.lead')}>{t('card.title')}</PageTitle>
      <Section title={t('card.cardTitle')}>
        <div className="stack">
          <ScanCode onRead={setCard} />
          <TextField
            autoCapitalize="none"
            autoComplete="off"
            hint={t('card.hint')}
            label={t('card.label')}
            maxLength={300}
            onChange={setCard}
            spellCheck={false}
            value={card}
          />
          <TextField
            autoComplete="off"
            error={closed ? problem(show.error) : undefined}
            hint={t('card.codeHint')}
            inputMode="numeric"
            label={t('card.code')}
            maxLength={24}
            onChange={setCode}
            value={code}
          />
        </div>
      </Section>
      <TermsForm
        halfHour
        onChange={(changed) => setChoice({ ...changed, lasts: 'PT2H' })}
        value={choice}
        voice="ask"
      />
      {show.isError && !closed ? (
        <ErrorBand key={show.failureCount} title={t('card.failed')}>
          {problem(show.error)}
        </ErrorBand>
      ) : null}
      <Button
        busy={show.isPending && t('card.checking')}
        look="primary"
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('card.act')}
      </Button>
    </form>
  );
}
