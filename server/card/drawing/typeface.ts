// IBM Plex Sans Devanagari as shaped glyphs: which file has a letter, how wide, which outline. HarfBuzz does the shaping,
// because Devanagari needs its letters reordered and joined. Loaded on first use, so that a resting server carries no fonts.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font } from 'harfbuzzjs';
import type { Weight } from '../../../core/card/drawing/drawing.ts';
import { DrawingError } from '../../../core/card/drawing/drawing.ts';
import { splitGraphemes } from '../../../core/card/drawing/printable-text.ts';
import type { FontTable } from './woff.ts';
import { packTrueType, readWoffTables } from './woff.ts';

type Script = 'latin' | 'latin-ext' | 'devanagari';
const SCRIPTS: readonly Script[] = ['latin', 'latin-ext', 'devanagari'];
const WEIGHTS: readonly Weight[] = [400, 500, 600, 700];
/** At equal weights Devanagari looks lighter than Latin, so its files are taken one step heavier. */
const FILE_WEIGHT: Record<Script, Record<Weight, number>> = {
  latin: { 400: 400, 500: 500, 600: 600, 700: 700 },
  'latin-ext': { 400: 400, 500: 500, 600: 600, 700: 700 },
  devanagari: { 400: 500, 500: 600, 600: 600, 700: 700 },
};
export const UNITS_PER_EM = 1000;

export interface FontFile {
  /** Also the name of the font in a PDF: "devanagari-600". */
  readonly id: string;
  readonly tables: ReadonlyMap<string, FontTable>;
  readonly font: Font;
  readonly letters: ReadonlySet<number>;
}

export interface Glyph {
  readonly id: number;
  /** Where in the run's text (UTF-16) the letters begin that this glyph is part of. */
  readonly cluster: number;
  /** All in thousandths of an em. */
  readonly advance: number;
  readonly xOffset: number;
  readonly yOffset: number;
}

/** Letters that were shaped together. `text` is what the glyphs stand for. */
export interface Run {
  readonly file: FontFile;
  readonly text: string;
  readonly glyphs: readonly Glyph[];
  readonly advance: number;
}

export interface OutlineCommand {
  readonly type: string;
  readonly values: readonly number[];
}

export interface Typeface {
  /** One line of text from left to right as shaped runs; a letter that no file has becomes the hollow box of the first file. */
  readonly shape: (text: string, weight: Weight) => readonly Run[];
  readonly advanceEm: (text: string, weight: Weight) => number;
  readonly covers: (text: string) => boolean;
  readonly outline: (file: FontFile, glyph: number) => readonly OutlineCommand[];
}

const IGNORABLE = /^[\u200c\u200d]$/u;

async function loadFiles(): Promise<Map<string, FontFile>> {
  const { Blob, Face, Font: HarfBuzzFont } = await import('harfbuzzjs');
  const resolve = createRequire(import.meta.url).resolve;
  const files = new Map<string, FontFile>();
  const ids = SCRIPTS.flatMap((script) =>
    [...new Set(WEIGHTS.map((weight) => FILE_WEIGHT[script][weight]))].map((weight) => `${script}-${weight}`),
  );
  for (const id of ids) {
    const path = resolve(
      `@fontsource/ibm-plex-sans-devanagari/files/ibm-plex-sans-devanagari-${id}-normal.woff`,
    );
    const tables = readWoffTables(await readFile(path));
    const plain = new Map([...tables].map(([tag, table]) => [tag, table.bytes]));
    const face = new Face(new Blob(packTrueType(plain)));
    if (face.upem !== UNITS_PER_EM)
      throw new DrawingError('typeface-missing', `Font ${id} has another grid.`);
    files.set(id, { id, tables, font: new HarfBuzzFont(face), letters: new Set(face.collectUnicodes()) });
  }
  return files;
}

