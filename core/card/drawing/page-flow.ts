// Breaks a column of strips into pages: strips that belong together stay together unless they are taller than a page.
import type { Mark } from './drawing.ts';

/** A strip across the page. `draw` gets the y of its top. */
export interface Strip {
  readonly heightMm: number;
  readonly draw: (y: number) => Mark[];
  /** Not to be parted from the strip that follows. */
  readonly keepWithNext?: boolean;
  /** White space that is dropped at the top of a page. */
  readonly isSpace?: boolean;
}

export function spaceStrip(heightMm: number): Strip {
  return { heightMm, draw: () => [], isSpace: true };
}

function groups(strips: readonly Strip[]): Strip[][] {
  const out: Strip[][] = [];
  let current: Strip[] = [];
  for (const strip of strips) {
    current.push(strip);
    if (strip.keepWithNext) continue;
    out.push(current);
    current = [];
  }
  return current.length === 0 ? out : [...out, current];
}

/** The marks of each page; `top` is where pages after the first begin. */
export function flowPages(
  strips: readonly Strip[],
  page: { readonly firstTop: number; readonly top: number; readonly bottom: number },
): Mark[][] {
  const pages: Mark[][] = [[]];
  let y = page.firstTop;
  let atTop = true;
  const turn = (): void => {
    pages.push([]);
    y = page.top;
    atTop = true;
  };
  for (const group of groups(strips)) {
    const height = group.reduce((sum, strip) => sum + strip.heightMm, 0);
    const whole = height <= page.bottom - page.top;
    if (whole && y + height > page.bottom + 1e-6) turn();
    for (const strip of group) {
      if (strip.isSpace && atTop) continue;
      if (!atTop && y + strip.heightMm > page.bottom + 1e-6) turn();
      if (strip.isSpace && atTop) continue;
      pages.at(-1)?.push(...strip.draw(y));
      y += strip.heightMm;
      atTop = false;
    }
  }
  return pages;
}
