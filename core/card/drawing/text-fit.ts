// Breaks text into lines and finds the size at which it fits its room. Shrinks, then wraps, never cuts: what cannot fit comes back as undefined.
import type { Colour } from './colours.ts';
import type { Box, DrawingTools, TextMark, Weight } from './drawing.ts';
import { MM_PER_PT } from './drawing.ts';
import { splitGraphemes } from './printable-text.ts';

/** Nothing on a card is set smaller. */
export const SMALLEST_PT = 7;

export interface TextStyle {
  readonly weight: Weight;
  readonly sizePt: number;
  readonly minPt: number;
  readonly colour: Colour;
}

export interface FittedText {
  readonly lines: readonly { readonly text: string; readonly widthMm: number }[];
  readonly sizePt: number;
  readonly lineMm: number;
  readonly heightMm: number;
  /** A word was wider than the line and stands on two. */
  readonly breaksWord: boolean;
  /** From the top of a line to its baseline. */
  readonly ascentMm: number;
  readonly style: TextStyle;
}

const TALL_SCRIPT = /\p{Script=Devanagari}/u;

/** Line height in em: Devanagari needs room above and below for its signs. */
function lineEm(text: string): number {
  return TALL_SCRIPT.test(text) ? 1.42 : 1.2;
}

interface Piece {
  readonly text: string;
  readonly widthEm: number;
  readonly spaceBefore: boolean;
}

function measuredWords(tools: DrawingTools, text: string, weight: Weight): Piece[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => ({
      text: word,
      widthEm: tools.advanceEm(word, weight),
      spaceBefore: index > 0,
    }));
}

/** Parts of a word that is wider than its line: after a hyphen, slash or comma where possible, else between letters. */
function splitWord(tools: DrawingTools, word: Piece, weight: Weight, widthEm: number): Piece[] {
  const atoms = word.text
    .split(/(?<=[-/,;:@.])/u)
    .flatMap((part) => (tools.advanceEm(part, weight) <= widthEm ? [part] : splitGraphemes(part)));
  const pieces: Piece[] = [];
  let text = '';
  let filled = 0;
  const close = (): void => {
    if (text === '') return;
    const measured = tools.advanceEm(text, weight);
    pieces.push({ text, widthEm: measured, spaceBefore: pieces.length === 0 && word.spaceBefore });
    text = '';
    filled = 0;
  };
  for (const atom of atoms) {
    const width = tools.advanceEm(atom, weight);
    if (text !== '' && filled + width > widthEm * 0.985) close();
    text += atom;
    filled += width;
  }
  close();
  return pieces;
}

function wrapPieces(
  tools: DrawingTools,
  words: readonly Piece[],
  weight: Weight,
  widthEm: number,
): { text: string; widthEm: number }[] {
  const spaceEm = tools.advanceEm(' ', weight);
  const lines: { text: string; widthEm: number }[] = [];
  let text = '';
  let filled = 0;
  const pieces = words.flatMap((word) =>
    word.widthEm <= widthEm ? [word] : splitWord(tools, word, weight, widthEm),
  );
  for (const piece of pieces) {
    const gap = text === '' ? 0 : spaceEm;
    const continues = text === '' || piece.spaceBefore;
    if (continues && filled + gap + piece.widthEm <= widthEm) {
      text += (text === '' ? '' : ' ') + piece.text;
      filled += gap + piece.widthEm;
    } else {
      lines.push({ text, widthEm: filled });
      text = piece.text;
      filled = piece.widthEm;
    }
  }
  if (text !== '') lines.push({ text, widthEm: filled });
  return lines;
}

export interface Room {
  readonly width: number;
  readonly height: number;
  readonly maxLines?: number;
}

/** Sets already printable text at exactly one size, however many lines it takes. */
export function setText(tools: DrawingTools, text: string, style: TextStyle, widthMm: number): FittedText {
  const words = measuredWords(tools, text, style.weight);
  return setWords(tools, words, text, style, style.sizePt, widthMm);
}

