// What a file may ask of a device, whatever it says of itself. Pure.

/** Of the first pages so many are shown; the rest is in the file. */
export const MOST_PAGES = 2000;
export const MOST_BYTES = 100 * 1024 * 1024;
export const MOST_DRAWING_MS = 20_000;
/** Of one drawing. */
export const MOST_PIXELS = 6_000_000;
/** Pictures inside with more are left out. */
export const MOST_IMAGE_PIXELS = 60_000_000;
/** Of the long side to the short one. */
const MOST_RATIO = 12;
const LEAST_SIDE = 1;

/** In points, 72 an inch. */
export interface PageShape {
  readonly width: number;
  readonly height: number;
}

/** What is shown of a page of this size: of a strip a mile long its beginning. */
export function pageShape(width: number, height: number): PageShape {
  const [w, h] = [width, height].map((side) => (Number.isFinite(side) ? Math.max(LEAST_SIDE, side) : 612));
  if (w === undefined || h === undefined) return { width: 612, height: 792 };
  return { width: Math.min(w, h * MOST_RATIO), height: Math.min(h, w * MOST_RATIO) };
}

/** The scale in which it is drawn where `scale` is wanted: no more pixels than a device has memory for. */
export function drawnScale({ width, height }: PageShape, scale: number): number {
  return Math.min(scale, Math.sqrt(MOST_PIXELS / (width * height)));
}

export interface Layout {
  /** Of each page, from the top. */
  readonly tops: readonly number[];
  readonly heights: readonly number[];
  readonly widths: readonly number[];
  readonly height: number;
  readonly width: number;
}

const GAP = 12;

/** Pages below one another, each as wide as `fit` times `zoom`; those not known yet have the shape of the first. */
export function layoutOf(
  shapes: ReadonlyMap<number, PageShape>,
  pages: number,
  { fit, zoom }: { readonly fit: number; readonly zoom: number },
): Layout {
  const [tops, heights, widths]: [number[], number[], number[]] = [[], [], []];
  const first = shapes.get(1) ?? { width: 595, height: 842 };
  let top = 0;
  let widest = 0;
  for (let number = 1; number <= pages; number++) {
    const shape = shapes.get(number) ?? first;
    const width = Math.round(fit * zoom);
    const height = Math.round((width * shape.height) / shape.width);
    tops.push(top);
    heights.push(height);
    widths.push(width);
    widest = Math.max(widest, width);
    top += height + GAP;
  }
  return { tops, heights, widths, height: Math.max(0, top - GAP), width: widest };
}

/** The page, from 1, that is at this height. */
export function pageAt({ tops }: Layout, y: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
