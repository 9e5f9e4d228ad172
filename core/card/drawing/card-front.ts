// The front of the card: band, who, the code, danger. ISO ID-1. Pure: metrics and QR encoder are arguments.
import { formatUhid } from '../uhid.ts';
import type { CardFace } from './card-face.ts';
import { codeSide, placeCode } from './code-place.ts';
import { COLOUR } from './colours.ts';
import { layDangerBlock } from './danger-block.ts';
import type { Box, Drawing, DrawingTools, Mark } from './drawing.ts';
import { DrawingError, MM_PER_PT } from './drawing.ts';
import { medallion } from './emblems.ts';
import { bloodLine, frontFacts } from './facts-as-text.ts';
import { jpegSize } from './jpeg-size.ts';
import { initials, printable } from './printable-text.ts';
import { cornerMask, filledRect, filledRounded, strokedRounded } from './shapes.ts';
import type { FittedText, TextStyle } from './text-fit.ts';
import {
  fitBeginning,
  fitOrSmallest,
  fitText,
  highestInkMm,
  placeText,
  setText,
  SMALLEST_PT,
} from './text-fit.ts';

export const CARD_WIDTH_MM = 85.6;
export const CARD_HEIGHT_MM = 53.98;
export const CARD_RADIUS_MM = 3.18;
const BAND_MM = 7.2;
const DANGER_TOP_MM = 34.6;
const MARGIN_MM = 3.3;

/** `rounded` draws the card's outline; `bleed` fills to the straight edges for card printers and for cutting. */
export type CardEdge = 'rounded' | 'bleed';

export function cardCorner(edge: CardEdge): number {
  return edge === 'rounded' ? CARD_RADIUS_MM : 0;
}

/** The top of a line whose capitals stand in the middle of a band; two scripts then share a baseline. */
export function lineTop(fitted: FittedText, bandMm: number): number {
  return bandMm / 2 + 0.349 * fitted.style.sizePt * MM_PER_PT - fitted.ascentMm;
}

/** The peacock band with the medallion and the card's title in both languages. */
export function layBand(
  tools: DrawingTools,
  words: { readonly first: string; readonly second?: string },
  edge: CardEdge,
): Mark[] {
  const corner = cardCorner(edge);
  const band: Box = { x: 0, y: 0, width: CARD_WIDTH_MM, height: BAND_MM };
  const style: TextStyle = { weight: 600, sizePt: 8.6, minPt: SMALLEST_PT, colour: COLOUR.white };
  const right = CARD_WIDTH_MM - MARGIN_MM;
  const first = fitOrSmallest(tools, words.first, style, { width: 40, height: BAND_MM, maxLines: 1 });
  const marks: Mark[] = [
    filledRounded(band, [corner, corner, 0, 0], COLOUR.peacock),
    ...medallion(MARGIN_MM, 1.35, 4.3, COLOUR.white),
    ...placeText(first, { x: 8.8, y: lineTop(first, BAND_MM), width: 40 }),
  ];
  if (words.second !== undefined) {
    const room = { width: right - 50, height: BAND_MM, maxLines: 1 };
    const second = fitOrSmallest(tools, words.second, style, room);
    marks.push(
      ...placeText(second, { x: 50, y: lineTop(second, BAND_MM), width: right - 50, align: 'right' }),
    );
  }
  return marks;
}

/** The holder's photo, or initials on a sunk ground: never an empty frame, never a drawn face. */
export function layPortrait(tools: DrawingTools, face: CardFace, box: Box): Mark[] {
  const size = face.photoJpeg === undefined ? undefined : jpegSize(face.photoJpeg);
  if (face.photoJpeg !== undefined && size !== undefined)
    return [
      { kind: 'image', box, jpeg: face.photoJpeg, pixelWidth: size.width, pixelHeight: size.height },
      cornerMask(box, 0.8, COLOUR.white),
    ];
  const letters = initials(face.name);
  const ground = filledRounded(box, [0.8, 0.8, 0.8, 0.8], COLOUR.sunk);
  if (letters === '' || !tools.covers(letters)) return [ground];
  const sizePt = box.width * 1.15;
  const style: TextStyle = { weight: 600, sizePt, minPt: SMALLEST_PT, colour: COLOUR.ink2 };
  const fitted = fitOrSmallest(tools, letters, style, { ...box, maxLines: 1 });
  const y = box.y + (box.height - fitted.heightMm) / 2;
  return [ground, ...placeText(fitted, { x: box.x, y, width: box.width, align: 'centre' })];
}

interface Paragraph {
  readonly text: string;
  readonly style: TextStyle;
  readonly gap: number;
  /** Lower is given up first when the room is too small; Infinity is never given up. */
  readonly worth: number;
}

