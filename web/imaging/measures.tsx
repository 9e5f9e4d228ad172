// Lines over an image with their length: in millimetres where the size of a pixel is known, else in pixels.
import { formatNumber } from '../i18n/format.ts';
import type { Slice } from './slices.ts';
import type { Point, View } from './view.ts';

export interface Measure {
  readonly place: number;
  readonly from: Point;
  readonly to: Point;
}

export interface MeasuresProps {
  readonly measures: readonly Measure[];
  readonly slice: Slice;
  readonly view: View;
  /** Changes with every drawing: the lines move with the image. */
  readonly drawn: number;
}

export function lengthWords({ from, to }: Measure, { spacing }: Pick<Slice, 'spacing'>): string {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return spacing === undefined
    ? `${formatNumber(Math.round(length))}\u00A0px`
    : `${formatNumber(Math.round(length * 10) / 10)}\u00A0mm`;
}

export function Measures({ measures, slice, view, drawn }: MeasuresProps) {
  return (
    <svg aria-hidden={measures.length === 0} className="stage-measures" data-drawn={drawn}>
      {measures.map((one, at) => {
        const [x1, y1] = view.toCanvas(one.from);
        const [x2, y2] = view.toCanvas(one.to);
        return (
          <g key={at}>
            <line x1={x1} x2={x2} y1={y1} y2={y2} />
            <circle cx={x1} cy={y1} r="4" />
            <circle cx={x2} cy={y2} r="4" />
            {x1 === x2 && y1 === y2 ? null : (
              <text x={(x1 + x2) / 2 + 8} y={(y1 + y2) / 2 - 8}>
                {lengthWords(one, slice)}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
