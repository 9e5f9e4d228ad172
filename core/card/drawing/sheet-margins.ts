// What stands above and below the columns of a printed sheet: its title, and whose it is, which page, when, and the code of the print.
import { formatUhid } from '../uhid.ts';
import type { CardFace, Phrase } from './card-face.ts';
import { A4 } from './card-sheet.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import type { DrawingTools, Mark } from './drawing.ts';
import { medallion } from './emblems.ts';
import { fillIn, printable } from './printable-text.ts';
import { filledRect } from './shapes.ts';
import { LEFT_MM, PROOF_MM, TOP_MM, WIDTH_MM } from './sheet-parts.ts';
import { fitOrSmallest, fitText, placeText } from './text-fit.ts';

export interface MarginWords {
  readonly title: Phrase;
  readonly continued: Phrase;
  readonly printed: Phrase;
  readonly page: Phrase;
}

export interface SheetMargins {
  readonly face: Pick<CardFace, 'name' | 'uhid'>;
  readonly words: MarginWords;
  /** "20 Nov 2026, 09:30" */
  readonly printedAt: string;
  /** Of the print itself; on every page. */
  readonly proofUrl?: string;
}

export const FOOT_MM = 30;

/** Title or name above the rule; name, number, page, date and the code of the print below. */
export function layMargins(tools: DrawingTools, sheet: SheetMargins, page: number, pages: number): Mark[] {
  const { face, words, proofUrl } = sheet;
  const first = page === 1;
  const titleY = first ? TOP_MM : TOP_MM - 4;
  const size = first ? 8 : 5.6;
  const title = first
    ? [words.title.first, words.title.second].filter((word) => word !== undefined).join('\u2002')
    : `${words.title.first}, ${words.continued.first}`;
  const heading = fitOrSmallest(
    tools,
    title,
    { weight: 600, sizePt: first ? 17 : 12, minPt: 9, colour: COLOUR.ink },
    { width: WIDTH_MM - size - 2, height: first ? 9 : 6, maxLines: 1 },
  );
  const footY = A4.height - FOOT_MM;
  const side = proofUrl === undefined ? 0 : codeSide(tools, proofUrl, PROOF_MM, 'M');
  const foot = { weight: 400, sizePt: 9.5, minPt: 7, colour: COLOUR.ink2 } as const;
  const room = { width: WIDTH_MM - side - 4, height: 9, maxLines: 2 };
  const number = formatUhid(face.uhid);
  const who =
    fitText(tools, `${printable(face.name)}, ${number}`, foot, room) ??
    fitOrSmallest(tools, number, foot, room);
  const when = `${fillIn(words.printed.first, { date: printable(sheet.printedAt) })}, ${fillIn(words.page.first, { page, pages })}`;
  return [
    filledRect({ x: 0, y: 0, width: A4.width, height: A4.height }, COLOUR.white),
    ...medallion(LEFT_MM, titleY - 0.4, size, COLOUR.peacock),
    ...placeText(heading, { x: LEFT_MM + size + 2, y: titleY, width: WIDTH_MM - size - 2 }),
    filledRect({ x: LEFT_MM, y: titleY + (first ? 10 : 7), width: WIDTH_MM, height: 0.6 }, COLOUR.ink),
    filledRect({ x: LEFT_MM, y: footY, width: WIDTH_MM, height: 0.2 }, COLOUR.ink),
    ...placeText(who, { x: LEFT_MM, y: footY + 1.6, width: room.width }),
    ...placeText(fitOrSmallest(tools, when, foot, room), {
      x: LEFT_MM,
      y: footY + 11,
      width: room.width,
    }),
    ...(proofUrl === undefined
      ? []
      : placeCode(tools, proofUrl, { x: LEFT_MM + WIDTH_MM - side, y: footY + 1, side }, 'M')),
  ];
}