/** The name as it can be printed: when only the second script has glyphs, it leads. */
export function printedNames(tools: DrawingTools, face: CardFace): { main: string; second: string } {
  const main = printable(face.name);
  const second = printable(face.nameSecond ?? '');
  if (!tools.covers(main) && second !== '' && tools.covers(second)) return { main: second, second: '' };
  return { main, second: tools.covers(second) && second !== main ? second : '' };
}

function setColumn(
  tools: DrawingTools,
  paragraphs: readonly Paragraph[],
  room: { width: number; height: number },
): FittedText[] | undefined {
  const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  for (const [breaks, step] of [false, true].flatMap((may) => steps.map((step) => [may, step] as const))) {
    const set = paragraphs.map(({ text, style }) => {
      const sizePt = style.sizePt - ((style.sizePt - style.minPt) * step) / 8;
      return setText(tools, text, { ...style, sizePt }, room.width);
    });
    if (!breaks && set.some((text) => text.breaksWord)) continue;
    const gaps = paragraphs.reduce((sum, paragraph, index) => sum + (index === 0 ? 0 : paragraph.gap), 0);
    if (set.reduce((sum, text) => sum + text.heightMm, gaps) <= room.height) return set;
  }
  return undefined;
}

function layIdentity(tools: DrawingTools, face: CardFace, box: Box): Mark[] {
  const names = printedNames(tools, face);
  const nameStyle: TextStyle = { weight: 700, sizePt: 13.6, minPt: SMALLEST_PT, colour: COLOUR.ink };
  const oneLine = fitText(
    tools,
    names.main,
    { ...nameStyle, minPt: 10.4 },
    { width: box.width, height: 8, maxLines: 1 },
  );
  const small: TextStyle = { weight: 400, sizePt: 7.6, minPt: SMALLEST_PT, colour: COLOUR.ink };
  const all: Paragraph[] = [
    {
      text: names.main,
      style: {
        ...nameStyle,
        sizePt: oneLine?.sizePt ?? 10.4,
        minPt: oneLine === undefined ? SMALLEST_PT : Math.min(oneLine.sizePt, 9),
      },
      gap: 0,
      worth: Infinity,
    },
    { text: names.second, style: { ...small, weight: 500, sizePt: 8.4 }, gap: 0, worth: 2 },
    { text: printable(face.birthLine), style: small, gap: 0.4, worth: Infinity },
    { text: printable(face.languagesLine ?? ''), style: small, gap: 0, worth: 1 },
    { text: bloodLine(face), style: small, gap: 0, worth: 3 },
    {
      text: formatUhid(face.uhid),
      style: { weight: 600, sizePt: 9.4, minPt: 8, colour: COLOUR.ink },
      gap: 0.7,
      worth: Infinity,
    },
  ];
  const present = all.filter((paragraph) => paragraph.text !== '');
  const dropOrder = present
    .map((paragraph) => paragraph.worth)
    .filter((worth) => worth < Infinity)
    .sort((a, b) => a - b);
  for (const least of [0, ...dropOrder]) {
    const kept = present.filter((paragraph) => paragraph.worth > least);
    const set = setColumn(tools, kept, box);
    if (set !== undefined) return placeColumn(kept, set, box);
  }
  return layEndlessName(tools, face, present, box);
}

function placeColumn(paragraphs: readonly Paragraph[], set: readonly FittedText[], box: Box): Mark[] {
  let y = box.y;
  const marks: Mark[] = [];
  for (const [index, fitted] of set.entries()) {
    if (index > 0) y += paragraphs[index]?.gap ?? 0;
    marks.push(...placeText(fitted, { x: box.x, y, width: box.width }));
    y += fitted.heightMm;
  }
  return marks;
}

/** A name too long for the whole column: as much as fits, and a line that says that it goes on. */
function layEndlessName(
  tools: DrawingTools,
  face: CardFace,
  present: readonly Paragraph[],
  box: Box,
): Mark[] {
  const [name, ...others] = present;
  if (name === undefined) return [];
  const kept = others.filter((paragraph) => paragraph.worth === Infinity);
  const small: TextStyle = { weight: 600, sizePt: 7.4, minPt: SMALLEST_PT, colour: COLOUR.ink2 };
  const lines = kept.map((paragraph) =>
    fitBeginning(tools, paragraph.text, paragraph.style, { width: box.width, height: 3.6, maxLines: 1 }),
  );
  const notice = fitOrSmallest(tools, face.labels.nameGoesOn.first, small, { width: box.width, height: 4 });
  const below = [notice, ...lines].filter((text) => text !== undefined);
  const belowMm = below.reduce((sum, text) => sum + text.heightMm, 0.6);
  const room = { width: box.width, height: box.height - belowMm };
  const beginning = fitBeginning(tools, name.text, { ...name.style, sizePt: 8, minPt: 8 }, room);
  const set = beginning === undefined ? below : [beginning, ...below];
  return placeColumn([], set, box);
}

