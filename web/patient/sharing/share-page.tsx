// Letting a clinician in without being asked: find them, say what, what for and how long, see the preview, share.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import { partsQuery, useMakeRule, useShare } from '../../api/sharing.ts';
import type { Clinician } from '../../api/sharing.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { PageTitle, Section } from '../../ui/section.tsx';
import { missingTerm, noTerms, TermsForm, termsOf } from '../../ui/terms-form.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { FindClinician } from './find-clinician.tsx';
import { Preview } from './preview.tsx';
import './sharing.css';

const WHEN = ['now', 'asked'] as const;

export function SharePage() {
  const { t } = useTranslation(['sharing', 'access']);
  const language = useLanguage();
  const problemWords = useProblemWords();
  const navigate = useNavigate();
  const isOwn = lookedAfter(useSignedIn()) === undefined;
  const { data: parts } = useQuery(partsQuery);
  const [clinician, setClinician] = useState<Clinician>();
  const [choice, setChoice] = useState(noTerms);
  const [when, setWhen] = useState<(typeof WHEN)[number]>('now');
  const [everybody, setEverybody] = useState(false);
  const whom = everybody ? (clinician?.organization ?? t('new.theirs')) : (clinician?.name ?? '');
  const share = useShare();
  const makeRule = useMakeRule();
  const terms = termsOf(choice);
  const missing =
    clinician === undefined
      ? 'who'
      : everybody && when === 'now' && choice.write
        ? 'noPen'
        : missingTerm(choice);
  return (
    <div className="sharing">
      <PageTitle lead={t('new.lead')}>{t('share')}</PageTitle>
      <Section title={t('new.who')}>
        <FindClinician onChosen={setClinician} value={clinician} />
      </Section>
      <Section title={t('new.terms')}>
        <TermsForm
          counts={new Map(parts?.map(({ category, open, sealed }) => [category, open + sealed]))}
          offersKnowing={isOwn && when === 'now'}
          onChange={setChoice}
          value={choice}
          voice="share"
        />
      </Section>
      <Section>
        <Choice
          label={t('new.when')}
          onChange={setWhen}
          options={WHEN.map((each) => ({
            value: each,
            label: t(`new.when.${each}`),
          }))}
          value={when}
        />
        {clinician === undefined ? null : (
          <Choice
            label={t('new.to')}
            onChange={(to) => setEverybody(to === 'everybody')}
            options={(['one', 'everybody'] as const).map((each) => ({
              value: each,
              label: t(`new.to.${each}`, {
                name: clinician.name,
                organization: clinician.organization ?? t('new.theirs'),
              }),
            }))}
            value={everybody ? 'everybody' : 'one'}
          />
        )}
      </Section>
      {choice.what === undefined ? null : (
        <Section>
          <Preview categories={choice.what === 'parts' ? choice.parts : undefined} sealed={choice.sealed} />
        </Section>
      )}
      {share.isError || makeRule.isError ? (
        <ErrorBand key={share.failureCount + makeRule.failureCount} title={t('new.failed')}>
          {problemWords(share.error ?? makeRule.error)}
        </ErrorBand>
      ) : null}
      <div className="sharing-act">
        <Button
          busy={(share.isPending || makeRule.isPending) && t('new.sharing')}
          look="primary"
          missing={
            missing === undefined
              ? undefined
              : missing === 'noPen'
                ? t('new.noPen')
                : t(`new.missing.${missing}`)
          }
          onPress={() => {
            if (terms === undefined || clinician === undefined) return;
            if (when !== 'now') {
              makeRule.mutate(
                { ...terms, to: clinician.id, everybody },
                {
                  onSuccess: () => {
                    announceDone(t('new.ruleMade'));
                    void navigate({ to: paths.sharing });
                  },
                },
              );
              return;
            }
            share.mutate(
              { ...terms, to: clinician.id, ...(everybody ? { everybody } : {}) },
              {
                onSuccess: ({ until }) => {
                  announceDone(t('sheet.allowed', { name: whom, when: formatDate(until, language) }));
                  void navigate({ to: paths.sharing });
                },
              },
            );
          }}
          wide
        >
          {clinician === undefined
            ? t('new.act')
            : t(when === 'now' ? 'new.actWith' : 'new.actRule', { name: whom })}
        </Button>
      </div>
    </div>
  );
}
