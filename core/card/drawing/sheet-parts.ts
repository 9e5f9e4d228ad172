// What the A4 sheets share: margins, ruled headings, text that breaks over pages, the red ground of dangers, the rule that says who says so.
import type { CardFace, Phrase, SheetFact } from './card-face.ts';
import { A4 } from './card-sheet.ts';
import { COLOUR } from './colours.ts';
import type { Colour } from './colours.ts';
import { dangerNoun, layDangerSilence } from './danger-block.ts';
import type { DrawingTools, Mark, Weight } from './drawing.ts';
import { dangerOctagon } from './emblems.ts';
import type { Strip } from './page-flow.ts';
import { spaceStrip } from './page-flow.ts';
import { printable } from './printable-text.ts';
import { filledRect, straightLine } from './shapes.ts';
import type { FittedText, TextStyle } from './text-fit.ts';
import { placeText, setText } from './text-fit.ts';

export const LEFT_MM = 18;
export const WIDTH_MM = A4.width - 2 * LEFT_MM;
export const TOP_MM = 14;
export const BOTTOM_MM = A4.height - 21;
/** The code by which a print is checked, with its quiet zone. */
export const PROOF_MM = 20;

export function fixed(weight: Weight, sizePt: number, colour: Colour = COLOUR.ink): TextStyle {
  return { weight, sizePt, minPt: sizePt, colour };
}

export function joined(phrase: Phrase): string {
  return [phrase.first, phrase.second].filter((word) => word !== undefined).join('\u2002');
}

/** One strip for each line, so that even an endless text breaks over pages instead of being cut. */
export function lineStrips(
  fitted: FittedText,
  x: number,
  width: number,
  beside: (y: number, height: number) => Mark[],
): Strip[] {
  return fitted.lines.map((line, index) => ({
    heightMm: fitted.lineMm,
    keepWithNext: index < fitted.lines.length - 1,
    draw: (y) => [...beside(y, fitted.lineMm), ...placeText({ ...fitted, lines: [line] }, { x, y, width })],
  }));
}

export function headingStrips(tools: DrawingTools, words: string): Strip[] {
  const fitted = setText(tools, words, fixed(600, 14), WIDTH_MM);
  return [
    spaceStrip(4.6),
    {
      heightMm: fitted.heightMm + 3,
      keepWithNext: true,
      draw: (y) => [
        filledRect({ x: LEFT_MM, y, width: WIDTH_MM, height: 0.6 }, COLOUR.ink),
        ...placeText(fitted, { x: LEFT_MM, y: y + 1.8, width: WIDTH_MM }),
      ],
    },
  ];
}

/** Every danger in two columns; the red ground is drawn row by row so that it can cross a page. */
export function dangerStrips(tools: DrawingTools, face: CardFace): Strip[] {
  if (face.dangers.length === 0)
    return [
      {
        heightMm: 24,
        draw: (y) => {
          const box = { x: LEFT_MM, y, width: WIDTH_MM, height: 24 };
          const area = { x: LEFT_MM + 5, y: y + 2, width: WIDTH_MM - 10, height: 20 };
          return [
            filledRect(box, COLOUR.sunk),
            filledRect({ ...box, height: 0.6 }, COLOUR.ink),
            ...layDangerSilence(tools, face, area, 15),
          ];
        },
      },
    ];
  const ground = (y: number, height: number): Mark =>
    // A hair of overlap closes the seam that some viewers draw between touching areas.
    filledRect({ x: LEFT_MM, y, width: WIDTH_MM, height: height + 0.05 }, COLOUR.dangerBlock);
  const textX = LEFT_MM + 15;
  const columns = face.dangers.length === 1 ? 1 : 2;
  const columnWidth = (WIDTH_MM - 15 - 5 - (columns - 1) * 5) / columns;
  const heading = setText(tools, joined(face.labels.danger), fixed(600, 12, COLOUR.white), WIDTH_MM - 20);
  const cells = face.dangers.map((danger) => {
    const noun = setText(
      tools,
      dangerNoun(danger),
      fixed(700, columns === 1 ? 24 : 17, COLOUR.white),
      columnWidth,
    );
    const words = printable(danger.reason);
    const reason = setText(tools, words, fixed(400, columns === 1 ? 14 : 11.4, COLOUR.white), columnWidth);
    return { noun, reason, height: noun.heightMm + reason.heightMm };
  });
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, index) =>
    cells.slice(index * columns, (index + 1) * columns),
  );
  return [
    {
      heightMm: heading.heightMm + 4,
      keepWithNext: true,
      draw: (y) => [
        ground(y, heading.heightMm + 4),
        ...dangerOctagon(LEFT_MM + 4.4, y + 2.4, 7, COLOUR.white),
        ...placeText(heading, { x: textX, y: y + 3, width: WIDTH_MM - 20 }),
      ],
    },
    ...rows.flatMap((row): Strip[] => {
      const height = Math.max(...row.map((cell) => cell.height)) + 2.6;
      if (height > BOTTOM_MM - TOP_MM - 20)
        return row.flatMap((cell) => [
          ...lineStrips(cell.noun, textX, columnWidth, (y, lineMm) => [ground(y, lineMm)]),
          ...lineStrips(cell.reason, textX, columnWidth, (y, lineMm) => [ground(y, lineMm)]),
        ]);
      return [
        {
          heightMm: height,
          draw: (y) => [
            ground(y, height),
            ...row.flatMap((cell, column) => {
              const x = textX + column * (columnWidth + 5);
              return [
                ...placeText(cell.noun, { x, y, width: columnWidth }),
                ...placeText(cell.reason, { x, y: y + cell.noun.heightMm, width: columnWidth }),
              ];
            }),
          ],
        },
      ];
    }),
    { heightMm: 1.6, draw: (y) => [ground(y, 1.6)] },
  ];
}

export function plainStrip(tools: DrawingTools, words: string, style: TextStyle): Strip[] {
  const fitted = setText(tools, words, style, WIDTH_MM);
  return lineStrips(fitted, LEFT_MM, WIDTH_MM, () => []);
}

/** The rule in the margin that says who says so: solid when somebody checked it, dotted when only the person said it. */
export function marginRule(voice: SheetFact['voice'], y: number, height: number): Mark {
  const x = LEFT_MM + 0.6;
  return voice === 'self-reported'
    ? straightLine([x, y], [x, y + height], COLOUR.ink3, 1.1, [1.1, 1.3])
    : straightLine([x, y], [x, y + height], COLOUR.peacock, 1.1);
}
