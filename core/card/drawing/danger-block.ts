// The danger block: always white on dark red with the octagon. Nouns are never cut; what does not fit is counted and sent to the code.
import type { CardDanger, CardFace } from './card-face.ts';
import type { Colour } from './colours.ts';
import { COLOUR } from './colours.ts';
import type { Box, DrawingTools, Mark } from './drawing.ts';
import { MM_PER_PT } from './drawing.ts';
import { dangerOctagon } from './emblems.ts';
import { fillIn, printable } from './printable-text.ts';
import { filledRect, filledRounded } from './shapes.ts';
import type { Corners } from './shapes.ts';
import type { FittedText, TextStyle } from './text-fit.ts';
import { fitOrSmallest, placeText, setText, SMALLEST_PT } from './text-fit.ts';

interface Entry {
  readonly noun: string;
  readonly reason: string;
}

export interface DangerSizes {
  readonly nounPt: number;
  readonly nounMinPt: number;
  readonly reasonPt: number;
  readonly reasonMinPt: number;
}

interface Cell {
  readonly noun: FittedText;
  readonly reason: FittedText | undefined;
  readonly height: number;
}

interface MostLines {
  readonly noun: number;
  readonly reason: number;
  readonly breakWords?: true;
}

/** What is tried in turn, each at all sizes: a noun breaks only when nothing else helps. */
const ROOMY: readonly MostLines[] = [
  { noun: 1, reason: 2 },
  { noun: Infinity, reason: Infinity },
  { noun: Infinity, reason: Infinity, breakWords: true },
];
const CROWDED: readonly MostLines[] = [
  { noun: 1, reason: 1 },
  { noun: 1, reason: 2 },
  { noun: Infinity, reason: Infinity },
  { noun: Infinity, reason: Infinity, breakWords: true },
];
const COLUMN_SPLITS = [0.51, 0.46, 0.56, 0.41, 0.61, 0.36];
const COLUMN_GAP_MM = 1.4;

function nounStyle(sizePt: number): TextStyle {
  return { weight: 700, sizePt, minPt: sizePt, colour: COLOUR.white };
}

function reasonStyle(sizePt: number): TextStyle {
  return { weight: 400, sizePt, minPt: sizePt, colour: COLOUR.white };
}

function setCell(
  tools: DrawingTools,
  entry: Entry,
  width: number,
  nounPt: number,
  reasonPt: number,
  most: MostLines,
): Cell | undefined {
  const noun = setText(tools, entry.noun, nounStyle(nounPt), width);
  const reason = entry.reason === '' ? undefined : setText(tools, entry.reason, reasonStyle(reasonPt), width);
  if (noun.lines.length > most.noun || (reason?.lines.length ?? 0) > most.reason) return undefined;
  if (!most.breakWords && (noun.breaksWord || reason?.breaksWord)) return undefined;
  return { noun, reason, height: noun.heightMm * 0.97 + (reason?.heightMm ?? 0) };
}

/** Entries row by row in one or two columns at the largest sizes that fit; undefined when none do. */
function fitEntries(
  tools: DrawingTools,
  entries: readonly Entry[],
  area: Box,
  columns: 1 | 2,
  sizes: DangerSizes,
  breakWords: boolean,
): Mark[] | undefined {
  const rowGap = Math.min(1, area.height * 0.06);
  const splits = columns === 1 ? [1] : COLUMN_SPLITS;
  const attempts = entries.length > 3 ? CROWDED : ROOMY;
  for (const most of attempts.filter((attempt) => (attempt.breakWords ?? false) === breakWords)) {
    for (let step = 0; step <= 6; step += 1) {
      const nounPt = sizes.nounPt - ((sizes.nounPt - sizes.nounMinPt) * step) / 6;
      const reasonPt = sizes.reasonPt - ((sizes.reasonPt - sizes.reasonMinPt) * step) / 6;
      for (const split of splits) {
        const firstWidth = columns === 1 ? area.width : area.width * split - COLUMN_GAP_MM;
        const widths = columns === 1 ? [firstWidth] : [firstWidth, area.width * (1 - split)];
        const starts = columns === 1 ? [area.x] : [area.x, area.x + area.width * split];
        const cells = entries.map((entry, index) =>
          setCell(tools, entry, widths[index % columns] ?? area.width, nounPt, reasonPt, most),
        );
        if (cells.some((cell) => cell === undefined)) continue;
        const rows: Cell[][] = [];
        for (const [index, cell] of cells.entries()) {
          if (cell !== undefined) (rows[Math.floor(index / columns)] ??= []).push(cell);
        }
        const heights = rows.map((row) => Math.max(...row.map((cell) => cell.height)));
        const total = heights.reduce((sum, height) => sum + height, 0) + rowGap * (rows.length - 1);
        if (total > area.height + 1e-6) continue;
        let y = area.y + (area.height - total) / 2;
        const marks: Mark[] = [];
        for (const [rowIndex, row] of rows.entries()) {
          for (const [column, cell] of row.entries()) {
            const x = starts[column] ?? area.x;
            const width = widths[column] ?? area.width;
            marks.push(...placeText(cell.noun, { x, y, width }));
            if (cell.reason !== undefined)
              marks.push(...placeText(cell.reason, { x, y: y + cell.noun.heightMm * 0.97, width }));
          }
          y += (heights[rowIndex] ?? 0) + rowGap;
        }
        return marks;
      }
    }
  }
  return undefined;
}

