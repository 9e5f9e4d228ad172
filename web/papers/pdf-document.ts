// PDF files by pdf.js, in a chunk of its own: parsed and drawn in workers from our origin. No programs in files, no forms by XFA, no
// WebAssembly, nothing from other places; each drawing has a bound of pixels and of time. Knows no page of the app.
import {
  AnnotationMode,
  GlobalWorkerOptions,
  PasswordException,
  PDFWorker,
  TextLayer,
  VerbosityLevel,
  getDocument,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import rendererAddress from 'pdfjs-dist/legacy/build/pdf.renderer.min.mjs?url';
import workerAddress from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import { PDF_ASSETS } from './pdf-assets.ts';
import { MOST_DRAWING_MS, MOST_IMAGE_PIXELS, drawnScale, pageShape } from './pdf-bounds.ts';
import type { PageShape } from './pdf-bounds.ts';

export type PdfProblem = 'encrypted' | 'damaged' | 'slow';

export class PdfError extends Error {
  override readonly name = 'PdfError';
  readonly code: PdfProblem;
  constructor(code: PdfProblem) {
    super(code);
    this.code = code;
  }
}

export interface PdfPage {
  /** As one sees it: turned as the file says, within bounds. */
  readonly shape: PageShape;
  /** Throws PdfError `slow` or `damaged`. Once the signal is given nothing more happens. */
  draw(canvas: HTMLCanvasElement, scale: number, signal: AbortSignal): Promise<void>;
  /** Its words over the drawing, to be chosen and to be heard. Gives back their language where the file says it. */
  words(container: HTMLElement, signal: AbortSignal): Promise<string | undefined>;
}

export interface OpenPdf {
  /** As many as the file says it has. */
  readonly pages: number;
  /** @param number from 1. Throws PdfError. */
  page(number: number): Promise<PdfPage>;
  close(): void;
}

GlobalWorkerOptions.workerSrc = workerAddress;
GlobalWorkerOptions.rendererSrc = rendererAddress;

/** Takes the bytes with it. Throws PdfError. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  const worker = PDFWorker.create({ verbosity: VerbosityLevel.ERRORS });
  const loading = getDocument({
    data: bytes,
    worker,
    verbosity: VerbosityLevel.ERRORS,
    enableXfa: false,
    useWasm: false,
    useSystemFonts: false,
    maxImageSize: MOST_IMAGE_PIXELS,
    cMapUrl: `${PDF_ASSETS}cmaps/`,
    standardFontDataUrl: `${PDF_ASSETS}fonts/`,
    wasmUrl: `${PDF_ASSETS}codecs/`,
  });
  const close = (): void => {
    void loading.destroy().catch(() => undefined);
    worker.destroy();
  };
  try {
    const document = await inTime(loading.promise);
    return { pages: document.numPages, page: (number) => onePage(document, number), close };
  } catch (error) {
    close();
    throw asPdfError(error);
  }
}

async function onePage(document: PDFDocumentProxy, number: number): Promise<PdfPage> {
  let page: PDFPageProxy;
  try {
    page = await inTime(document.getPage(number));
  } catch (error) {
    throw asPdfError(error);
  }
  const { width, height } = page.getViewport({ scale: 1 });
  const shape = pageShape(width, height);
  return {
    shape,
    async draw(canvas, scale, signal) {
      const viewport = page.getViewport({ scale: drawnScale(shape, scale) });
      canvas.width = Math.max(1, Math.min(Math.floor(viewport.width), shape.width * viewport.scale));
      canvas.height = Math.max(1, Math.min(Math.floor(viewport.height), shape.height * viewport.scale));
      const task = page.render({ canvas, viewport, annotationMode: AnnotationMode.ENABLE });
      const stop = (): void => task.cancel();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await inTime(task.promise);
      } catch (error) {
        stop();
        if (!signal.aborted) throw asPdfError(error);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async words(container, signal) {
      const viewport = page.getViewport({ scale: 1 });
      const content = await page.getTextContent();
      if (signal.aborted) return undefined;
      const layer = new TextLayer({ textContentSource: content, container, viewport });
      const stop = (): void => layer.cancel();
      signal.addEventListener('abort', stop, { once: true });
      await layer.render().catch(() => undefined);
      return content.lang ?? undefined;
    },
  };
}

/** A file can ask for more work than anybody waits for. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PdfError('slow')), MOST_DRAWING_MS);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

function asPdfError(error: unknown): PdfError {
  if (error instanceof PdfError) return error;
  return new PdfError(error instanceof PasswordException ? 'encrypted' : 'damaged');
}