const SIZES_BY_COUNT = [
  { nounPt: 18, nounMinPt: 9, reasonPt: 11, reasonMinPt: 7 },
  { nounPt: 12.4, nounMinPt: 9, reasonPt: 9, reasonMinPt: 7 },
  { nounPt: 11.4, nounMinPt: 9, reasonPt: 8.2, reasonMinPt: 7 },
  { nounPt: 10, nounMinPt: 9, reasonPt: 7.6, reasonMinPt: 7 },
] as const;

function layDanger(tools: DrawingTools, face: CardFace, corner: number): Mark[] {
  const count = Math.min(Math.max(face.dangers.length, 1), 4);
  const box: Box = {
    x: 0,
    y: DANGER_TOP_MM,
    width: CARD_WIDTH_MM,
    height: CARD_HEIGHT_MM - DANGER_TOP_MM,
  };
  return layDangerBlock(tools, face, box, {
    corners: [0, 0, corner, corner],
    octagonMm: 4.3,
    padding: { x: MARGIN_MM, y: 1.5 },
    sizes: SIZES_BY_COUNT[count - 1] ?? SIZES_BY_COUNT[3],
    most: 4,
    columns: count === 1 ? [1, 2] : [2, 1],
    silencePt: 12,
  });
}

/** The front in ID-1 size. Throws `DrawingError` `code-too-long` for an address that no code of the card's size can hold. */
export function layCardFront(tools: DrawingTools, face: CardFace, edge: CardEdge = 'rounded'): Drawing {
  const corner = cardCorner(edge);
  const whole: Box = { x: 0, y: 0, width: CARD_WIDTH_MM, height: CARD_HEIGHT_MM };
  const side = codeSide(tools, face.url, 21.4, 'M');
  if (side > 24.8) throw new DrawingError('code-too-long', 'The address is too long for the card.');
  const codeX = CARD_WIDTH_MM - 2.6 - side;
  const codeY = Math.max(BAND_MM + 0.2, BAND_MM + (DANGER_TOP_MM - BAND_MM - 3 - side) / 2);
  const captionRoom = { width: side + 2, height: 6, maxLines: 1 };
  const captionStyle: TextStyle = { weight: 600, sizePt: 7.4, minPt: SMALLEST_PT, colour: COLOUR.ink };
  const caption = fitText(tools, face.labels.scanForMore.first, captionStyle, captionRoom);
  const captionRise = caption === undefined ? 0 : caption.ascentMm - highestInkMm(caption);
  const captionY = Math.min(
    codeY + side - captionRise + 0.15,
    DANGER_TOP_MM - (caption?.heightMm ?? 0) - 0.3,
  );
  const marks: Mark[] = [
    filledRounded(whole, [corner, corner, corner, corner], COLOUR.white),
    ...layBand(tools, face.labels.emergencyCard, edge),
    ...layPortrait(tools, face, { x: MARGIN_MM, y: 9.5, width: 14, height: 17.6 }),
    ...layIdentity(tools, face, { x: 20.1, y: 8.7, width: codeX - 20.1 - 0.2, height: DANGER_TOP_MM - 9.2 }),
    ...placeCode(tools, face.url, { x: codeX, y: codeY, side }, 'M'),
    ...(caption === undefined
      ? []
      : placeText(caption, { x: codeX - 1, y: captionY, width: side + 2, align: 'centre' })),
    ...layDanger(tools, face, corner),
    ...(edge === 'rounded' ? [cardOutline()] : []),
  ];
  return {
    widthMm: CARD_WIDTH_MM,
    heightMm: CARD_HEIGHT_MM,
    marks,
    language: face.labels.firstLanguage,
    title: `${face.labels.emergencyCard.first}: ${printable(face.name)}`,
    facts: frontFacts(face),
  };
}

/** A hairline just inside the edge, so that the white part of the card ends somewhere on white paper. */
export function cardOutline(): Mark {
  const inset = 0.06;
  const box = {
    x: inset,
    y: inset,
    width: CARD_WIDTH_MM - 2 * inset,
    height: CARD_HEIGHT_MM - 2 * inset,
  };
  return strokedRounded(box, CARD_RADIUS_MM - inset, COLOUR.edge, 0.12);
}

export function cardGround(edge: CardEdge): Mark {
  const corner = cardCorner(edge);
  const box = { x: 0, y: 0, width: CARD_WIDTH_MM, height: CARD_HEIGHT_MM };
  return corner === 0
    ? filledRect(box, COLOUR.white)
    : filledRounded(box, [corner, corner, corner, corner], COLOUR.white);
}
