// The images of a series in their order, each with what is needed to draw and measure it. Pure.
import type { FrameAddress, Header } from '../api/images.ts';

export interface Window {
  readonly center: number;
  readonly width: number;
}

export interface Slice extends FrameAddress {
  readonly rows: number;
  readonly columns: number;
  /** Drawn here from its values; else the server draws it. */
  readonly values: { readonly bits: 8 | 16; readonly stored: number; readonly signed: boolean } | undefined;
  readonly slope: number;
  readonly intercept: number;
  readonly inverted: boolean;
  /** Grey, so that window and level mean something. */
  readonly grey: boolean;
  readonly window: Window | undefined;
  /** Millimetres from row to row and from column to column. */
  readonly spacing: readonly [number, number] | undefined;
}

const text = (header: Header, tag: string): string | undefined => {
  const value = header[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};
const numbers = (header: Header, tag: string): readonly number[] =>
  (header[tag]?.Value ?? []).map(Number).filter((one) => Number.isFinite(one));
const number = (header: Header, tag: string): number | undefined => numbers(header, tag)[0];

/** Every frame of every image, by number, then by place along the body. */
export function slicesOf(study: string, series: string, headers: readonly Header[]): readonly Slice[] {
  const sorted = headers.toSorted(
    (a, b) => (number(a, '00200013') ?? 0) - (number(b, '00200013') ?? 0) || along(a) - along(b),
  );
  return sorted.flatMap((header) => {
    const instance = text(header, '00080018');
    const rows = number(header, '00280010') ?? 0;
    const columns = number(header, '00280011') ?? 0;
    if (instance === undefined) return [];
    const bits = number(header, '00280100');
    const stored = number(header, '00280101') ?? bits ?? 16;
    const photometric = text(header, '00280004') ?? '';
    const grey = photometric.startsWith('MONOCHROME') && (number(header, '00280002') ?? 1) === 1;
    const center = number(header, '00281050');
    const width = number(header, '00281051');
    const [down, across] = spacingOf(header);
    const shared = {
      study,
      series,
      instance,
      rows,
      columns,
      grey,
      values:
        grey && (bits === 8 || bits === 16)
          ? ({ bits, stored, signed: number(header, '00280103') === 1 } as const)
          : undefined,
      slope: number(header, '00281053') ?? 1,
      intercept: number(header, '00281052') ?? 0,
      inverted: photometric === 'MONOCHROME1',
      window: center !== undefined && width !== undefined && width > 0 ? { center, width } : undefined,
      spacing: down !== undefined && across !== undefined ? ([down, across] as const) : undefined,
    };
    const frames = Math.max(1, Math.trunc(number(header, '00280008') ?? 1));
    return Array.from({ length: frames }, (_, at) => ({ ...shared, frame: at + 1 }));
  });
}

/** Of pixels, else of the detector. */
function spacingOf(header: Header): readonly number[] {
  const pixels = numbers(header, '00280030');
  const found = pixels.length === 2 ? pixels : numbers(header, '00181164');
  return found.length === 2 && found.every((one) => one > 0) ? found : [];
}

/** How far along the normal of its plane it lies. */
function along(header: Header): number {
  const [x = 0, y = 0, z = 0] = numbers(header, '00200032');
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0] = numbers(header, '00200037');
  return x * (b * f - c * e) + y * (c * d - a * f) + z * (a * e - b * d);
}

export interface SeriesShown {
  readonly uid: string;
  readonly modality: string;
  readonly description: string | undefined;
  readonly number: number | undefined;
  readonly images: number;
}

export function seriesShown(headers: readonly Header[]): readonly SeriesShown[] {
  return headers.flatMap((header) => {
    const uid = text(header, '0020000E');
    return uid === undefined
      ? []
      : [
          {
            uid,
            modality: text(header, '00080060') ?? '',
            description: text(header, '0008103E'),
            number: number(header, '00200011'),
            images: number(header, '00201209') ?? 0,
          },
        ];
  });
}

export interface StudyShown {
  readonly description: string | undefined;
  /** YYYY-MM-DD */
  readonly date: string | undefined;
}

/** What the study says of itself, beside its series. */
export function studyShown([header = {}]: readonly Header[]): StudyShown {
  const day = /^(\d{4})\.?(\d\d)\.?(\d\d)$/.exec(text(header, '00080020') ?? '');
  return {
    description: text(header, '00081030'),
    date: day === null ? undefined : day.slice(1).join('-'),
  };
}
