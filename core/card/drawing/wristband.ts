// A wristband strip of 250 × 25 mm: the code, who, danger, one number to call. The white tail is where it is stuck together.
import { formatUhid } from '../uhid.ts';
import type { CardFace, WristbandFace } from './card-face.ts';
import { A4 } from './card-sheet.ts';
import { printedNames } from './card-front.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import { layDangerBlock } from './danger-block.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { DrawingError } from './drawing.ts';
import { medallion } from './emblems.ts';
import { contactLine, contactsSilence, frontFacts } from './facts-as-text.ts';
import { movedMarks } from './moved.ts';
import { fillIn, printable } from './printable-text.ts';
import { cropMarks, filledRect, straightLine } from './shapes.ts';
import type { TextStyle } from './text-fit.ts';
import { fitBeginning, fitOrSmallest, fitText, placeText, SMALLEST_PT } from './text-fit.ts';

export const WRISTBAND_MM = { width: 250, height: 25 } as const;
const TAIL_MM = 22;

function layWho(tools: DrawingTools, band: WristbandFace, x: number, width: number): Mark[] {
  const { face } = band;
  const nameStyle: TextStyle = { weight: 700, sizePt: 19, minPt: 9, colour: COLOUR.ink };
  const names = printedNames(tools, face);
  const room = { width, height: 11.4 };
  const name =
    fitText(tools, names.main, nameStyle, room) ??
    fitBeginning(tools, names.main, nameStyle, { width, height: 8 });
  const cut =
    name !== undefined && name.lines.map((line) => line.text).join(' ').length < names.main.length / 1.2;
  const small: TextStyle = { weight: 400, sizePt: 10, minPt: SMALLEST_PT, colour: COLOUR.ink };
  const rows = [
    ...(name === undefined ? [] : [name]),
    ...(cut ? [fitOrSmallest(tools, face.labels.nameGoesOn.first, { ...small, sizePt: 7.4 }, room)] : []),
    fitOrSmallest(tools, fillIn(face.labels.born.first, { year: printable(band.birthYear) }), small, room),
    fitOrSmallest(tools, formatUhid(face.uhid), { ...small, weight: 600, sizePt: 11.4, minPt: 8 }, room),
  ];
  const total = rows.reduce((sum, row) => sum + row.heightMm, 0);
  let y = (WRISTBAND_MM.height - total) / 2;
  const marks: Mark[] = [];
  for (const row of rows) {
    marks.push(...placeText(row, { x, y, width }));
    y += row.heightMm;
  }
  return marks;
}

function layCall(tools: DrawingTools, face: CardFace, x: number, width: number): Mark[] {
  const heading = { weight: 600, sizePt: 8, minPt: SMALLEST_PT, colour: COLOUR.ink } as const;
  const small = { weight: 400, sizePt: 8, minPt: SMALLEST_PT, colour: COLOUR.ink } as const;
  const phone = { weight: 700, sizePt: 11, minPt: 9, colour: COLOUR.ink } as const;
  const { first, second } = face.labels.callFirst;
  const silence = contactsSilence(face);
  const contact = face.contacts === 'withheld' ? undefined : face.contacts[0];
  const lines: [string, TextStyle][] = [
    [[first, second].filter((word) => word !== undefined).join('\u2002'), heading],
    ...(contact === undefined
      ? ([[silence ?? '', small]] as [string, TextStyle][])
      : ([
          [contactLine(contact), small],
          [printable(contact.phone), phone],
        ] as [string, TextStyle][])),
  ];
  let y = 3.6;
  const marks: Mark[] = [filledRect({ x, y: 2.4, width, height: 0.4 }, COLOUR.ink)];
  for (const [words, style] of lines) {
    const room = { width, height: WRISTBAND_MM.height - 2 - y };
    const fitted = fitText(tools, words, style, room) ?? fitBeginning(tools, words, style, room);
    if (fitted === undefined) continue;
    marks.push(...placeText(fitted, { x, y, width }));
    y += fitted.heightMm + 0.3;
  }
  return marks;
}

