// Asking a doctor: find them, say what it is about, and offer what they would see with their yes, or nothing yet.
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAskDoctor } from '../../api/doctors.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import type { Clinician } from '../../api/sharing.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { PageTitle, Section } from '../../ui/section.tsx';
import { missingTerm, noTerms, TermsForm, termsOf } from '../../ui/terms-form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { FindClinician } from './find-clinician.tsx';
import './sharing.css';

const LEAST_WORDS = 10;
const OFFERS = ['nothing', 'something'] as const;

export function AskDoctorPage() {
  const { t } = useTranslation('sharing');
  const problemWords = useProblemWords();
  const navigate = useNavigate();
  const isOwn = lookedAfter(useSignedIn()) === undefined;
  const [clinician, setClinician] = useState<Clinician>();
  const [words, setWords] = useState('');
  const [offers, setOffers] = useState<(typeof OFFERS)[number]>();
  const [choice, setChoice] = useState(noTerms);
  const ask = useAskDoctor();
  const terms = offers === 'something' ? termsOf(choice) : undefined;
  const missing = missingWords();
  const name = clinician?.name ?? '';

  function missingWords(): string | undefined {
    if (clinician === undefined) return t('new.missing.who');
    if (Array.from(words.trim()).length < LEAST_WORDS) return t('doctor.missing.words');
    if (offers === undefined) return t('doctor.missing.offer');
    const term = offers === 'something' ? missingTerm(choice) : undefined;
    return term === undefined ? undefined : t(`new.missing.${term}`);
  }

  return (
    <div className="sharing">
      <PageTitle lead={t('doctor.lead')}>{t('doctor.title')}</PageTitle>
      <Section title={t('new.who')}>
        <FindClinician onChosen={setClinician} value={clinician} />
      </Section>
      <Section>
        <div className="stack-wide">
          <TextField
            hint={t('doctor.wordsHint')}
            label={t('doctor.words')}
            lines={3}
            maxLength={1000}
            onChange={setWords}
            value={words}
          />
          <Choice
            label={t('doctor.offer')}
            onChange={setOffers}
            options={OFFERS.map((each) => ({ value: each, label: t(`doctor.offer.${each}`) }))}
            side
            value={offers}
          />
          {offers === 'something' ? (
            <TermsForm offersKnowing={isOwn} onChange={setChoice} value={choice} voice="share" />
          ) : null}
        </div>
      </Section>
      {ask.isError ? (
        <ErrorBand key={ask.failureCount} title={t('doctor.failed')}>
          {problemWords(ask.error)}
        </ErrorBand>
      ) : null}
      <div className="sharing-act">
        <Button
          busy={ask.isPending && t('doctor.asking')}
          look="primary"
          missing={missing}
          onPress={() => {
            if (clinician === undefined || missing !== undefined) return;
            ask.mutate(
              { to: clinician.id, words, ...(terms === undefined ? {} : { offer: terms }) },
              {
                onSuccess: () => {
                  announceDone(t('doctor.asked', { name }));
                  void navigate({ to: paths.sharing });
                },
              },
            );
          }}
          wide
        >
          {clinician === undefined ? t('doctor.act') : t('doctor.actWho', { name })}
        </Button>
      </div>
    </div>
  );
}