/** The danger's noun as printed: capitals, which other scripts do not have and so keep as they are. */
export function dangerNoun(danger: CardDanger): string {
  return printable(danger.noun).toUpperCase();
}

/**
 * The dangers inside an area that already has its dark ground: up to `most`, else one fewer and a line that counts the rest.
 * Preference: all whole; then the shorter reasons in turn; then reasons replaced by "scan"; then fewer nouns. A noun is never cut.
 */
export function layDangerEntries(
  tools: DrawingTools,
  face: CardFace,
  area: Box,
  sizes: DangerSizes,
  layout: { readonly most: number; readonly columns: readonly (1 | 2)[] },
): Mark[] {
  const total = face.dangers.length;
  const scan = printable(face.labels.scanForReason.first);
  const shorterBy = (steps: number): Entry[] =>
    face.dangers.map((danger) => ({
      noun: dangerNoun(danger),
      reason: printable(danger.shorter?.slice(0, steps).at(-1) ?? danger.reason),
    }));
  const steps = Math.max(...face.dangers.map(({ shorter }) => shorter?.length ?? 0));
  const ladder = Array.from({ length: steps + 1 }, (_, taken) => shorterBy(taken));
  const longReason = (entry: Entry): Entry =>
    entry.reason.length > scan.length ? { noun: entry.noun, reason: scan } : entry;
  for (let shown = total > layout.most ? layout.most - 1 : total; shown > 0; shown -= 1) {
    const rest = total - shown;
    const more = rest === 0 ? [] : [{ noun: fillIn(face.labels.andMoreScan.first, { n: rest }), reason: '' }];
    const full = ladder.at(-1)?.slice(0, shown) ?? [];
    const longest = full.reduce((max, entry) => Math.max(max, entry.reason.length), 0);
    const onlyLongest = full.map((entry) => (entry.reason.length === longest ? longReason(entry) : entry));
    const longer = ladder.map((entries) => entries.slice(0, shown));
    for (const entries of [...longer, onlyLongest, full.map(longReason)]) {
      for (const breakWords of [false, true]) {
        for (const columns of layout.columns) {
          const marks = fitEntries(tools, [...entries, ...more], area, columns, sizes, breakWords);
          if (marks !== undefined) return marks;
        }
      }
    }
  }
  const style = { ...nounStyle(sizes.nounMinPt), minPt: SMALLEST_PT };
  const text = fillIn(face.labels.dangersTooLong.first, { n: total });
  const fitted = fitOrSmallest(tools, `${face.labels.danger.first}: ${text}`, style, area);
  return placeText(fitted, { x: area.x, y: area.y, width: area.width });
}

