// The front desk: somebody without a phone gets a record, a card and a sheet with a code; and who has not taken their record over yet.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import type { Enrolled, Enrolment } from '../api/desk.ts';
import { cardSheet, enrolmentsQuery, useNewClaimCode } from '../api/desk.ts';
import { comingQuery } from '../api/handovers.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDate, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { witnessPath } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ComingIn } from '../ui/coming-in.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { ClaimSheet } from './claim-sheet.tsx';
import { EnrolForm } from './enrol-form.tsx';
import './desk.css';

export function DeskPage() {
  const { t } = useTranslation('desk');
  const [made, setMade] = useState<Enrolled>();
  const { data: coming = [] } = useQuery(comingQuery);
  return (
    <div className="desk">
      <PageTitle
        action={
          <LinkButton href={witnessPath} icon="eye">
            {t('witness.title')}
          </LinkButton>
        }
        lead={t('lead')}
      >
        {t('title')}
      </PageTitle>
      <ComingIn coming={coming} />
      {made === undefined ? (
        <Section note={t('enrol.note')} title={t('enrol.title')}>
          <EnrolForm onMade={setMade} />
        </Section>
      ) : (
        <Section title={t('made.title')}>
          <ClaimSheet claim={made} name={made.name ?? undefined} uhid={made.uhid} />
          <div className="row desk-acts">
            <LinkButton href={cardSheet(made.id)} icon="print" look="primary" newTab>
              {t('made.card')}
            </LinkButton>
            <Button icon="print" onPress={() => window.print()}>
              {t('made.print')}
            </Button>
            <Button onPress={() => setMade(undefined)}>{t('made.next')}</Button>
          </div>
        </Section>
      )}
      <div className="desk-list">
        <Waiting />
      </div>
    </div>
  );
}

function Waiting() {
  const { t } = useTranslation(['desk', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(enrolmentsQuery);
  return (
    <Section note={t('waiting.note')} title={t('waiting.title')}>
      {error === null ? null : <ErrorBand>{deskOnly(error) ? t('notYours') : problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data?.length === 0 ? <p className="quiet">{t('waiting.none')}</p> : null}
      <ul className="rows">
        {data?.map((one) => (
          <WaitingRow key={one.id} one={one} />
        ))}
      </ul>
    </Section>
  );
}

const deskOnly = (error: Error): boolean => error instanceof ApiError && error.code === 'desk-only';

function WaitingRow({ one }: { readonly one: Enrolment }) {
  const { t } = useTranslation('desk');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const renew = useNewClaimCode();
  const uhid = formatUhid(one.uhid);
  return (
    <li className="desk-row">
      <div className="desk-who">
        <p className="desk-uhid">{uhid}</p>
        <p className="quiet small">
          {t('waiting.when', { when: formatDate(one.enrolledAt, language) })}
          {one.claimUntil === null
            ? ''
            : ` ${t('waiting.until', { when: formatDate(one.claimUntil, language) })}`}
        </p>
        {one.printable ? null : <p className="quiet small">{t('waiting.grew')}</p>}
        {renew.error === null ? null : <ErrorBand>{problemWords(renew.error)}</ErrorBand>}
        {renew.data === undefined ? null : (
          <>
            <ClaimSheet claim={renew.data} uhid={one.uhid} />
            <Button icon="print" label={t('made.printOf', { uhid })} onPress={() => window.print()}>
              {t('made.print')}
            </Button>
          </>
        )}
      </div>
      {one.printable ? (
        <Button
          busy={renew.isPending && t('working')}
          label={t('waiting.renewOf', { uhid })}
          onPress={() => renew.mutate(one.id)}
        >
          {t('waiting.renew')}
        </Button>
      ) : null}
    </li>
  );
}