/** The strip itself, without a page around it: for label printers. */
export function layWristband(tools: DrawingTools, band: WristbandFace): Drawing {
  const { face } = band;
  const { width, height } = WRISTBAND_MM;
  const side = codeSide(tools, face.url, 23, 'M');
  if (side > height) throw new DrawingError('code-too-long', 'The address is too long for a wristband.');
  const codeX = 8.4;
  const whoX = codeX + side + 1;
  const dangerX = whoX + 49;
  const dangerWidth = 95;
  const callX = dangerX + dangerWidth + 3;
  const tailX = width - TAIL_MM;
  const tail = fitOrSmallest(
    tools,
    face.labels.stickHere.first,
    { weight: 400, sizePt: 8, minPt: SMALLEST_PT, colour: COLOUR.ink2 },
    { width: TAIL_MM - 2, height },
  );
  const count = Math.min(Math.max(face.dangers.length, 1), 4);
  const marks: Mark[] = [
    filledRect({ x: 0, y: 0, width, height }, COLOUR.white),
    filledRect({ x: 0, y: 0, width: 7, height }, COLOUR.peacock),
    ...medallion(1.1, (height - 4.8) / 2, 4.8, COLOUR.white),
    ...placeCode(tools, face.url, { x: codeX, y: (height - side) / 2, side }, 'M'),
    ...layWho(tools, band, whoX, 46.4),
    ...layDangerBlock(
      tools,
      face,
      { x: dangerX, y: 0, width: dangerWidth, height },
      {
        corners: [0, 0, 0, 0],
        octagonMm: 5,
        padding: { x: 3, y: 2 },
        sizes: {
          nounPt: count === 1 ? 19 : count === 2 ? 14 : 12,
          nounMinPt: 9,
          reasonPt: count <= 2 ? 10 : 8.4,
          reasonMinPt: 7,
        },
        most: 4,
        columns: count <= 2 ? [1, 2] : [2, 1],
        silencePt: 12,
      },
    ),
    ...layCall(tools, face, callX, tailX - callX - 3),
    straightLine([tailX, 0], [tailX, height], COLOUR.ink2, 0.15, [1, 0.8]),
    ...placeText(tail, {
      x: tailX + 1,
      y: (height - tail.heightMm) / 2,
      width: TAIL_MM - 2,
      align: 'centre',
    }),
  ];
  return {
    widthMm: width,
    heightMm: height,
    marks,
    language: face.labels.firstLanguage,
    title: `${face.labels.emergencyCard.first}: ${printable(face.name)}`,
    facts: frontFacts(face),
  };
}

/** The strip twice, one to wear and one to spare, on an A4 page laid on its side with crop marks. */
export function layWristbandSheet(tools: DrawingTools, band: WristbandFace): Drawing {
  const strip = layWristband(tools, band);
  const page = { width: A4.height, height: A4.width };
  const x = (page.width - WRISTBAND_MM.width) / 2;
  const y = 40;
  const style: TextStyle = { weight: 400, sizePt: 10.4, minPt: 8, colour: COLOUR.ink };
  const how = fitOrSmallest(tools, band.face.labels.cutHow.first, style, { width: 200, height: 10 });
  return {
    ...strip,
    widthMm: page.width,
    heightMm: page.height,
    marks: [
      filledRect({ x: 0, y: 0, width: page.width, height: page.height }, COLOUR.white),
      ...placeText(how, { x, y: 22, width: 200 }),
      ...[y, y + 50].flatMap((top) => [
        ...movedMarks(strip.marks, x, top),
        ...cropMarks({ x, y: top, width: WRISTBAND_MM.width, height: WRISTBAND_MM.height }, COLOUR.ink),
      ]),
    ],
  };
}
