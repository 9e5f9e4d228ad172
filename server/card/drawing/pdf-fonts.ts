// Embeds the glyphs that a PDF uses as composite fonts with their own letters, so that text can be selected and searched.
// pdf-lib's own embedding is not used: it neither joins Devanagari nor places accents.
import type { PDFDocument, PDFRef } from 'pdf-lib';
import type { FontFile } from './typeface.ts';
import { UNITS_PER_EM } from './typeface.ts';
import { subsetTrueType } from './woff.ts';

type PdfLib = typeof import('pdf-lib');

export interface PdfFont {
  readonly file: FontFile;
  readonly ref: PDFRef;
  readonly name: string;
  /** Width of each used glyph in thousandths of an em. */
  readonly advances: Map<number, number>;
  /** What a glyph stands for, where it always stands for the same letters. */
  readonly letters: Map<number, string>;
}

/** The fonts of one document; dictionaries are promised by reference first and written when all text is drawn. */
export interface PdfFonts {
  open(file: FontFile): PdfFont;
  all(): readonly PdfFont[];
  write(): void;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}

/** A glyph number as the four digits that a text operator takes. */
export const glyphHex = hex;

/** A text's UTF-16 code units as hexadecimal digits. */
export function utf16Hex(text: string): string {
  return Array.from({ length: text.length }, (_, index) => hex(text.charCodeAt(index))).join('');
}

function toUnicode(letters: ReadonlyMap<number, string>): string {
  const rows = [...letters].sort(([a], [b]) => a - b).map(([id, text]) => `<${hex(id)}> <${utf16Hex(text)}>`);
  const blocks: string[] = [];
  for (let index = 0; index < rows.length; index += 100) {
    const block = rows.slice(index, index + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <FFFF> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

/** Six capital letters that depend on the glyphs used, as PDF asks of a subset's name. */
function subsetTag(glyphs: readonly number[]): string {
  let state = glyphs.reduce((sum, glyph) => (sum * 31 + glyph) % 308915776, 7);
  let tag = '';
  for (let index = 0; index < 6; index += 1) {
    tag += String.fromCharCode(65 + (state % 26));
    state = Math.floor(state / 26);
  }
  return tag;
}

function writeFont(pdf: PdfLib, document: PDFDocument, font: PdfFont): void {
  const { context } = document;
  const glyphs = [...font.advances.keys()].sort((a, b) => a - b);
  const baseFont = `${subsetTag(glyphs)}+IBMPlexSansDevanagari-${font.file.id}`;
  const program = subsetTrueType(font.file.tables, new Set(glyphs));
  const descriptor = context.obj({
    Type: 'FontDescriptor',
    FontName: baseFont,
    Flags: 4,
    FontBBox: [-600, -460, 1400, 1070],
    ItalicAngle: 0,
    Ascent: 1070,
    Descent: -460,
    CapHeight: 698,
    StemV: 90,
    FontFile2: context.register(context.flateStream(program, { Length1: program.length })),
  });
  const descendant = context.obj({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: baseFont,
    CIDSystemInfo: {
      Registry: pdf.PDFString.of('Adobe'),
      Ordering: pdf.PDFString.of('Identity'),
      Supplement: 0,
    },
    CIDToGIDMap: 'Identity',
    DW: UNITS_PER_EM,
    FontDescriptor: context.register(descriptor),
    W: glyphs.flatMap((glyph): (number | number[])[] => [glyph, [font.advances.get(glyph) ?? 0]]),
  });
  const font0 = context.obj({
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: baseFont,
    Encoding: 'Identity-H',
    DescendantFonts: [context.register(descendant)],
    ToUnicode: context.register(context.flateStream(toUnicode(font.letters))),
  });
  context.assign(font.ref, font0);
}

export function openPdfFonts(pdf: PdfLib, document: PDFDocument): PdfFonts {
  const fonts = new Map<string, PdfFont>();
  return {
    open: (file) => {
      const known = fonts.get(file.id);
      if (known !== undefined) return known;
      const font: PdfFont = {
        file,
        ref: document.context.nextRef(),
        name: `F${fonts.size + 1}`,
        advances: new Map(),
        letters: new Map(),
      };
      fonts.set(file.id, font);
      return font;
    },
    all: () => [...fonts.values()],
    write: () => {
      for (const font of fonts.values()) writeFont(pdf, document, font);
    },
  };
}