function setWords(
  tools: DrawingTools,
  words: readonly Piece[],
  text: string,
  style: TextStyle,
  sizePt: number,
  widthMm: number,
): FittedText {
  const emMm = sizePt * MM_PER_PT;
  const lines = wrapPieces(tools, words, style.weight, widthMm / emMm).map((line) => ({
    text: line.text,
    widthMm: line.widthEm * emMm,
  }));
  const lineMm = lineEm(text) * emMm;
  const ascentMm = (TALL_SCRIPT.test(text) ? 1.0 : 0.93) * emMm;
  const breaksWord = words.some((word) => word.widthEm > widthMm / emMm);
  return { lines, sizePt, lineMm, heightMm: lines.length * lineMm, breaksWord, ascentMm, style };
}

/** The sizes from wanted down to least, a fifth of a point apart, the least always among them. */
export function sizesDown(style: Pick<TextStyle, 'sizePt' | 'minPt'>): number[] {
  const sizes: number[] = [];
  for (let size = style.sizePt; size > style.minPt; size -= 0.2) sizes.push(Math.round(size * 100) / 100);
  return [...sizes, style.minPt];
}

/**
 * The largest setting of printable text within its room: first on one line down to the smallest size, then on more lines,
 * and only then with a word broken.
 * Undefined when even the smallest size does not fit.
 */
export function fitText(
  tools: DrawingTools,
  text: string,
  style: TextStyle,
  room: Room,
): FittedText | undefined {
  const words = measuredWords(tools, text, style.weight);
  const settings = sizesDown(style).map((sizePt) => setWords(tools, words, text, style, sizePt, room.width));
  const most = room.maxLines ?? Infinity;
  const fits = (setting: FittedText): boolean =>
    setting.lines.length <= most && setting.heightMm <= room.height + 1e-6;
  return (
    settings.find((setting) => setting.lines.length <= 1 && fits(setting)) ??
    settings.find((setting) => !setting.breaksWord && fits(setting)) ??
    settings.find(fits)
  );
}

/** How far the first line's letters reach above its baseline; Devanagari vowel signs reach highest. */
export function highestInkMm(fitted: FittedText): number {
  const tall = fitted.lines.some((line) => TALL_SCRIPT.test(line.text));
  return (tall ? 1.03 : 0.78) * fitted.sizePt * MM_PER_PT;
}

export type Align = 'left' | 'centre' | 'right';

/** Marks for set text whose first line's top is at `y`. */
export function placeText(
  fitted: FittedText,
  at: { readonly x: number; readonly y: number; readonly width: number; readonly align?: Align },
): TextMark[] {
  return fitted.lines.map((line, index) => {
    const spare = at.width - line.widthMm;
    const shift = at.align === 'right' ? spare : at.align === 'centre' ? spare / 2 : 0;
    const top = at.y + index * fitted.lineMm;
    return {
      kind: 'text',
      text: line.text,
      x: at.x + shift,
      baseline: top + fitted.ascentMm,
      width: line.widthMm,
      sizePt: fitted.sizePt,
      weight: fitted.style.weight,
      colour: fitted.style.colour,
      box: { x: at.x, y: top, width: at.width, height: fitted.lineMm },
    };
  });
}

/** The largest number of whole words (or letters of a single endless word) of a text that fit; used only beside a notice that more exists. */
export function fitBeginning(
  tools: DrawingTools,
  text: string,
  style: TextStyle,
  room: Room,
): FittedText | undefined {
  const words = text.split(' ');
  const units = words.length > 3 ? words : splitGraphemes(text);
  const joiner = words.length > 3 ? ' ' : '';
  const least = { ...style, sizePt: style.minPt };
  let low = 0;
  let high = units.length;
  let best: FittedText | undefined;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const setting = fitText(tools, units.slice(0, middle).join(joiner), least, room);
    if (setting === undefined) high = middle - 1;
    else {
      best = setting;
      low = middle;
    }
  }
  return best;
}

/** One line at a known place; shrinks to fit and throws nothing: at the smallest size it may stand on several lines. */
export function fitOrSmallest(tools: DrawingTools, text: string, style: TextStyle, room: Room): FittedText {
  return (
    fitText(tools, text, style, room) ?? setText(tools, text, { ...style, sizePt: style.minPt }, room.width)
  );
}

export function boxOf(x: number, y: number, width: number, height: number): Box {
  return { x, y, width, height };
}
