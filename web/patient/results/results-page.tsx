// A person's results: what came, newest first, with range and meaning; what is kept back by their own choice; and that choice.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import type { JsonObject } from '../../../core/fhir/types.ts';
import { readSource } from '../../../core/record/read-source.ts';
import { recordIndex } from '../../../core/record/record-index.ts';
import { actingFor } from '../../api/acting.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { reportsQuery } from '../../api/record.ts';
import type { Waiting } from '../../api/results.ts';
import { waitingQuery } from '../../api/results.ts';
import { meQuery, shownPerson } from '../../api/session.ts';
import { formatDate, formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths, timelineEntryPath } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { SourceLine } from '../../ui/fact-row.tsx';
import { ResultRows } from '../../ui/result-rows.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import './results.css';
import { ReleaseChoice } from './release-choice.tsx';

/** More are in the timeline. */
const MOST = 30;

export function ResultsPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data: me } = useQuery(meQuery);
  const patientId = me == null ? '' : shownPerson(me).id;
  // First what is due: a result whose time has come is then in the record that is read.
  const waiting = useQuery(waitingQuery);
  const record = useQuery({
    ...reportsQuery(patientId, MOST),
    enabled: waiting.data !== undefined && patientId !== '',
  });
  const error = waiting.error ?? record.error;
  const all = (record.data ?? []) as unknown as readonly (DiagnosticReport | Observation)[];
  const reports = all
    .filter((one) => one.resourceType === 'DiagnosticReport')
    .toSorted((a, b) => dayOf(b).localeCompare(dayOf(a)));
  return (
    <>
      <PageTitle
        action={
          <div className="row">
            <LinkButton href={paths.orders}>{t('orders.title')}</LinkButton>
            <LinkButton href={paths.trends} icon="flask">
              {t('trends.title')}
            </LinkButton>
          </div>
        }
      >
        {t('mine.title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {waiting.data === undefined || waiting.data.length === 0 ? null : <Kept waiting={waiting.data} />}
      {record.data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {record.data !== undefined && reports.length === 0 ? <p className="quiet">{t('mine.none')}</p> : null}
      {reports.map((report) => (
        <Report all={all} key={report.id} report={report} />
      ))}
      <ReleaseChoice />
    </>
  );
}

const dayOf = (report: DiagnosticReport): string => report.effectiveDateTime ?? report.issued ?? '';

function Kept({ waiting }: { readonly waiting: readonly Waiting[] }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  return (
    <Section note={t('mine.keptNote')} title={t('mine.kept')}>
      {waiting.map((one) => (
        <Band
          key={`${one.test} ${one.signedAt}`}
          tone="info"
          title={one.test === '' ? t('unnamed') : one.test}
        >
          {t(one.rule === 'after-seen' ? 'mine.keptSeen' : 'mine.keptDays', {
            laboratory: one.laboratory,
            when: formatDateTime(one.until, language),
          })}
        </Band>
      ))}
    </Section>
  );
}

function Report({
  report,
  all,
}: {
  readonly report: DiagnosticReport;
  readonly all: readonly (DiagnosticReport | Observation)[];
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const named = new Set((report.result ?? []).map(({ reference }) => reference));
  const values = all.filter(
    (one): one is Observation => one.resourceType === 'Observation' && named.has(`Observation/${one.id}`),
  );
  const title = report.code?.text ?? report.code?.coding?.[0]?.display ?? t('unnamed');
  const on = dayOf(report);
  const said = readSource(recordIndex([report]), report as unknown as JsonObject);
  return (
    <Section
      action={
        <a
          aria-label={t('mine.versionsOf', {
            test: title,
            when: on === '' ? '' : formatDate(on.slice(0, 10), language),
          })}
          className="results-versions"
          href={timelineEntryPath({ type: 'DiagnosticReport', id: report.id ?? '' })}
        >
          {t('mine.versions')}
        </a>
      }
      label={on === '' ? undefined : `${title}, ${formatDate(on.slice(0, 10), language)}`}
      title={title}
    >
      <ResultRows resources={[...values, report]} />
      <SourceLine
        source={{
          author: said.kind,
          ...(said.who === undefined ? {} : { who: said.who }),
          ...(on === '' ? {} : { on }),
          mine: said.kind === 'patient' && actingFor() === undefined,
        }}
      />
    </Section>
  );
}