async function loadTypeface(): Promise<Typeface> {
  const { Buffer: ShapeBuffer, shape: shapeBuffer } = await import('harfbuzzjs');
  const files = await loadFiles();
  const shaped = new Map<string, readonly Run[]>();
  const outlines = new Map<string, readonly OutlineCommand[]>();

  const fileFor = (script: Script, weight: Weight): FontFile => {
    const file = files.get(`${script}-${FILE_WEIGHT[script][weight]}`);
    if (file === undefined) throw new DrawingError('typeface-missing', `No font for ${script} ${weight}.`);
    return file;
  };
  const has = (file: FontFile, grapheme: string): boolean => {
    for (const letter of grapheme) {
      if (!IGNORABLE.test(letter) && file.font.nominalGlyph(letter.codePointAt(0) ?? 0) === undefined)
        return false;
    }
    return true;
  };
  /** The file for one grapheme: as written, or taken apart into letter and accent. */
  const chooseFile = (
    grapheme: string,
    weight: Weight,
    previous: FontFile | undefined,
  ): FontFile | undefined => {
    if (previous !== undefined && /^[ \u00a0\u2002]$/u.test(grapheme)) return previous;
    const candidates = SCRIPTS.map((script) => fileFor(script, weight));
    return (
      candidates.find((file) => has(file, grapheme)) ??
      candidates.find((file) => has(file, grapheme.normalize('NFD')))
    );
  };
  const shapeRun = (file: FontFile, text: string): Run => {
    const buffer = new ShapeBuffer();
    buffer.addText(text);
    buffer.guessSegmentProperties();
    shapeBuffer(file.font, buffer);
    const positions = buffer.getGlyphPositions();
    const glyphs = buffer.getGlyphInfos().map(({ codepoint, cluster }, index) => ({
      id: codepoint,
      cluster,
      advance: positions[index]?.xAdvance ?? 0,
      xOffset: positions[index]?.xOffset ?? 0,
      yOffset: positions[index]?.yOffset ?? 0,
    }));
    return { file, text, glyphs, advance: glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) };
  };
  const missing = (file: FontFile, text: string): Run => {
    const advance = file.font.glyphHAdvance(0);
    return { file, text, glyphs: [{ id: 0, cluster: 0, advance, xOffset: 0, yOffset: 0 }], advance };
  };

  const shape = (text: string, weight: Weight): readonly Run[] => {
    const key = `${weight} ${text}`;
    const known = shaped.get(key);
    if (known !== undefined) return known;
    const runs: Run[] = [];
    let current: FontFile | undefined;
    let gathered = '';
    const close = (): void => {
      if (current !== undefined && gathered !== '') runs.push(shapeRun(current, gathered));
      gathered = '';
    };
    for (const grapheme of splitGraphemes(text.replaceAll('\u2002', ' '))) {
      const file = chooseFile(grapheme, weight, current);
      if (file === undefined) {
        close();
        runs.push(missing(fileFor('latin', weight), grapheme));
        continue;
      }
      if (file !== current) close();
      current = file;
      gathered += grapheme;
    }
    close();
    if (shaped.size > 2000) shaped.clear();
    shaped.set(key, runs);
    return runs;
  };

  return {
    shape,
    advanceEm: (text, weight) =>
      shape(text, weight).reduce((sum, run) => sum + run.advance, 0) / UNITS_PER_EM,
    covers: (text) =>
      splitGraphemes(text).every((grapheme) => chooseFile(grapheme, 400, undefined) !== undefined),
    outline: (file, glyph) => {
      const key = `${file.id} ${glyph}`;
      const known = outlines.get(key) ?? file.font.glyphToJson(glyph);
      outlines.set(key, known);
      return known;
    },
  };
}

let loading: Promise<Typeface> | undefined;

/** The typeface, read once for the life of the process; a failed reading is tried again next time. */
export function openTypeface(): Promise<Typeface> {
  loading ??= loadTypeface().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
