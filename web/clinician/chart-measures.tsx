// What was measured, gathered by measure: the newest value with its reading, what it was before, the line of it, and all values on demand.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../core/fhir/types.ts';
import type { Series, SeriesPoint } from '../../core/record/series.ts';
import { pointText } from '../../core/record/series.ts';
import { formatDate, NBSP } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { FactRow } from '../ui/fact-row.tsx';
import { FlagWords, isFlag } from '../ui/result-rows.tsx';
import { SmallTrend } from '../ui/small-trend.tsx';
import type { FactSource } from '../ui/source.ts';

const BEFORE = 3;
/** More at once make the page stand still. */
const MOST_VALUES = 200;
const SAID = 12;

/** Number and unit as one word. */
export const measured = (point: SeriesPoint, { unit }: Pick<Series, 'unit'>): string =>
  `${pointText(point)} ${unit}`.trim().replaceAll(' ', NBSP);

export interface MeasureProps {
  readonly series: Series;
  /** What else is to be said of one value, by the id of its Observation. */
  readonly notes: (id: string) => readonly string[];
  readonly source: (point: SeriesPoint) => FactSource;
}

export function Measure({ series, notes, source }: MeasureProps) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const [all, setAll] = useState(false);
  const { points, title } = series;
  const last = points.at(-1);
  if (last === undefined) return null;
  const when = (one: SeriesPoint): string => formatDate(one.at.slice(0, 10), language);
  const before = points.slice(-1 - BEFORE, -1).toReversed();
  const range =
    last.low !== undefined && last.high !== undefined
      ? t('measure.range', { low: last.low, high: last.high })
      : last.high !== undefined
        ? t('measure.upTo', { high: last.high })
        : last.low !== undefined
          ? t('measure.from', { low: last.low })
          : undefined;
  return (
    <FactRow
      actions={
        <SmallTrend
          label={`${title}: ${points
            .slice(-SAID)
            .map((one) => `${measured(one, series)} (${when(one)})`)
            .join(', ')}`}
          points={points}
        />
      }
      detail={
        <>
          {range === undefined && points.length < 2 ? null : (
            <p className="chart-detail">
              {before.length === 0
                ? null
                : t('measure.before', {
                    values: before
                      .map((one) => `${measured(one, { unit: '' })} (${when(one).replaceAll(' ', NBSP)})`)
                      .join(', '),
                  })}
              {before.length === 0 || range === undefined ? null : ' · '}
              {range}{' '}
              {points.length < 2 ? null : (
                <Button
                  expanded={all}
                  label={t(all ? 'measure.lessOf' : 'measure.allOf', { count: points.length, title })}
                  look="link"
                  onPress={() => setAll(!all)}
                >
                  {t(all ? 'measure.less' : 'measure.all', { count: points.length })}
                </Button>
              )}
            </p>
          )}
          {notes(last.id).map((note) => (
            <p key={note}>{note}</p>
          ))}
          {all ? <Values notes={notes} series={series} source={source} /> : null}
        </>
      }
      source={source(last)}
      value={
        <>
          {title} <MeasuredValue of={last} series={series} />
        </>
      }
    />
  );
}

/** The value, and its reading where it is not as usual. */
export function MeasuredValue({ of, series }: { readonly of: SeriesPoint; readonly series: Series }) {
  return (
    <span className="chart-value">
      {measured(of, series)} {isFlag(of.flag) && of.flag !== 'N' ? <FlagWords flag={of.flag} /> : null}
    </span>
  );
}

function Values({ series, notes, source }: MeasureProps) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const newest = series.points.toReversed().slice(0, MOST_VALUES);
  return (
    <div className="chart-values">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('measure.day')}</th>
            <th scope="col">{t('measure.value')}</th>
            <th scope="col">{t('measure.by')}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map((one) => (
            <tr key={one.id}>
              <td>{formatDate(one.at.slice(0, 10), language)}</td>
              <td>
                <MeasuredValue of={one} series={series} />
              </td>
              <td>
                {[source(one).who ?? t(`measure.by.${source(one).author}`), ...notes(one.id)].join('. ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {newest.length === series.points.length ? null : (
        <p className="quiet small">{t('measure.newest', { count: MOST_VALUES })}</p>
      )}
    </div>
  );
}

/** Newest first: what was measured lately is what is looked for. */
export const lately = (a: Series, b: Series): number =>
  (b.points.at(-1)?.at ?? '').localeCompare(a.points.at(-1)?.at ?? '') || (a.title < b.title ? -1 : 1);

/** Which Observations a line stands for. */
export const idsIn = (all: readonly Series[]): ReadonlySet<string> =>
  new Set(all.flatMap(({ points }) => points.map(({ id }) => id)));

/** Reports of which each value stands among the measures say nothing more. */
export function isSaid(report: Resource, said: ReadonlySet<string>): boolean {
  const { result, conclusion, presentedForm, status } = report as {
    readonly status?: string;
    readonly result?: readonly { readonly reference?: string }[];
    readonly conclusion?: string;
    readonly presentedForm?: readonly unknown[];
  };
  return (
    report.resourceType === 'DiagnosticReport' &&
    status === 'final' &&
    conclusion === undefined &&
    presentedForm === undefined &&
    result !== undefined &&
    result.length > 0 &&
    result.every(({ reference = '' }) => said.has(reference.split('/')[1] ?? ''))
  );
}
