// One line of text as PDF operators: glyphs in place, and the letters they stand for, so that copying gives the words back.
import type { TextMark } from '../../../core/card/drawing/drawing.ts';
import { MM_PER_PT } from '../../../core/card/drawing/drawing.ts';
import type { PdfFont, PdfFonts } from './pdf-fonts.ts';
import { glyphHex, utf16Hex } from './pdf-fonts.ts';
import type { Glyph, Run, Typeface } from './typeface.ts';
import { UNITS_PER_EM } from './typeface.ts';

function number(value: number): string {
  return String(Math.round(value * 10000) / 10000);
}

interface Word {
  readonly text: string;
  readonly glyphs: readonly Glyph[];
}

/** Letters that a glyph belongs to, per cluster in the order of the text. */
function clustersOf(run: Run): { text: string; glyphs: Glyph[] }[] {
  const starts = [...new Set(run.glyphs.map((glyph) => glyph.cluster))].sort((a, b) => a - b);
  return starts.map((start, index) => ({
    text: run.text.slice(start, starts[index + 1] ?? run.text.length),
    glyphs: run.glyphs.filter((glyph) => glyph.cluster === start),
  }));
}

/** Notes what each glyph stands for; false when a glyph already stands for something else or letters were regrouped. */
function noteLetters(font: PdfFont, cluster: { text: string; glyphs: readonly Glyph[] }): boolean {
  const letters = Array.from(cluster.text.replaceAll('\u00a0', ' '));
  const single = cluster.glyphs.length === 1;
  if (!single && letters.length !== cluster.glyphs.length) return false;
  return cluster.glyphs.every((glyph, index) => {
    const text = single ? letters.join('') : (letters[index] ?? '');
    const known = font.letters.get(glyph.id);
    if (glyph.id === 0 || (known !== undefined && known !== text)) return false;
    font.letters.set(glyph.id, text);
    return true;
  });
}

/** Parts of a run that can be shown as they are, and words that need their letters said beside them. */
function partsOf(font: PdfFont, run: Run): { word: Word; needsLetters: boolean }[] {
  const joined = /\p{Script=Devanagari}/u.test(run.text);
  const parts: { text: string; glyphs: Glyph[]; needsLetters: boolean }[] = [];
  for (const cluster of clustersOf(run)) {
    const isSpace = /^[ \u00a0]$/.test(cluster.text);
    const needsLetters = !isSpace && (joined || !noteLetters(font, cluster));
    if (isSpace) noteLetters(font, cluster);
    const last = parts.at(-1);
    if (last !== undefined && last.needsLetters === needsLetters) {
      last.text += cluster.text;
      last.glyphs.push(...cluster.glyphs);
    } else parts.push({ text: cluster.text, glyphs: cluster.glyphs, needsLetters });
  }
  return parts.map(({ text, glyphs, needsLetters }) => ({ word: { text, glyphs }, needsLetters }));
}

/** Glyphs as TJ arrays; a change of height (accents) ends one array and sets the rise of the next. */
function showGlyphs(font: PdfFont, glyphs: readonly Glyph[], sizeMm: number): string {
  let out = '';
  let array = '';
  let rise = 0;
  let pending = 0;
  const flush = (): void => {
    if (array !== '') out += `[${array}]TJ `;
    array = '';
  };
  for (const glyph of glyphs) {
    const nominal = Math.round(font.file.font.glyphHAdvance(glyph.id));
    font.advances.set(glyph.id, nominal);
    if (glyph.yOffset !== rise) {
      if (pending !== 0) array += number(pending);
      pending = 0;
      flush();
      rise = glyph.yOffset;
      out += `${number((rise / UNITS_PER_EM) * sizeMm)} Ts `;
    }
    const before = pending - glyph.xOffset;
    if (before !== 0) array += number(before);
    array += `<${glyphHex(glyph.id)}>`;
    pending = nominal - glyph.advance + glyph.xOffset;
  }
  if (pending !== 0) array += number(pending);
  flush();
  if (rise !== 0) out += '0 Ts ';
  return out;
}

/** Operators for one line, in a space whose unit is a millimetre and whose y axis points down. */
export function textOperators(typeface: Typeface, fonts: PdfFonts, mark: TextMark, fill: string): string {
  const sizeMm = mark.sizePt * MM_PER_PT;
  let out = `BT ${fill} 1 0 0 -1 ${number(mark.x)} ${number(mark.baseline)} Tm `;
  for (const run of typeface.shape(mark.text, mark.weight)) {
    const font = fonts.open(run.file);
    out += `/${font.name} ${number(sizeMm)} Tf `;
    for (const { word, needsLetters } of partsOf(font, run)) {
      const shown = showGlyphs(font, word.glyphs, sizeMm);
      out += needsLetters ? `/Span <</ActualText <FEFF${utf16Hex(word.text)}>>> BDC ${shown}EMC ` : shown;
    }
  }
  return `${out}ET\n`;
}
