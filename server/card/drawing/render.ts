// Every picture and document of a card, as bytes. Loads fonts, PDF and image libraries on first use; reads no record and knows no token.
import type {
  BlankCard,
  CardFace,
  CardLabels,
  CardSide,
  FridgeLists,
  WristbandFace,
} from '../../../core/card/drawing/card-face.ts';
import { layBlankCards } from '../../../core/card/drawing/blank-cards.ts';
import { layCardBack } from '../../../core/card/drawing/card-back.ts';
import { CARD_WIDTH_MM, layCardFront } from '../../../core/card/drawing/card-front.ts';
import { layCardSheet } from '../../../core/card/drawing/card-sheet.ts';
import { QUIET_MODULES } from '../../../core/card/drawing/code-place.ts';
import type { Code, Drawing, DrawingTools } from '../../../core/card/drawing/drawing.ts';
import { DrawingError } from '../../../core/card/drawing/drawing.ts';
import { layFridgeSheet } from '../../../core/card/drawing/fridge-sheet.ts';
import type { OrderSheet } from '../../../core/card/drawing/order-sheet.ts';
import { layOrderSheet } from '../../../core/card/drawing/order-sheet.ts';
import type { RecordSheet } from '../../../core/card/drawing/record-sheet.ts';
import { layRecordSheet } from '../../../core/card/drawing/record-sheet.ts';
import type { PictureSize } from '../../../core/card/drawing/lock-screen.ts';
import { layLockScreen } from '../../../core/card/drawing/lock-screen.ts';
import { layWristband, layWristbandSheet } from '../../../core/card/drawing/wristband.ts';
import { openEncoder } from './codes.ts';
import { drawingsToPdf } from './pdf.ts';
import { greyToPng, svgToPng } from './png.ts';
import { codePath, drawingToSvg, escapeXml } from './svg.ts';
import type { Typeface } from './typeface.ts';
import { openTypeface } from './typeface.ts';

interface Studio {
  readonly typeface: Typeface;
  readonly tools: DrawingTools;
}

/** The typeface is shared by all drawings; the encoder's memory lives for one. */
export async function openStudio(): Promise<Studio> {
  const typeface = await openTypeface();
  const { advanceEm, covers } = typeface;
  return { typeface, tools: { advanceEm, covers, encodeCode: await openEncoder() } };
}

function laySide(tools: DrawingTools, face: CardFace, side: CardSide): Drawing {
  return side === 'front' ? layCardFront(tools, face) : layCardBack(tools, face);
}

/** Two pages of exactly 85.60 × 53.98 mm, colour to the edge: for card printers. */
export async function renderCardPdf(face: CardFace): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf([layCardFront(tools, face, 'bleed'), layCardBack(tools, face, 'bleed')], typeface);
}

/** One A4 page with both sides at 100 %, crop and fold marks. */
export async function renderCardSheetPdf(face: CardFace): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf([layCardSheet(tools, face)], typeface);
}

/** One side as a self-contained SVG in millimetres, letters as outlines, facts in `<title>` and `<desc>`. */
export async function renderCardSvg(face: CardFace, side: CardSide): Promise<string> {
  const { typeface, tools } = await openStudio();
  return drawingToSvg(laySide(tools, face, side), typeface);
}

/** One side as a PNG; 300 dpi gives 1011 pixels across, 1200 is the most. Throws `DrawingError` `picture-size`. */
export async function renderCardPng(face: CardFace, side: CardSide, dpi: number): Promise<Uint8Array> {
  if (!(dpi >= 72 && dpi <= 1200))
    throw new DrawingError('picture-size', 'Between 72 and 1200 dots an inch.');
  const { typeface, tools } = await openStudio();
  const pixelWidth = Math.round((CARD_WIDTH_MM / 25.4) * dpi);
  return svgToPng(drawingToSvg(laySide(tools, face, side), typeface, pixelWidth), dpi);
}

/** A strip of 250 × 25 mm on an A4 page laid on its side with crop marks, or, as `strip`, alone for label printers. */
export async function renderWristbandPdf(
  band: WristbandFace,
  page: 'a4' | 'strip' = 'a4',
): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  const drawing = page === 'a4' ? layWristbandSheet(tools, band) : layWristband(tools, band);
  return drawingsToPdf([drawing], typeface);
}

/** The A4 sheet for the refrigerator door, as many pages as its facts need. */
export async function renderFridgeSheetPdf(face: CardFace, lists: FridgeLists): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf(layFridgeSheet(tools, face, lists), typeface);
}

/** The whole record on A4, as many pages as it needs. */
export async function renderRecordSheetPdf(sheet: RecordSheet): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf(layRecordSheet(tools, sheet), typeface);
}

/** Tests that were ordered, on A4, each with its number as a code. */
export async function renderOrderSheetPdf(sheet: OrderSheet): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf(layOrderSheet(tools, sheet), typeface);
}

/** An upright lock-screen picture of exactly `size` pixels. */
export async function renderLockScreenPng(face: CardFace, size: PictureSize): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return svgToPng(drawingToSvg(layLockScreen(tools, face, size), typeface, size.width), 96);
}

/** Blank cards, ten to an A4 page. */
export async function renderBlankCardsPdf(
  cards: readonly BlankCard[],
  labels: CardLabels,
): Promise<Uint8Array> {
  const { typeface, tools } = await openStudio();
  return drawingsToPdf(layBlankCards(tools, cards, labels), typeface);
}

async function encodeUrl(url: string): Promise<Code> {
  const code = (await openEncoder())(url, 'M', 4);
  if (code === undefined) throw new DrawingError('code-too-long', 'The address is too long for a code.');
  return code;
}

/** The code alone with its quiet zone, one unit a module. */
export async function renderQrSvg(url: string): Promise<string> {
  const code = await encodeUrl(url);
  const side = code.size + 2 * QUIET_MODULES;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" role="img" shape-rendering="crispEdges">` +
    `<title>${escapeXml(url)}</title><path fill="#FFFFFF" d="M0 0h${side}v${side}h-${side}z"/>` +
    `<path fill="#000000" d="${codePath(code, QUIET_MODULES, QUIET_MODULES, 1)}"/></svg>`
  );
}

/** The code alone with its quiet zone, black on white, `pixelsPerModule` from 1 to 40. */
export async function renderQrPng(url: string, pixelsPerModule: number): Promise<Uint8Array> {
  if (!Number.isInteger(pixelsPerModule) || pixelsPerModule < 1 || pixelsPerModule > 40)
    throw new DrawingError('picture-size', 'Between 1 and 40 whole pixels a module.');
  const code = await encodeUrl(url);
  const side = (code.size + 2 * QUIET_MODULES) * pixelsPerModule;
  const pixels = new Uint8Array(side * side).fill(255);
  for (let y = 0; y < side; y += 1) {
    const row = Math.floor(y / pixelsPerModule) - QUIET_MODULES;
    for (let x = 0; x < side; x += 1) {
      const column = Math.floor(x / pixelsPerModule) - QUIET_MODULES;
      const inside = row >= 0 && column >= 0 && row < code.size && column < code.size;
      if (inside && code.dark[row * code.size + column] === 1) pixels[y * side + x] = 0;
    }
  }
  return greyToPng(pixels, side, side);
}
