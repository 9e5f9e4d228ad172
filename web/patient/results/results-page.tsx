// A person's results: of each test the newest report, with range and meaning, and what came before behind one tap; found by words, and every
// report reached; what is kept back by their own choice; and that choice.
import { useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { useProblemWords } from '../../api/problem-words.ts';
import { reportsQuery } from '../../api/record.ts';
import type { Waiting } from '../../api/results.ts';
import { waitingQuery } from '../../api/results.ts';
import { meQuery, shownPerson } from '../../api/session.ts';
import { formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ReleaseChoice } from './release-choice.tsx';
import type { ReportGroup } from './report-groups.ts';
import { isFoundBy, reportGroups } from './report-groups.ts';
import { GroupSection } from './report-sections.tsx';
import './results.css';

/** At first, and then three times as many, up to what one answer of the server holds. More are in the timeline. */
const AT_FIRST = 40;
const AT_MOST = 500;
/** Fewer are seen at a glance. */
const JUMP_FROM = 3;

export function ResultsPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data: me } = useQuery(meQuery);
  const patientId = me == null ? '' : shownPerson(me).id;
  const [most, setMost] = useState(AT_FIRST);
  const [words, setWords] = useState('');
  // First what is due: a result whose time has come is then in the record that is read.
  const waiting = useQuery(waitingQuery);
  const record = useQuery({
    ...reportsQuery(patientId, most),
    enabled: waiting.data !== undefined && patientId !== '',
    placeholderData: keepPreviousData,
  });
  const error = waiting.error ?? record.error;
  const all = (record.data ?? []) as unknown as readonly (DiagnosticReport | Observation)[];
  const groups = reportGroups(all);
  const count = groups.reduce((sum, { reports }) => sum + reports.length, 0);
  const found = words.trim() === '' ? groups : groups.flatMap((group) => foundIn(group, words));
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
      {record.data !== undefined && count === 0 ? <p className="quiet">{t('mine.none')}</p> : null}
      {count < JUMP_FROM ? null : (
        <div className="results-find">
          <TextField
            autoComplete="off"
            label={t('mine.search')}
            maxLength={100}
            onChange={setWords}
            optional
            value={words}
          />
          <Jump groups={found} />
        </div>
      )}
      {words.trim() === '' ? null : (
        <p className="quiet" role="status">
          {t('mine.found', { count: found.reduce((sum, { reports }) => sum + reports.length, 0) })}
        </p>
      )}
      {found.map((group) => (
        <GroupSection allOpen={words.trim() !== ''} group={group} id={idOf(found, group)} key={group.key} />
      ))}
      {count < most ? null : most < AT_MOST ? (
        <Button
          busy={record.isPlaceholderData && t('working')}
          onPress={() => setMost(Math.min(AT_MOST, most * 3))}
        >
          {t('mine.older')}
        </Button>
      ) : (
        <p>
          <a href={paths.timeline}>{t('mine.rest', { count })}</a>
        </p>
      )}
      <ReleaseChoice />
    </>
  );
}

/** Of a group what is found, which is then its own newest. */
function foundIn(group: ReportGroup, words: string): ReportGroup[] {
  const [first, ...more] = group.reports.filter((one) => isFoundBy(one, words));
  return first === undefined ? [] : [{ ...group, reports: [first, ...more] }];
}

const idOf = (groups: readonly ReportGroup[], { key }: ReportGroup): string =>
  `test-${groups.findIndex((one) => one.key === key) + 1}`;

function Jump({ groups }: { readonly groups: readonly ReportGroup[] }) {
  const { t } = useTranslation('results');
  if (groups.length < JUMP_FROM) return null;
  return (
    <nav aria-label={t('mine.jump')} className="results-jump">
      <ul>
        {groups.map((group) => (
          <li key={group.key}>
            <a href={`#${idOf(groups, group)}`}>
              {t('mine.jumpTo', {
                title: group.title === '' ? t('unnamed') : group.title,
                count: group.reports.length,
              })}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

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
