// Measures over time: choose one and a period, see it drawn, or as a table. What is drawn is what the record says, gaps and all.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Series } from '../../../core/record/series.ts';
import { pointText, seriesOf, timeOf } from '../../../core/record/series.ts';
import { exactNumber } from '../../../core/record/shown-number.ts';
import { actingFor } from '../../api/acting.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { measuredQuery } from '../../api/record.ts';
import { meQuery, shownPerson } from '../../api/session.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { formPaths, paths, timelineEntryPath } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Choice, SelectField } from '../../ui/choice.tsx';
import { SourceLine } from '../../ui/fact-row.tsx';
import { FlagWords, isFlag } from '../../ui/result-rows.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import type { Author } from '../../ui/source.ts';
import { TrendChart } from './trend-chart.tsx';
import './trends.css';

const periods = ['month', 'year', 'five', 'all'] as const;
type Period = (typeof periods)[number];
const days: Readonly<Record<Exclude<Period, 'all'>, number>> = { month: 31, year: 366, five: 1827 };

export function TrendsPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { data: me } = useQuery(meQuery);
  const patientId = me == null ? '' : shownPerson(me).id;
  const { data, error } = useQuery({ ...measuredQuery(patientId), enabled: patientId !== '' });
  const [chosen, setChosen] = useState<string>();
  const [period, setPeriod] = useState<Period>('all');
  const [openedAt] = useState(() => Date.now());
  const [table, setTable] = useState<'chart' | 'table'>('chart');
  const all = data === undefined ? [] : seriesOf(data);
  const shown = all.find(({ key }) => key === chosen) ?? all[0];
  return (
    <>
      <PageTitle
        action={
          <LinkButton href={paths.doses} icon="pencil">
            {t('trends.add')}
          </LinkButton>
        }
      >
        {t('trends.title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data !== undefined && shown === undefined ? (
        <>
          <p>{t('trends.none')}</p>
          <LinkButton href={formPaths.list()}>{t('trends.forms')}</LinkButton>
        </>
      ) : null}
      {shown === undefined ? null : (
        <>
          <div className="trend-choices">
            <SelectField
              label={t('trends.measure')}
              onChange={setChosen}
              options={all.map((one) => ({
                value: one.key,
                label: t('trends.option', { title: one.title, count: one.points.length }),
              }))}
              value={shown.key}
            />
            <Choice
              label={t('trends.period')}
              onChange={setPeriod}
              options={periods.map((value) => ({ value, label: t(`trends.periods.${value}`) }))}
              side
              value={period}
            />
            <Choice
              label={t('trends.as')}
              onChange={setTable}
              options={[
                { value: 'chart', label: t('trends.asChart') },
                { value: 'table', label: t('trends.asTable') },
              ]}
              side
              value={table}
            />
          </div>
          <Shown nowMs={openedAt} period={period} series={shown} table={table === 'table'} />
        </>
      )}
    </>
  );
}

function Shown({
  series,
  period,
  table,
  nowMs,
}: {
  readonly series: Series;
  readonly period: Period;
  readonly nowMs: number;
  readonly table: boolean;
}) {
  const { t } = useTranslation('results');
  const from = period === 'all' ? Number.NEGATIVE_INFINITY : nowMs - days[period] * 86_400_000;
  const points = series.points.filter(({ at }) => timeOf(at) >= from);
  const last = points.at(-1);
  const title = series.unit === '' ? series.title : `${series.title} (${series.unit})`;
  return (
    <Section title={title}>
      {last === undefined ? <p className="quiet">{t('trends.nonePeriod')}</p> : null}
      {last === undefined ? null : table ? (
        <Table points={points} title={title} />
      ) : (
        <TrendChart points={points} series={series} />
      )}
      {last === undefined ? null : (
        <SourceLine
          source={{
            author: last.by as Author,
            ...(last.who === undefined ? {} : { who: last.who }),
            on: last.at,
            mine: last.by === 'patient' && actingFor() === undefined,
          }}
        />
      )}
    </Section>
  );
}

function Table({ points, title }: { readonly points: Series['points']; readonly title: string }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  return (
    <div className="trend-table">
      <table>
        <caption className="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('trends.day')}</th>
            <th scope="col">{t('trends.value')}</th>
            <th scope="col">{t('trends.meaning')}</th>
            <th scope="col">{t('trends.by')}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <a href={timelineEntryPath({ type: 'Observation', id: one.id })}>
                  {formatDate(one.at.slice(0, 10), language)}
                </a>
              </th>
              <td title={one.lower === undefined ? exactNumber(one.value) : undefined}>{pointText(one)}</td>
              <td>{isFlag(one.flag) ? <FlagWords flag={one.flag} /> : t('flag.none')}</td>
              <td>
                {one.by === 'patient' || one.by === 'guardian'
                  ? t('trends.self')
                  : (one.who ?? t('trends.checked'))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
