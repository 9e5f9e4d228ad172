// The A4 sheet to cut and fold at home: front and back side by side at 100 %, crop and fold marks, and a ruler to check the printer.
import { backFacts, frontFacts } from './facts-as-text.ts';
import type { CardFace } from './card-face.ts';
import { hostOf, layCardBack } from './card-back.ts';
import { CARD_HEIGHT_MM, CARD_WIDTH_MM, layCardFront } from './card-front.ts';
import { COLOUR } from './colours.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { movedMarks } from './moved.ts';
import { fillIn, printable } from './printable-text.ts';
import { cropMarks, filledRect, straightLine } from './shapes.ts';
import type { Align, TextStyle } from './text-fit.ts';
import { fitOrSmallest, placeText } from './text-fit.ts';

export const A4 = { width: 210, height: 297 } as const;
const LEFT_MM = (A4.width - 2 * CARD_WIDTH_MM) / 2;
const RIGHT_MM = A4.width - LEFT_MM;
const CARDS_TOP_MM = 52;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly align?: Align;
}

function text(
  tools: DrawingTools,
  words: string,
  place: Place,
  sizePt: number,
  weight: 400 | 600 = 400,
  second = false,
): Mark[] {
  const style: TextStyle = { weight, sizePt, minPt: 8, colour: second ? COLOUR.ink2 : COLOUR.ink };
  const fitted = fitOrSmallest(tools, printable(words), style, {
    width: place.width,
    height: 40,
    maxLines: 4,
  });
  return placeText(fitted, place);
}

/** A hint under a rule: a bold line and what it means. */
function note(tools: DrawingTools, title: string, words: string, x: number, y: number): Mark[] {
  const width = 52;
  return [
    filledRect({ x, y, width, height: 0.2 }, COLOUR.ink),
    ...text(tools, title, { x, y: y + 1.8, width }, 10, 600),
    ...text(tools, words, { x, y: y + 7, width }, 9.6, 400, true),
  ];
}

function foldMarks(tools: DrawingTools, face: CardFace): Mark[] {
  const x = LEFT_MM + CARD_WIDTH_MM;
  const bottom = CARDS_TOP_MM + CARD_HEIGHT_MM;
  const dash: readonly [number, number] = [0.9, 0.7];
  return [
    straightLine([x, CARDS_TOP_MM - 8], [x, CARDS_TOP_MM - 1.5], COLOUR.ink, 0.2, dash),
    straightLine([x, bottom + 1.5], [x, bottom + 8], COLOUR.ink, 0.2, dash),
    ...text(
      tools,
      face.labels.sheetFold.first,
      { x: x - 20, y: bottom + 8.4, width: 40, align: 'centre' },
      8,
      400,
      true,
    ),
  ];
}

function rulerMarks(tools: DrawingTools, face: CardFace, y: number): Mark[] {
  const x = (A4.width - 100) / 2;
  const ticks = Array.from({ length: 11 }, (_, index) =>
    straightLine([x + index * 10, y], [x + index * 10, y - (index % 5 === 0 ? 3 : 1.8)], COLOUR.ink, 0.2),
  );
  return [
    straightLine([x, y], [x + 100, y], COLOUR.ink, 0.3),
    ...ticks,
    ...text(
      tools,
      face.labels.sheetRuler.first,
      { x: LEFT_MM, y: y + 1.4, width: RIGHT_MM - LEFT_MM, align: 'centre' },
      9,
      400,
      true,
    ),
  ];
}

export function layCardSheet(tools: DrawingTools, face: CardFace): Drawing {
  const { labels } = face;
  const front = layCardFront(tools, face);
  const back = layCardBack(tools, face);
  const code = front.marks.find((mark) => mark.kind === 'code');
  const bottom = CARDS_TOP_MM + CARD_HEIGHT_MM;
  const notesY = bottom + 30;
  const codeText = fillIn(labels.sheetCodeText.first, {
    version: code?.code.version ?? 0,
    mm: (code?.moduleMm ?? 0).toFixed(2),
    host: hostOf(face.url),
  });
  const issued = fillIn(labels.cardIssued.first, { card: face.cardNumber, date: face.issued });
  const gapX = (RIGHT_MM - LEFT_MM - 3 * 52) / 2;
  const marks: Mark[] = [
    filledRect({ x: 0, y: 0, width: A4.width, height: A4.height }, COLOUR.white),
    filledRect({ x: LEFT_MM, y: 20, width: RIGHT_MM - LEFT_MM, height: 0.6 }, COLOUR.ink),
    ...text(tools, labels.sheetTitle.first, { x: LEFT_MM, y: 23, width: 85 }, 20, 600),
    ...text(
      tools,
      labels.sheetHow.first,
      { x: LEFT_MM + 88, y: 26.4, width: RIGHT_MM - LEFT_MM - 88, align: 'right' },
      10.4,
    ),
    ...movedMarks(front.marks, LEFT_MM, CARDS_TOP_MM),
    ...movedMarks(back.marks, LEFT_MM + CARD_WIDTH_MM, CARDS_TOP_MM),
    ...cropMarks(
      { x: LEFT_MM, y: CARDS_TOP_MM, width: 2 * CARD_WIDTH_MM, height: CARD_HEIGHT_MM },
      COLOUR.ink,
    ),
    ...foldMarks(tools, face),
    ...text(tools, labels.sheetFront.first, { x: LEFT_MM, y: bottom + 14, width: 80 }, 10.4),
    ...text(tools, labels.sheetBack.first, { x: LEFT_MM + CARD_WIDTH_MM, y: bottom + 14, width: 84 }, 10.4),
    ...note(tools, '85.60 × 53.98 mm', labels.sheetSizeText.first, LEFT_MM, notesY),
    ...note(tools, labels.sheetCode.first, codeText, LEFT_MM + 52 + gapX, notesY),
    ...note(tools, issued, labels.sheetReplacedText.first, LEFT_MM + 2 * (52 + gapX), notesY),
    ...rulerMarks(tools, face, notesY + 34),
  ];
  return {
    widthMm: A4.width,
    heightMm: A4.height,
    marks,
    language: labels.firstLanguage,
    title: `${labels.sheetTitle.first}: ${printable(face.name)}`,
    facts: [...frontFacts(face), ...backFacts(face)],
  };
}
