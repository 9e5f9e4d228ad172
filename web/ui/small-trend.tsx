// The last values of one measure as a line in a row: the band of the range, hollow diamonds outside of it. What it shows it also says.
import type { SeriesPoint } from '../../core/record/series.ts';
import { timeOf } from '../../core/record/series.ts';
import './small-trend.css';

const width = 136;
const height = 36;
const edge = 5;
/** Further back a point would be no wider than the line. */
const mostDrawn = 24;

/** @param label says the values, for those who do not see the line */
export function SmallTrend({
  points: given,
  label,
}: {
  readonly points: readonly SeriesPoint[];
  readonly label: string;
}) {
  const points = given.slice(-mostDrawn);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return null;
  const all = points.flatMap(({ value, lower }) => (lower === undefined ? [value] : [value, lower]));
  const bounds = [last.low, last.high].filter((one) => one !== undefined);
  const [bottom, top] = [Math.min(...all, ...bounds), Math.max(...all, ...bounds)];
  const [from, to] = [timeOf(first.at), timeOf(last.at)];
  const x = (one: SeriesPoint): number =>
    to === from ? width / 2 : edge + ((timeOf(one.at) - from) / (to - from)) * (width - 2 * edge);
  const y = (value: number): number =>
    top === bottom ? height / 2 : height - edge - ((value - bottom) / (top - bottom)) * (height - 2 * edge);
  const upper = y(last.high ?? top);
  const lower = y(last.low ?? bottom);
  const isPressure = points.some((one) => one.lower !== undefined);
  return (
    <svg aria-label={label} className="small-trend" role="img" viewBox={`0 0 ${width} ${height}`}>
      {bounds.length === 0 ? null : (
        <rect
          className="small-trend-band"
          height={Math.max(0, lower - upper)}
          width={width}
          x={0}
          y={upper}
        />
      )}
      {bounds.map((bound) => (
        <line className="small-trend-bound" key={bound} x1={0} x2={width} y1={y(bound)} y2={y(bound)} />
      ))}
      {isPressure ? (
        points.map((one) => (
          <line
            className="small-trend-line"
            key={one.id}
            x1={x(one)}
            x2={x(one)}
            y1={y(one.value)}
            y2={y(one.lower ?? one.value)}
          />
        ))
      ) : (
        <polyline
          className="small-trend-line"
          points={points.map((one) => `${x(one).toFixed(1)},${y(one.value).toFixed(1)}`).join(' ')}
        />
      )}
      {isPressure ? null : points.map((one) => <Mark key={one.id} of={one} x={x(one)} y={y(one.value)} />)}
    </svg>
  );
}

function Mark({ of, x, y }: { readonly of: SeriesPoint; readonly x: number; readonly y: number }) {
  const odd = of.flag !== undefined && of.flag !== 'N';
  return odd ? (
    <path className="small-trend-odd" d={`M${x} ${y - 4.5} l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 z`} />
  ) : (
    <circle className="small-trend-point" cx={x} cy={y} r={2.25} />
  );
}
