// One measure drawn: band of the range, points joined within one source, hollow diamonds outside. The picture says its values in words;
// each point can be reached by keyboard and says its own.
import { useEffect, useId, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { bandsOf } from '../../../core/clinical/bands.ts';
import type { Series, SeriesPoint } from '../../../core/record/series.ts';
import { pointText, timeOf } from '../../../core/record/series.ts';
import { shownNumber } from '../../../core/record/shown-number.ts';
import { actingFor } from '../../api/acting.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';

/** Until it is known how much room there is, and at least. */
const narrow = 320;
const height = 280;
const left = 52;
const right = 78;
const top = 20;
const bottom = 34;
/** Further back, each point would be less than a line apart. */
const mostDrawn = 300;

export function TrendChart({
  series,
  points: given,
}: {
  readonly series: Series;
  readonly points: readonly SeriesPoint[];
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const id = useId();
  const points = given.slice(-mostDrawn);
  const [at, setAt] = useState(points.length - 1);
  const shownAt = Math.min(at, points.length - 1);
  const shown = points[shownAt];
  const said = (one: SeriesPoint): string => {
    const value = pointText(one);
    return t('trends.point', {
      value: `${value} ${series.unit}`.trim(),
      when: formatDate(one.at.slice(0, 10), language),
      meaning: meaningOf(one).toLocaleLowerCase(language),
    });
  };
  function meaningOf(one: SeriesPoint): string {
    const flag = one.flag;
    if (flag === 'L' || flag === 'H' || flag === 'LL' || flag === 'HH' || flag === 'N')
      return t(`flag.${flag}`);
    return t('flag.none');
  }
  const range = rangeOf(series, points);
  const figure = useRef<HTMLElement>(null);
  const width = useWidth(figure);
  const scale = scaleOf(points, range, width);
  const sources = series.kind === 'pressure' ? [] : sourcesOf(points);
  if (shown === undefined) return null;
  const step = (by: number) => setAt(Math.max(0, Math.min(points.length - 1, shownAt + by)));
  const last = points.at(-1);
  return (
    <figure className="trend" ref={figure}>
      <svg
        aria-describedby={`${id}-said`}
        aria-label={t('trends.chart', {
          title: series.title,
          count: points.length,
          list: points.slice(-12).map(said).join('; '),
        })}
        role="img"
        viewBox={`0 0 ${width} ${height}`}
      >
        {range === undefined ? null : <Range range={range} scale={scale} width={width} />}
        <line className="trend-axis" x1={left} x2={width - right} y1={height - bottom} y2={height - bottom} />
        {scale.ticks.map((tick) => (
          <g key={tick}>
            <line className="trend-tick" x1={left - 4} x2={left} y1={scale.y(tick)} y2={scale.y(tick)} />
            <text className="trend-number" textAnchor="end" x={left - 8} y={scale.y(tick) + 4}>
              {tick}
            </text>
          </g>
        ))}
        <text className="trend-number" x={left} y={height - 10}>
          {formatDate((points[0]?.at ?? '').slice(0, 10), language)}
        </text>
        <text className="trend-number" textAnchor="end" x={width - 4} y={height - 10}>
          {formatDate((last?.at ?? '').slice(0, 10), language)}
        </text>
        {sources.map((source, place) => (
          <SourceLineDrawn dash={dashOf(place)} key={source.key} points={source.points} scale={scale} />
        ))}
        {points.map((one, i) => (
          <Mark chosen={i === shownAt} key={one.id} kind={series.kind} point={one} scale={scale} />
        ))}
        {last === undefined ? null : (
          <text className="trend-last" x={width - right + 6} y={scale.y(last.value) + 6}>
            {pointText(last)}
          </text>
        )}
      </svg>
      <div className="row trend-steps">
        <button
          aria-label={t('trends.earlier')}
          className="trend-step"
          disabled={shownAt === 0}
          onClick={() => step(-1)}
          type="button"
        >
          ‹
        </button>
        <p aria-live="polite" id={`${id}-said`}>
          {said(shown)}
        </p>
        <button
          aria-label={t('trends.later')}
          className="trend-step"
          disabled={shownAt === points.length - 1}
          onClick={() => step(1)}
          type="button"
        >
          ›
        </button>
      </div>
      {sources.length < 2 ? null : (
        <ul className="trend-sources">
          {sources.map(({ key, by, who, points: theirs }, place) => (
            <li key={key}>
              <svg aria-hidden="true" height="8" width="36">
                <line className="trend-line" strokeDasharray={dashOf(place)} x1="0" x2="36" y1="4" y2="4" />
              </svg>
              {t('trends.source', {
                who:
                  by === 'patient' && actingFor() === undefined
                    ? t('trends.self')
                    : (who ?? t('trends.unnamed')),
                count: theirs.length,
              })}
            </li>
          ))}
        </ul>
      )}
      {range === undefined ? null : (
        <figcaption className="quiet">
          {t('trends.band', {
            low: range.low === undefined ? '' : shownNumber(range.low),
            high: range.high === undefined ? '' : shownNumber(range.high),
            source: range.source,
          })}
        </figcaption>
      )}
    </figure>
  );
}

/** Of its own place, so that letters keep their size however wide the page is. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(narrow);
  useEffect(() => {
    const element = of.current;
    if (element === null) return undefined;
    const watching = new ResizeObserver(() => setWidth(Math.max(narrow, element.clientWidth)));
    watching.observe(element);
    return () => watching.disconnect();
  }, [of]);
  return width;
}

interface Source {
  readonly key: string;
  readonly by: string;
  readonly who: string | undefined;
  readonly points: readonly SeriesPoint[];
}

/** Joined only within one source: two laboratories measure differently. The one with most values first. */
function sourcesOf(points: readonly SeriesPoint[]): readonly Source[] {
  const bySource = Map.groupBy(points, ({ by, who }) => `${by} ${who ?? ''}`);
  return [...bySource]
    .map(([key, theirs]) => ({ key, by: theirs[0]?.by ?? '', who: theirs[0]?.who, points: theirs }))
    .toSorted((a, b) => b.points.length - a.points.length);
}

const dashOf = (place: number): string | undefined => [undefined, '7 4', '2 4'][Math.min(place, 2)];

interface DrawnRange {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly source: string;
}

/** Of the newest value that has one; of a blood pressure the usual upper value, with who says so. */
function rangeOf(series: Series, points: readonly SeriesPoint[]): DrawnRange | undefined {
  if (series.kind === 'pressure') {
    const [bands] = bandsOf('systolic');
    const usual = bands?.bands.findIndex(({ tone }) => tone === 'normal') ?? -1;
    if (bands === undefined || usual < 0) return undefined;
    return {
      low: bands.bands[usual]?.from,
      high: bands.bands[usual + 1]?.from,
      source: `${bands.source.name}, ${bands.source.year}`,
    };
  }
  const known = points.findLast(({ low, high }) => low !== undefined || high !== undefined);
  if (known === undefined) return undefined;
  return { low: known.low, high: known.high, source: known.who ?? '' };
}

interface Scale {
  x(at: string): number;
  y(value: number): number;
  readonly ticks: readonly number[];
}

function scaleOf(points: readonly SeriesPoint[], range: DrawnRange | undefined, width: number): Scale {
  const values = points.flatMap(({ value, lower }) => (lower === undefined ? [value] : [value, lower]));
  const bounds = [range?.low, range?.high].filter((one) => one !== undefined);
  const least = Math.min(...values, ...bounds);
  const most = Math.max(...values, ...bounds);
  const room = (most - least || Math.abs(most) || 1) * 0.1;
  const [from, to] = [least - room, most + room];
  const times = points.map(({ at }) => timeOf(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const unit = 10 ** Math.floor(Math.log10(to - from));
  const step = [0.5, 1, 2, 5].map((one) => one * unit).find((one) => (to - from) / one <= 5) ?? unit;
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to && ticks.length < 8; tick += step)
    ticks.push(Number(tick.toFixed(digits)));
  return {
    x: (at) =>
      last === first
        ? (left + width - right) / 2
        : left + 8 + ((timeOf(at) - first) / (last - first)) * (width - right - left - 16),
    y: (value) => top + ((to - value) / (to - from)) * (height - top - bottom),
    ticks,
  };
}

function Range({
  range,
  scale,
  width,
}: {
  readonly range: DrawnRange;
  readonly scale: Scale;
  readonly width: number;
}) {
  const { low, high } = range;
  const upper = high === undefined ? top : scale.y(high);
  const lower = low === undefined ? height - bottom : scale.y(low);
  return (
    <g>
      <rect
        className="trend-band"
        height={Math.max(0, lower - upper)}
        width={width - right - left}
        x={left}
        y={upper}
      />
      {[low, high].map((one) =>
        one === undefined ? null : (
          <line
            className="trend-edge"
            key={one}
            x1={left}
            x2={width - right}
            y1={scale.y(one)}
            y2={scale.y(one)}
          />
        ),
      )}
    </g>
  );
}

function SourceLineDrawn({
  points,
  scale,
  dash,
}: {
  readonly points: readonly SeriesPoint[];
  readonly scale: Scale;
  readonly dash: string | undefined;
}) {
  return (
    <polyline
      className="trend-line"
      points={points.map(({ at, value }) => `${scale.x(at)},${scale.y(value)}`).join(' ')}
      strokeDasharray={dash}
    />
  );
}

interface MarkProps {
  readonly point: SeriesPoint;
  readonly kind: Series['kind'];
  readonly scale: Scale;
  readonly chosen: boolean;
}

function Mark({ point, kind, scale, chosen }: MarkProps) {
  const { value, lower, flag } = point;
  const x = scale.x(point.at);
  const y = scale.y(value);
  const out = (flag !== undefined && flag !== 'N') || (kind === 'pressure' && value >= 140);
  const said = point.by === 'patient' || point.by === 'guardian';
  const look = `trend-mark${out ? ' trend-out' : ''}${said ? ' trend-said' : ''}`;
  return (
    <g className={look}>
      {chosen ? <line className="trend-chosen" x1={x} x2={x} y1={top} y2={height - bottom} /> : null}
      {kind === 'pressure' && lower !== undefined ? (
        <path d={`M${x - 4} ${y}H${x + 4}M${x} ${y}V${scale.y(lower)}M${x - 4} ${scale.y(lower)}H${x + 4}`} />
      ) : out ? (
        <path d={`M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z`} />
      ) : (
        <circle cx={x} cy={y} r={4} />
      )}
    </g>
  );
}
