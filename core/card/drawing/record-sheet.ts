// The whole record on A4: who, every danger, then every entry with its source, its place in the log and a code that leads to its proof.
// Decides nothing about what is printed: it is given lines.
import { formatUhid } from '../uhid.ts';
import type { CardFace, SheetFact } from './card-face.ts';
import { A4 } from './card-sheet.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { MM_PER_PT } from './drawing.ts';
import { sourceMark } from './emblems.ts';
import type { Strip } from './page-flow.ts';
import { flowPages, spaceStrip } from './page-flow.ts';
import { printable } from './printable-text.ts';
import { straightLine } from './shapes.ts';
import type { MarginWords } from './sheet-margins.ts';
import { FOOT_MM, layMargins } from './sheet-margins.ts';
import {
  LEFT_MM,
  TOP_MM,
  WIDTH_MM,
  dangerStrips,
  fixed,
  headingStrips,
  lineStrips,
  marginRule,
  plainStrip,
} from './sheet-parts.ts';
import { placeText, setText } from './text-fit.ts';

export interface RecordSheetLine {
  readonly text: string;
  readonly source: string;
  readonly voice: SheetFact['voice'];
  /** "Log entry 1234, version 2" or that it is not in the log yet. */
  readonly place: string;
  /** Where its proof is; absent while it waits for the log. */
  readonly proofUrl?: string;
}

export interface RecordSheetWords extends MarginWords {
  /** Under the title: how many entries, and as of when. */
  readonly summary: string;
  /** What a code on the sheet does, with the address that must be behind it. */
  readonly codes: string;
  readonly empty: string;
}

export interface RecordSheet {
  readonly face: CardFace;
  readonly groups: readonly { readonly title: string; readonly lines: readonly RecordSheetLine[] }[];
  readonly words: RecordSheetWords;
  /** "20 Nov 2026, 09:30" */
  readonly printedAt: string;
  /** Of the print itself; on every page. */
  readonly proofUrl?: string;
}

/** A code of version 5 or 6 at 0.38 mm a module; larger where the address is longer. */
const ENTRY_CODE_MM = 15;
const INDENT_MM = 5.5;

function whoStrips(tools: DrawingTools, { face, words }: RecordSheet): Strip[] {
  const rows = [
    setText(tools, printable(face.name), fixed(700, 22), WIDTH_MM),
    setText(tools, printable(face.nameSecond ?? ''), fixed(500, 13), WIDTH_MM),
    setText(tools, printable(face.birthLine), fixed(400, 11.5), WIDTH_MM),
    setText(tools, formatUhid(face.uhid), fixed(600, 13), WIDTH_MM),
    setText(tools, printable(words.summary), fixed(400, 11, COLOUR.ink2), WIDTH_MM),
    setText(tools, printable(words.codes), fixed(400, 10, COLOUR.ink2), WIDTH_MM),
  ].filter((row) => row.lines.some(({ text }) => text !== ''));
  return [...rows.flatMap((row) => lineStrips(row, LEFT_MM, WIDTH_MM, () => [])), spaceStrip(3)];
}

function lineOf(tools: DrawingTools, line: RecordSheetLine): Strip[] {
  const side = line.proofUrl === undefined ? 0 : codeSide(tools, line.proofUrl, ENTRY_CODE_MM, 'L');
  const x = LEFT_MM + INDENT_MM;
  const width = WIDTH_MM - INDENT_MM - (side === 0 ? 0 : side + 3);
  const value = setText(tools, printable(line.text), fixed(600, 11.5), width);
  const source = setText(tools, printable(line.source), fixed(400, 9.5, COLOUR.ink2), width - 5);
  const place = setText(tools, printable(line.place), fixed(400, 9, COLOUR.ink2), width - 5);
  const glyphMm = 2.8;
  const markColour = line.voice === 'self-reported' ? COLOUR.ink2 : COLOUR.peacock;
  const code = (y: number): Mark[] =>
    line.proofUrl === undefined
      ? []
      : placeCode(tools, line.proofUrl, { x: LEFT_MM + WIDTH_MM - side, y, side }, 'L');
  const glyph = (y: number): Mark[] =>
    sourceMark(
      line.voice,
      x,
      y + source.ascentMm - 0.349 * source.sizePt * MM_PER_PT - glyphMm / 2,
      glyphMm,
      markColour,
      COLOUR.white,
    );
  const hairline: Strip = {
    heightMm: 2.4,
    isSpace: true,
    draw: (y) => [straightLine([x, y + 1.2], [LEFT_MM + WIDTH_MM, y + 1.2], COLOUR.line, 0.2)],
  };
  const textMm = value.heightMm + source.heightMm + place.heightMm;
  if (textMm <= 120)
    return [
      {
        heightMm: Math.max(textMm, side),
        draw: (y) => [
          marginRule(line.voice, y, Math.max(textMm, side)),
          ...placeText(value, { x, y, width }),
          ...glyph(y + value.heightMm),
          ...placeText(source, { x: x + 5, y: y + value.heightMm, width: width - 5 }),
          ...placeText(place, { x: x + 5, y: y + value.heightMm + source.heightMm, width: width - 5 }),
          ...code(y),
        ],
      },
      hairline,
    ];
  // Taller than half a page: it breaks over pages, its code first.
  const rule = (y: number, height: number): Mark[] => [marginRule(line.voice, y, height)];
  const withGlyph = (strip: Strip): Strip => ({ ...strip, draw: (y) => [...strip.draw(y), ...glyph(y)] });
  return [
    ...(side === 0 ? [] : [{ heightMm: side, keepWithNext: true, draw: code }]),
    ...lineStrips(value, x, width, rule).map((strip) => ({ ...strip, keepWithNext: false })),
    ...lineStrips(source, x + 5, width - 5, rule).map((strip, at) => (at === 0 ? withGlyph(strip) : strip)),
    ...lineStrips(place, x + 5, width - 5, rule),
    hairline,
  ];
}

/** As many A4 pages as the record needs: nothing is left out and nothing is cut. */
export function layRecordSheet(tools: DrawingTools, sheet: RecordSheet): Drawing[] {
  const { face, groups, words } = sheet;
  const strips: Strip[] = [
    ...whoStrips(tools, sheet),
    ...dangerStrips(tools, face),
    ...(groups.length === 0 ? plainStrip(tools, words.empty, fixed(400, 12)) : []),
    ...groups.flatMap(({ title, lines }) => {
      const [heading, ...rest] = headingStrips(tools, title);
      return [heading!, ...rest, ...lines.flatMap((line) => lineOf(tools, line))];
    }),
  ];
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
    facts: index === 0 ? [printable(face.name), formatUhid(face.uhid), words.summary] : [],
    marks: [...layMargins(tools, sheet, index + 1, pages.length), ...marks],
  }));
}
