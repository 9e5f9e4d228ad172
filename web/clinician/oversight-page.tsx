// What an organisation answers for and what auditors see: emergencies to review, looks that are questioned, counts without names.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  casesAtWorkQuery,
  glassCountsQuery,
  reviewsAtWorkQuery,
  useAnswerCase,
  useReview,
  workQuery,
} from '../api/clinic.ts';
import type { Dispute, GlassReview } from '../api/sharing.ts';
import { formatDate, formatDateTime, formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { Loading, PageTitle, Rows, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

export function OversightPage() {
  const { t } = useTranslation(['clinic', 'common']);
  const { data: work } = useQuery(workQuery);
  return (
    <div className="clinic">
      <PageTitle lead={t('oversight.lead')}>{t('oversight.title')}</PageTitle>
      {work === undefined ? <Loading>{t('common:loading')}</Loading> : null}
      {work !== undefined && !work.answers && !work.audits ? (
        <Band tone="info">{t('oversight.notYours')}</Band>
      ) : null}
      {work?.answers === true ? (
        <>
          <Reviews />
          <Cases />
        </>
      ) : null}
      {work?.audits === true ? <Counts /> : null}
    </div>
  );
}

function Reviews() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const { data, error } = useQuery(reviewsAtWorkQuery);
  return (
    <Section note={t('reviews.note')} title={t('reviews.title')}>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.length === 0 ? <p className="quiet">{t('reviews.none')}</p> : null}
      <Rows>
        {data?.map((review) => (
          <ReviewRow key={review.id} review={review} />
        ))}
      </Rows>
    </Section>
  );
}

function ReviewRow({ review }: { readonly review: GlassReview }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const act = useReview();
  return (
    <li className="stack">
      <h3>
        {t('reviews.what', { name: review.clinician, when: formatDateTime(review.openedAt, language) })}
      </h3>
      <p>{t('reviews.reason', { reason: review.reason })}</p>
      {review.personAnswer === null ? null : <p>{t(`reviews.person.${review.personAnswer}`)}</p>}
      {review.finding === null ? (
        <>
          <Due at={review.dueAt} overdue={review.overdue} />
          <Finding
            act={(finding, words, done) => act.mutate({ id: review.id, finding, words }, { onSuccess: done })}
            error={act.error}
            findings={['justified', 'not-justified']}
            name={review.clinician}
            pending={act.isPending}
          />
        </>
      ) : (
        <p>
          {t(`finding.${review.finding}`)}. {review.words}
        </p>
      )}
    </li>
  );
}

function Due({ at, overdue }: { readonly at: string; readonly overdue: boolean }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const when = formatDateTime(at, language);
  return overdue ? (
    <p className="clinic-overdue">{t('overdue', { when })}</p>
  ) : (
    <p className="quiet">{t('due', { when })}</p>
  );
}

function Cases() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const { data, error } = useQuery(casesAtWorkQuery);
  return (
    <Section note={t('cases.note')} title={t('cases.title')}>
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.length === 0 ? <p className="quiet">{t('cases.none')}</p> : null}
      <Rows>
        {data?.map((dispute) => (
          <CaseRow dispute={dispute} key={dispute.id} />
        ))}
      </Rows>
    </Section>
  );
}

function CaseRow({ dispute }: { readonly dispute: Dispute }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const act = useAnswerCase();
  return (
    <li className="stack">
      <h3>{t('cases.what', { name: dispute.looker, when: formatDate(dispute.openedAt, language) })}</h3>
      <p>{t('cases.words', { words: dispute.words })}</p>
      {dispute.escalation === null ? null : <p>{t('cases.escalated', { words: dispute.escalation })}</p>}
      {dispute.state === 'open' || dispute.state === 'escalated' ? (
        <>
          <Due at={dispute.dueAt} overdue={dispute.overdue} />
          <Finding
            act={(finding, words, done) =>
              act.mutate({ id: dispute.id, finding, words }, { onSuccess: done })
            }
            error={act.error}
            findings={['right', 'wrong']}
            name={dispute.looker}
            pending={act.isPending}
          />
        </>
      ) : (
        <p>
          {t(`finding.${dispute.finalFinding ?? dispute.finding ?? 'right'}`)}.{' '}
          {dispute.finalAnswer ?? dispute.answer}
        </p>
      )}
    </li>
  );
}

interface FindingProps {
  readonly findings: readonly ('justified' | 'not-justified' | 'right' | 'wrong')[];
  readonly name: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly act: (finding: string, words: string, done: () => void) => void;
}

/** A finding and the words that go with it, as the person will read them. */
function Finding({ findings, name, pending, error, act }: FindingProps) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const [open, setOpen] = useState(false);
  const [finding, setFinding] = useState<(typeof findings)[number]>();
  const [words, setWords] = useState('');
  if (!open)
    return (
      <Button label={t('answerFor', { name })} look="link" onPress={() => setOpen(true)}>
        {t('answer')}
      </Button>
    );
  const missing = finding === undefined ? 'finding' : words.trim().length < 10 ? 'reason' : undefined;
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (finding !== undefined && missing === undefined)
          act(finding, words, () => announceDone(t('answered')));
      }}
    >
      <Choice
        label={t('findingLabel')}
        onChange={setFinding}
        options={findings.map((each) => ({ value: each, label: t(`finding.${each}`) }))}
        value={finding}
      />
      <TextField label={t('findingWords')} lines={3} maxLength={1000} onChange={setWords} value={words} />
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      <Button
        busy={pending && t('answering')}
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
      >
        {t('answerAct')}
      </Button>
    </form>
  );
}

function Counts() {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const language = useLanguage();
  const { data, error } = useQuery(glassCountsQuery);
  return (
    <Section
      note={data === undefined ? undefined : t('counts.note', { when: formatDate(data.since, language) })}
      title={t('counts.title')}
    >
      {error === null ? null : <ErrorBand>{problem(error)}</ErrorBand>}
      {data?.organizations.length === 0 ? <p className="quiet">{t('counts.none')}</p> : null}
      <Rows>
        {data?.organizations.map((one) => (
          <li key={one.organizationId}>
            <h3>{one.organization ?? one.organizationId}</h3>
            <dl className="clinic-counts">
              {(['broken', 'reviewed', 'overdue', 'notJustified', 'questioned'] as const).map((count) => (
                <div key={count}>
                  <dt>{t(`counts.${count}`)}</dt>
                  <dd>{formatNumber(one[count])}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </Rows>
    </Section>
  );
}
