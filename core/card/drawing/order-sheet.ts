// Tests that were ordered, on A4, for a counter: who, and of each its number as letters and as a code, who ordered it when, and where it goes.
// Decides nothing about what is printed: it is given lines. Nothing else of a record is on it.
import { formatUhid } from '../uhid.ts';
import type { CardFace } from './card-face.ts';
import { A4 } from './card-sheet.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import type { Strip } from './page-flow.ts';
import { flowPages, spaceStrip } from './page-flow.ts';
import { printable } from './printable-text.ts';
import { straightLine } from './shapes.ts';
import type { MarginWords } from './sheet-margins.ts';
import { FOOT_MM, layMargins } from './sheet-margins.ts';
import { LEFT_MM, TOP_MM, WIDTH_MM, fixed, lineStrips } from './sheet-parts.ts';
import { placeText, setText } from './text-fit.ts';

export interface OrderSheetLine {
  readonly test: string;
  /** "Urgent", what was noted; finished sentences. */
  readonly notes: readonly string[];
  /** "Order number SC639-6KHZR"; that there is none where it has none. */
  readonly number: string;
  /** What the code says: the number as a counter types it. */
  readonly code?: string;
  /** "Ordered by Dr Meera Iyer, 29 Nov 2026" */
  readonly ordered: string;
  /** "Goes to Kaveri Diagnostics" */
  readonly where: string;
}

export interface OrderSheet {
  readonly face: CardFace;
  readonly lines: readonly OrderSheetLine[];
  readonly words: MarginWords & {
    /** What a laboratory does with the number, and sees by it. */
    readonly how: string;
  };
  /** "20 Nov 2026, 09:30" */
  readonly printedAt: string;
  /** Of the print itself; on every page. */
  readonly proofUrl?: string;
}

/** Wide enough for a counter's reader at arm's length. */
const CODE_MM = 28;

function whoStrips(tools: DrawingTools, { face, words }: OrderSheet): Strip[] {
  const rows = [
    setText(tools, printable(face.name), fixed(700, 22), WIDTH_MM),
    setText(tools, printable(face.nameSecond ?? ''), fixed(500, 13), WIDTH_MM),
    setText(tools, printable(face.birthLine), fixed(400, 11.5), WIDTH_MM),
    setText(tools, `${face.labels.healthId.first} ${formatUhid(face.uhid)}`, fixed(600, 13), WIDTH_MM),
    setText(tools, printable(words.how), fixed(400, 10.5, COLOUR.ink2), WIDTH_MM),
  ].filter((row) => row.lines.some(({ text }) => text !== ''));
  return [...rows.flatMap((row) => lineStrips(row, LEFT_MM, WIDTH_MM, () => [])), spaceStrip(4)];
}

function lineOf(tools: DrawingTools, line: OrderSheetLine): Strip[] {
  const side = line.code === undefined ? 0 : codeSide(tools, line.code, CODE_MM, 'M');
  const width = WIDTH_MM - (side === 0 ? 0 : side + 4);
  const rows = [
    setText(tools, printable(line.test), fixed(700, 15), width),
    setText(tools, printable(line.number), fixed(600, 13), width),
    ...line.notes.map((note) => setText(tools, printable(note), fixed(500, 11), width)),
    setText(tools, printable(line.where), fixed(400, 11), width),
    setText(tools, printable(line.ordered), fixed(400, 10, COLOUR.ink2), width),
  ];
  const textMm = rows.reduce((sum, { heightMm }) => sum + heightMm, 0);
  const code = (y: number): Mark[] =>
    line.code === undefined
      ? []
      : placeCode(tools, line.code, { x: LEFT_MM + WIDTH_MM - side, y, side }, 'M');
  const hairline: Strip = {
    heightMm: 5,
    isSpace: true,
    draw: (y) => [straightLine([LEFT_MM, y + 2.5], [LEFT_MM + WIDTH_MM, y + 2.5], COLOUR.line, 0.2)],
  };
  if (textMm > 120)
    // Taller than half a page: it breaks over pages, its code first.
    return [
      ...(side === 0 ? [] : [{ heightMm: side, keepWithNext: true, draw: code }]),
      ...rows.flatMap((row) =>
        lineStrips(row, LEFT_MM, width, () => []).map((strip) => ({ ...strip, keepWithNext: false })),
      ),
      hairline,
    ];
  return [
    {
      heightMm: Math.max(textMm, side),
      draw: (y) => {
        let below = y;
        const words = rows.flatMap((row) => {
          const marks = placeText(row, { x: LEFT_MM, y: below, width });
          below += row.heightMm;
          return marks;
        });
        return [...words, ...code(y)];
      },
    },
    hairline,
  ];
}

/** As many A4 pages as the orders need: nothing is left out and nothing is cut. */
export function layOrderSheet(tools: DrawingTools, sheet: OrderSheet): Drawing[] {
  const { face, lines, words } = sheet;
  const strips: Strip[] = [...whoStrips(tools, sheet), ...lines.flatMap((line) => lineOf(tools, line))];
  const pages = flowPages(strips, {
    firstTop: TOP_MM + 14,
    top: TOP_MM + 6,
    bottom: A4.height - FOOT_MM - 3,
  });
  return pages.map((marks, index) => ({
    widthMm: A4.width,
    heightMm: A4.height,
    language: face.labels.firstLanguage,
    title: `${words.title.first}: ${printable(face.name)}`,
    facts:
      index === 0
        ? [
            printable(face.name),
            formatUhid(face.uhid),
            ...lines.map(({ test, number }) => printable(`${test}. ${number}`)),
          ]
        : [],
    marks: [...layMargins(tools, sheet, index + 1, pages.length), ...marks],
  }));
}
