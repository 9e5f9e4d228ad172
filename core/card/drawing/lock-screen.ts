// A picture for the lock screen of a phone: danger, whom to call and the code, in the part that clock and buttons leave free.
import type { CardFace } from './card-face.ts';
import { printedNames } from './card-front.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import { layDangerBlock } from './danger-block.ts';
import type { Drawing, DrawingTools, Mark } from './drawing.ts';
import { DrawingError } from './drawing.ts';
import { medallion } from './emblems.ts';
import { backFacts, bloodLine, contactLine, contactsSilence, frontFacts } from './facts-as-text.ts';
import { fillIn, printable } from './printable-text.ts';
import { filledRect } from './shapes.ts';
import type { FittedText, TextStyle } from './text-fit.ts';
import { fitBeginning, fitOrSmallest, fitText, placeText, SMALLEST_PT } from './text-fit.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const LOCK_SCREEN_SIZES = {
  generic: { width: 1080, height: 2400 },
  tall: { width: 1170, height: 2532 },
} as const satisfies Record<string, PictureSize>;

const COLUMN_MM = 65;
const MARGIN_MM = 3.6;
/** Clock and date of all common phones stand above this share of the height; torch and camera buttons below the other. */
const FREE_TOP = 0.335;
const FREE_BOTTOM = 0.87;
const NEEDED_MM = 66;

function style(weight: 400 | 600 | 700, sizePt: number, minPt = SMALLEST_PT, second = false): TextStyle {
  return { weight, sizePt, minPt, colour: second ? COLOUR.nightInk2 : COLOUR.nightInk };
}

function stack(
  tools: DrawingTools,
  rows: readonly (readonly [string, TextStyle])[],
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): { marks: Mark[]; bottom: number } {
  let y = at.y;
  const marks: Mark[] = [];
  for (const [words, rowStyle] of rows) {
    if (words === '') continue;
    const room = { width: at.width, height: at.y + at.height - y };
    const fitted: FittedText | undefined = fitText(tools, words, rowStyle, room);
    if (fitted === undefined) continue;
    marks.push(...placeText(fitted, { x: at.x, y, width: at.width }));
    y += fitted.heightMm;
  }
  return { marks, bottom: y };
}

/** Contacts that fit beside the code, and a line that counts the others. */
function layContacts(
  tools: DrawingTools,
  face: CardFace,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Mark[] {
  const { labels, contacts } = face;
  const heading = [labels.callFirst.first, labels.callFirst.second]
    .filter((word) => word !== undefined)
    .join('\u2002');
  const silence = contactsSilence(face);
  const head: [string, TextStyle][] = [[heading, style(600, 8)]];
  if (silence !== undefined || contacts === 'withheld')
    return stack(tools, [...head, [silence ?? '', style(400, 8.4)]], box).marks;
  for (let shown = Math.min(3, contacts.length); shown > 0; shown -= 1) {
    const rest = contacts.length - shown;
    const rows: [string, TextStyle][] = [
      ...head,
      ...contacts.slice(0, shown).flatMap((contact): [string, TextStyle][] => [
        [contactLine(contact), style(400, 8)],
        [printable(contact.phone), style(700, 11.6, 9)],
      ]),
      ...(rest > 0
        ? ([[fillIn(labels.moreContactsScan.first, { n: rest }), style(600, 7.6)]] as [string, TextStyle][])
        : []),
    ];
    const laid = stack(tools, rows, box);
    if (laid.marks.length >= rows.filter(([words]) => words !== '').length) return laid.marks;
  }
  const total = fillIn(labels.moreContactsScan.first, { n: contacts.length });
  return stack(tools, [...head, [total, style(600, 8)]], box).marks;
}

/** The lock-screen picture for a screen of `size` pixels, upright. Throws `DrawingError` `picture-size` for a size no phone has. */
export function layLockScreen(tools: DrawingTools, face: CardFace, size: PictureSize): Drawing {
  const ratio = size.height / size.width;
  const whole = [size.width, size.height].every(
    (side) => Number.isInteger(side) && side >= 300 && side <= 5000,
  );
  if (!whole || ratio < 1.2 || ratio > 3)
    throw new DrawingError('picture-size', 'A lock-screen picture is upright, 300 to 5000 pixels a side.');
  const { labels } = face;
  const widthMm = Math.max(COLUMN_MM, NEEDED_MM / ((FREE_BOTTOM - FREE_TOP) * ratio));
  const heightMm = widthMm * ratio;
  const x = (widthMm - COLUMN_MM) / 2 + MARGIN_MM;
  const width = COLUMN_MM - 2 * MARGIN_MM;
  const top = heightMm * FREE_TOP;
  const bottom = heightMm * FREE_BOTTOM;
  const title = [labels.emergencyCard.first, labels.emergencyCard.second]
    .filter((word) => word !== undefined)
    .join('\u2002');
  const fittedTitle = fitOrSmallest(tools, title, style(600, 8.6), {
    width: width - 6,
    height: 5,
    maxLines: 1,
  });
  const names = printedNames(tools, face);
  const nameStyle = style(700, 16, 9);
  const name =
    fitText(tools, names.main, nameStyle, { width, height: 11 }) ??
    fitBeginning(tools, names.main, nameStyle, { width, height: 11 });
  const nameY = top + 6;
  const rows: [string, TextStyle][] = [
    [printable(face.birthLine), style(400, 8.4, SMALLEST_PT, true)],
    [bloodLine(face), style(400, 8.4, SMALLEST_PT, true)],
  ];
  const who = stack(tools, rows, { x, y: nameY + (name?.heightMm ?? 0), width, height: 12 });
  const side = Math.min(26, codeSide(tools, face.url, 24, 'M'));
  const codeY = bottom - side;
  const dangerY = who.bottom + 1.6;
  const dangerHeight = Math.min(30, codeY - 2 - dangerY);
  const many = face.dangers.length > 2;
  const marks: Mark[] = [
    filledRect({ x: 0, y: 0, width: widthMm, height: heightMm }, COLOUR.night),
    ...medallion(x, top + 0.1, 4.2, COLOUR.nightInk),
    ...placeText(fittedTitle, { x: x + 5.6, y: top + 0.8, width: width - 5.6 }),
    ...(name === undefined ? [] : placeText(name, { x, y: nameY, width })),
    ...who.marks,
    ...layDangerBlock(
      tools,
      face,
      { x, y: dangerY, width, height: dangerHeight },
      {
        corners: [1, 1, 1, 1],
        octagonMm: 4.4,
        padding: { x: 2.4, y: 1.6 },
        sizes: { nounPt: many ? 10 : 14, nounMinPt: 9, reasonPt: many ? 7.8 : 9.4, reasonMinPt: 7 },
        most: 6,
        columns: many ? [2, 1] : [1, 2],
        silencePt: 11,
      },
    ),
    ...placeCode(tools, face.url, { x, y: codeY, side }, 'M'),
    ...layContacts(tools, face, {
      x: x + side + 2.4,
      y: codeY,
      width: width - side - 2.4,
      height: side,
    }),
  ];
  return {
    widthMm,
    heightMm,
    marks,
    language: labels.firstLanguage,
    title: `${labels.emergencyCard.first}: ${printable(face.name)}`,
    facts: [...frontFacts(face), ...backFacts(face)],
  };
}
