// Pre-printed cards that belong to nobody yet: ten to an A4 sheet, each with its code, its claim code and its number in the batch.
import type { BlankCard, CardLabels } from './card-face.ts';
import { hostOf } from './card-back.ts';
import { CARD_HEIGHT_MM, CARD_WIDTH_MM, cardOutline, layBand } from './card-front.ts';
import { A4 } from './card-sheet.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { DrawingError } from './drawing.ts';
import { movedMarks } from './moved.ts';
import { fillIn, printable } from './printable-text.ts';
import type { ColumnSection } from './ruled-column.ts';
import { layRuledColumn } from './ruled-column.ts';
import { cropMarks, filledRect, filledRounded } from './shapes.ts';
import { SMALLEST_PT } from './text-fit.ts';
import { CARD_RADIUS_MM } from './card-front.ts';

const COLUMNS = 2;
const ROWS = 5;
export const BLANK_CARDS_PER_SHEET = COLUMNS * ROWS;

function layBlankCard(tools: DrawingTools, card: BlankCard, labels: CardLabels): Mark[] {
  const side = codeSide(tools, card.url, 33, 'M');
  if (side > 44) throw new DrawingError('code-too-long', 'The address is too long for a blank card.');
  const codeY = 7.2 + (CARD_HEIGHT_MM - 7.2 - side) / 2;
  const textX = 3.3 + side + 2.2;
  const ink = { minPt: SMALLEST_PT, colour: COLOUR.ink };
  const quiet = { minPt: SMALLEST_PT, colour: COLOUR.ink2 };
  const sections: ColumnSection[] = [
    {
      lines: [
        { text: labels.blankHow.first, style: { ...ink, weight: 600, sizePt: 9 } },
        { text: labels.blankHow.second ?? '', style: { ...ink, weight: 400, sizePt: 8 }, gap: 0.4, spare: 1 },
      ],
    },
    {
      lines: [
        { text: labels.claimCode.first, style: { ...ink, weight: 400, sizePt: 8 } },
        { text: printable(card.claimCode), style: { ...ink, weight: 700, sizePt: 15, minPt: 10 } },
        {
          text: fillIn(labels.codeOpens.first, { host: printable(hostOf(card.url)) }),
          style: { ...quiet, weight: 400, sizePt: 7.2 },
          gap: 0.6,
          spare: 2,
        },
        { text: printable(card.serial), style: { ...quiet, weight: 400, sizePt: 7.2 } },
      ],
    },
  ];
  const top = codeY + 1.6;
  const column = layRuledColumn(
    tools,
    sections,
    { x: textX, y: top, width: CARD_WIDTH_MM - textX - 4, height: CARD_HEIGHT_MM - top - 3 },
    4,
  );
  if (column === undefined) throw new DrawingError('code-too-long', 'The claim code is too long to print.');
  const corners = [CARD_RADIUS_MM, CARD_RADIUS_MM, CARD_RADIUS_MM, CARD_RADIUS_MM] as const;
  return [
    filledRounded({ x: 0, y: 0, width: CARD_WIDTH_MM, height: CARD_HEIGHT_MM }, corners, COLOUR.white),
    ...layBand(tools, labels.emergencyCard, 'rounded'),
    ...placeCode(tools, card.url, { x: 2, y: codeY, side }, 'M'),
    ...column,
    cardOutline(),
  ];
}

/** Sheets of ten, one at a time; the last may be part full. Throws `DrawingError` `nothing-to-draw` for an empty list. */
export function* layBlankCards(
  tools: DrawingTools,
  cards: readonly BlankCard[],
  labels: CardLabels,
): Generator<Drawing> {
  if (cards.length === 0) throw new DrawingError('nothing-to-draw', 'A batch needs at least one card.');
  const left = (A4.width - COLUMNS * CARD_WIDTH_MM) / 2;
  const top = (A4.height - ROWS * CARD_HEIGHT_MM) / 2;
  for (let start = 0; start < cards.length; start += BLANK_CARDS_PER_SHEET) {
    const onSheet = cards.slice(start, start + BLANK_CARDS_PER_SHEET);
    const places = onSheet.map((_, index) => ({
      x: left + (index % COLUMNS) * CARD_WIDTH_MM,
      y: top + Math.floor(index / COLUMNS) * CARD_HEIGHT_MM,
    }));
    yield {
      widthMm: A4.width,
      heightMm: A4.height,
      language: labels.firstLanguage,
      title: labels.blankTitle.first,
      facts: onSheet.map((card) => `${printable(card.serial)}: ${printable(card.claimCode)}`),
      marks: [
        filledRect({ x: 0, y: 0, width: A4.width, height: A4.height }, COLOUR.white),
        ...outerCropMarks(left, top),
        ...onSheet.flatMap((card, index) =>
          movedMarks(layBlankCard(tools, card, labels), places[index]?.x ?? 0, places[index]?.y ?? 0),
        ),
      ],
    };
  }
}

/** Marks only around the whole grid: the cards share their cuts. */
function outerCropMarks(left: number, top: number): Mark[] {
  const width = COLUMNS * CARD_WIDTH_MM;
  const height = ROWS * CARD_HEIGHT_MM;
  const columns = Array.from({ length: COLUMNS }, (_, index) =>
    cropMarks({ x: left + index * CARD_WIDTH_MM, y: top, width: CARD_WIDTH_MM, height }, COLOUR.ink).slice(
      0,
      4,
    ),
  );
  const rows = Array.from({ length: ROWS }, (_, index) =>
    cropMarks({ x: left, y: top + index * CARD_HEIGHT_MM, width, height: CARD_HEIGHT_MM }, COLOUR.ink).slice(
      4,
    ),
  );
  return [...columns, ...rows].flat();
}
