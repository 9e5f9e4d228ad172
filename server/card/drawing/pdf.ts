// Drawings as the pages of one PDF, each exactly as large as its drawing. pdf-lib is loaded on first use. No clock: the same drawings give the same bytes.
import { setImmediate } from 'node:timers/promises';
import type { PDFDocument, PDFRef } from 'pdf-lib';
import type { Colour } from '../../../core/card/drawing/colours.ts';
import type { Drawing, ImageMark, Mark, PathMark } from '../../../core/card/drawing/drawing.ts';
import type { PdfFonts } from './pdf-fonts.ts';
import { openPdfFonts } from './pdf-fonts.ts';
import { textOperators } from './pdf-text.ts';
import type { Typeface } from './typeface.ts';

const PT_PER_MM = 72 / 25.4;

function number(value: number): string {
  return String(Math.round(value * 10000) / 10000);
}

function rgb(colour: Colour): string {
  return [1, 3, 5].map((at) => number(Number.parseInt(colour.slice(at, at + 2), 16) / 255)).join(' ');
}

function pathOperators(mark: PathMark): string {
  const path = mark.segments
    .map(([operator, ...points]) => {
      if (operator === 'Z') return 'h';
      return `${points.map(number).join(' ')} ${operator === 'M' ? 'm' : operator === 'L' ? 'l' : 'c'}`;
    })
    .join(' ');
  const ends = mark.round ? '1 J 1 j ' : '0 J 0 j ';
  const dash = `[${(mark.dash ?? []).map(number).join(' ')}] 0 d `;
  const stroke =
    mark.stroke === undefined
      ? ''
      : `${rgb(mark.stroke)} RG ${number(mark.strokeWidth ?? 0.2)} w ${ends}${dash}`;
  const fill = mark.fill === undefined ? '' : `${rgb(mark.fill)} rg `;
  const paint = mark.fill === undefined ? 'S' : mark.stroke === undefined ? (mark.evenOdd ? 'f*' : 'f') : 'B';
  return `${fill}${stroke}${path} ${paint}\n`;
}

/** The image scaled to fill its box and clipped to it. */
function imageOperators(mark: ImageMark, name: string): string {
  const { x, y, width, height } = mark.box;
  const scale = Math.max(width / mark.pixelWidth, height / mark.pixelHeight);
  const drawnWidth = mark.pixelWidth * scale;
  const drawnHeight = mark.pixelHeight * scale;
  const left = x - (drawnWidth - width) / 2;
  const bottom = y + height + (drawnHeight - height) / 2;
  const clip = `${[x, y, width, height].map(number).join(' ')} re W n`;
  const place = `${number(drawnWidth)} 0 0 -${number(drawnHeight)} ${number(left)} ${number(bottom)} cm`;
  // The page's y axis points down and an image's up: the height is negative twice, so the picture stands upright.
  return `q ${clip} ${place} 1 0 0 1 0 0 cm /${name} Do Q\n`;
}

function codeOperators(mark: Extract<Mark, { kind: 'code' }>): string {
  const { code, box, moduleMm } = mark;
  let path = '0 0 0 rg ';
  for (let row = 0; row < code.size; row += 1) {
    for (let column = 0; column < code.size; column += 1) {
      const start = column;
      while (column < code.size && code.dark[row * code.size + column] === 1) column += 1;
      if (column === start) continue;
      const rect = [box.x + start * moduleMm, box.y + row * moduleMm, (column - start) * moduleMm, moduleMm];
      path += `${rect.map(number).join(' ')} re `;
    }
  }
  return `${path}f\n`;
}

interface Page {
  readonly content: string;
  readonly images: readonly (readonly [string, PDFRef])[];
}

async function drawPage(
  document: PDFDocument,
  typeface: Typeface,
  fonts: PdfFonts,
  drawing: Drawing,
  embedded: Map<Uint8Array, PDFRef>,
): Promise<Page> {
  const images: (readonly [string, PDFRef])[] = [];
  const unit = number(PT_PER_MM);
  let content = `${unit} 0 0 -${unit} 0 ${number(drawing.heightMm * PT_PER_MM)} cm\n`;
  for (const mark of drawing.marks) {
    switch (mark.kind) {
      case 'path':
        content += pathOperators(mark);
        break;
      case 'text':
        content += textOperators(typeface, fonts, mark, `${rgb(mark.colour)} rg`);
        break;
      case 'code':
        content += codeOperators(mark);
        break;
      case 'image': {
        // A copy: pdf-lib reads the whole memory behind the bytes, and Node keeps small ones together in one.
        const ref = embedded.get(mark.jpeg) ?? (await document.embedJpg(Uint8Array.from(mark.jpeg))).ref;
        embedded.set(mark.jpeg, ref);
        const name = `I${images.length + 1}`;
        images.push([name, ref]);
        content += imageOperators(mark, name);
        break;
      }
    }
  }
  return { content, images };
}

/**
 * One page for each drawing. The first drawing's title and language become the document's.
 * Pages are drawn one at a time with a pause between them, so that a large batch neither holds all of its drawings nor the server.
 */
export async function drawingsToPdf(drawings: Iterable<Drawing>, typeface: Typeface): Promise<Uint8Array> {
  const pdf = await import('pdf-lib');
  const document = await pdf.PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  const fonts = openPdfFonts(pdf, document);
  const fontDictionary = context.nextRef();
  const embedded = new Map<Uint8Array, PDFRef>();
  let first: Drawing | undefined;
  for (const drawing of drawings) {
    first ??= drawing;
    const drawn = await drawPage(document, typeface, fonts, drawing, embedded);
    const page = document.addPage([drawing.widthMm * PT_PER_MM, drawing.heightMm * PT_PER_MM]);
    page.node.set(pdf.PDFName.of('Contents'), context.register(context.flateStream(drawn.content)));
    page.node.set(
      pdf.PDFName.of('Resources'),
      context.obj({ Font: fontDictionary, XObject: Object.fromEntries(drawn.images) }),
    );
    await setImmediate();
  }
  fonts.write();
  context.assign(
    fontDictionary,
    context.obj(Object.fromEntries(fonts.all().map((font) => [font.name, font.ref]))),
  );
  document.setTitle(first?.title ?? '', { showInWindowTitleBar: true });
  document.setLanguage(first?.language ?? 'en');
  document.setProducer('Medallion');
  return document.save({ addDefaultPage: false });
}
