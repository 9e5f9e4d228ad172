// What an organisation answers for and what auditors see: emergencies to review, looks that are questioned, counts without names.
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
import { Loading, PageTitle, Rows, Section } from '../ui/section.tsx';
import { Due, Finding } from './finding.tsx';
import { CorrectionsHandedOn } from './oversight-corrections.tsx';
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
          {work.judges ? <CorrectionsHandedOn /> : null}
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