/** What is printed in place of dangers: one of the silences, on a light ground, never in red. */
export function layDangerSilence(
  tools: DrawingTools,
  face: CardFace,
  area: Box,
  largestPt: number,
  ink: { readonly main: Colour; readonly second: Colour } = { main: COLOUR.ink, second: COLOUR.ink2 },
): Mark[] {
  const { labels, dangersState } = face;
  const date = typeof dangersState === 'object' ? dangersState.noneRecordedAsOf : face.issued;
  const withheld = dangersState === 'withheld';
  const said = withheld ? labels.dangersWithheld : labels.noDangersRecorded;
  const detail = typeof dangersState === 'object' ? dangersState.detail : undefined;
  const lines: [string, TextStyle][] = [
    [
      fillIn(said.first, { date }),
      { weight: 600, sizePt: largestPt, minPt: SMALLEST_PT + 1, colour: ink.main },
    ],
  ];
  if (said.second !== undefined) {
    const secondPt = Math.max(SMALLEST_PT + 0.5, largestPt * 0.72);
    lines.push([
      fillIn(said.second, { date }),
      { weight: 500, sizePt: secondPt, minPt: SMALLEST_PT, colour: ink.main },
    ]);
  }
  const last = withheld ? labels.scanForMore.first : (detail ?? labels.notRecordedIsNotNone.first);
  lines.push([
    last,
    { weight: 400, sizePt: Math.max(7.6, largestPt * 0.62), minPt: SMALLEST_PT, colour: ink.second },
  ]);
  const fitted = lines.map(([text, style]) =>
    fitOrSmallest(tools, printable(text), style, { width: area.width, height: area.height / lines.length }),
  );
  while (fitted.length > 1 && fitted.reduce((sum, text) => sum + text.heightMm, 0) > area.height)
    fitted.pop();
  let y = area.y + (area.height - fitted.reduce((sum, text) => sum + text.heightMm, 0)) / 2;
  const marks: Mark[] = [];
  for (const text of fitted) {
    marks.push(...placeText(text, { x: area.x, y, width: area.width }));
    y += text.heightMm;
  }
  return marks;
}

const HEADING_PT = 8.4;

function heightOfText(marks: readonly Mark[]): number {
  const boxes = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.box] : []));
  const top = Math.min(...boxes.map((box) => box.y));
  return Math.max(...boxes.map((box) => box.y + box.height)) - top;
}

/** The top of a mark that stands level with the middle of the first line's capitals. */
function besideFirstLine(entries: readonly Mark[], size: number, otherwise: number): number {
  const first = entries.find((mark) => mark.kind === 'text');
  return first === undefined
    ? otherwise
    : Math.max(otherwise, first.baseline - 0.349 * first.sizePt * MM_PER_PT - size / 2);
}

/** Ground, octagon and entries (or the silence) of the block that fills `box`; the word "Danger" stands above them where there is room. */
export function layDangerBlock(
  tools: DrawingTools,
  face: CardFace,
  box: Box,
  options: {
    readonly corners: Corners;
    readonly octagonMm: number;
    readonly padding: { readonly x: number; readonly y: number };
    readonly sizes: DangerSizes;
    readonly most: number;
    readonly columns: readonly (1 | 2)[];
    readonly silencePt: number;
  },
): Mark[] {
  const { padding, octagonMm } = options;
  const area: Box = {
    x: box.x + padding.x,
    y: box.y + padding.y,
    width: box.width - 2 * padding.x,
    height: box.height - 2 * padding.y,
  };
  if (face.dangers.length === 0)
    return [
      filledRounded(box, options.corners, COLOUR.sunk),
      filledRect({ x: box.x, y: box.y, width: box.width, height: 0.5 }, COLOUR.ink),
      ...layDangerSilence(tools, face, area, options.silencePt),
    ];
  const textX = area.x + octagonMm * 1.38;
  const inner: Box = { ...area, x: textX, width: area.x + area.width - textX };
  const ground = filledRounded(box, options.corners, COLOUR.dangerBlock);
  const entries = layDangerEntries(tools, face, inner, options.sizes, options);
  const heading = setText(
    tools,
    [face.labels.danger.first, face.labels.danger.second].filter((word) => word !== undefined).join('\u2002'),
    { weight: 600, sizePt: HEADING_PT, minPt: HEADING_PT, colour: COLOUR.white },
    inner.width,
  );
  const below = { ...inner, y: inner.y + heading.heightMm, height: inner.height - heading.heightMm };
  if (heading.lines.length > 1 || heightOfText(entries) > below.height)
    return [
      ground,
      ...dangerOctagon(area.x, besideFirstLine(entries, octagonMm, area.y), octagonMm, COLOUR.white),
      ...entries,
    ];
  const placed = placeText(heading, inner);
  return [
    ground,
    ...dangerOctagon(area.x, besideFirstLine(placed, octagonMm, area.y), octagonMm, COLOUR.white),
    ...placed,
    ...layDangerEntries(tools, face, below, options.sizes, options),
  ];
}
