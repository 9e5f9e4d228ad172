// A drawing as one self-contained SVG: letters are outlines, so that it looks the same everywhere; the facts are in <title> and <desc>.
import type {
  Code,
  Drawing,
  ImageMark,
  Mark,
  PathMark,
  Segment,
} from '../../../core/card/drawing/drawing.ts';
import { MM_PER_PT } from '../../../core/card/drawing/drawing.ts';
import type { TextMark } from '../../../core/card/drawing/drawing.ts';
import { printable } from '../../../core/card/drawing/printable-text.ts';
import type { Typeface } from './typeface.ts';
import { UNITS_PER_EM } from './typeface.ts';

function number(value: number): string {
  const text = value.toFixed(3);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Text that is safe inside an XML element or a double-quoted attribute. */
export function escapeXml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function segmentsToPath(segments: readonly Segment[]): string {
  return segments.map(([operator, ...points]) => operator + points.map(number).join(' ')).join('');
}

function pathElement(mark: PathMark): string {
  const attributes = [
    `d="${segmentsToPath(mark.segments)}"`,
    `fill="${mark.fill ?? 'none'}"`,
    mark.evenOdd ? 'fill-rule="evenodd"' : '',
    mark.stroke === undefined
      ? ''
      : `stroke="${mark.stroke}" stroke-width="${number(mark.strokeWidth ?? 0.2)}"`,
    mark.round ? 'stroke-linecap="round" stroke-linejoin="round"' : '',
    mark.dash === undefined ? '' : `stroke-dasharray="${mark.dash.map(number).join(' ')}"`,
  ];
  return `<path ${attributes.filter((text) => text !== '').join(' ')}/>`;
}

/** All dark modules as one path, rows merged, so that no hairlines open between them. */
export function codePath(code: Code, x: number, y: number, moduleMm: number): string {
  let path = '';
  for (let row = 0; row < code.size; row += 1) {
    for (let column = 0; column < code.size; column += 1) {
      const start = column;
      while (column < code.size && code.dark[row * code.size + column] === 1) column += 1;
      if (column === start) continue;
      const width = number((column - start) * moduleMm);
      const height = number(moduleMm);
      path += `M${number(x + start * moduleMm)} ${number(y + row * moduleMm)}h${width}v${height}h-${width}z`;
    }
  }
  return path;
}

function textElement(typeface: Typeface, mark: TextMark): string {
  let pen = 0;
  let path = '';
  for (const run of typeface.shape(mark.text, mark.weight)) {
    for (const glyph of run.glyphs) {
      const dx = pen + glyph.xOffset;
      for (const { type, values } of typeface.outline(run.file, glyph.id)) {
        const points = values.map((value, index) =>
          index % 2 === 0 ? Math.round(value + dx) : Math.round(value + glyph.yOffset),
        );
        path += type + points.join(' ');
      }
      pen += glyph.advance;
    }
  }
  if (path === '') return '';
  const scale = (mark.sizePt * MM_PER_PT) / UNITS_PER_EM;
  const transform = `translate(${number(mark.x)} ${number(mark.baseline)}) scale(${scale.toFixed(7)} -${scale.toFixed(7)})`;
  return `<path fill="${mark.colour}" transform="${transform}" d="${path}"/>`;
}

function imageElement(mark: ImageMark): string {
  const { x, y, width, height } = mark.box;
  const data = Buffer.from(mark.jpeg).toString('base64');
  return (
    `<image x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" ` +
    `preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,${data}"/>`
  );
}

function element(typeface: Typeface, mark: Mark): string {
  switch (mark.kind) {
    case 'path':
      return pathElement(mark);
    case 'text':
      return textElement(typeface, mark);
    case 'image':
      return imageElement(mark);
    case 'code':
      return `<path fill="#000000" d="${codePath(mark.code, mark.box.x, mark.box.y, mark.moduleMm)}"/>`;
  }
}

/** The drawing in millimetres, or, with `pixelWidth`, scaled to that many pixels for a rasteriser. */
export function drawingToSvg(drawing: Drawing, typeface: Typeface, pixelWidth?: number): string {
  const { widthMm, heightMm } = drawing;
  const size =
    pixelWidth === undefined
      ? `width="${number(widthMm)}mm" height="${number(heightMm)}mm"`
      : `width="${pixelWidth}" height="${Math.round((pixelWidth * heightMm) / widthMm)}" preserveAspectRatio="none"`;
  const facts = drawing.facts.map(escapeXml).join('\n');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${number(widthMm)} ${number(heightMm)}" ` +
    `role="img" lang="${escapeXml(drawing.language)}"><title>${escapeXml(drawing.title)}</title><desc>${facts}</desc>` +
    `${drawing.marks.map((mark) => element(typeface, mark)).join('')}</svg>`
  );
}
