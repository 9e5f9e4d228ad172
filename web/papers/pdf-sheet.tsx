// One page of a PDF: its drawing, and its words over it. Draws anew when its size has come to rest, and shows the old drawing until then.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageShape } from './pdf-bounds.ts';
import type { OpenPdf, PdfPage, PdfProblem } from './pdf-document.ts';

const SETTLED_MS = 120;

export interface PdfSheetProps {
  readonly pdf: OpenPdf;
  /** From 1. */
  readonly number: number;
  readonly pages: number;
  /** On the screen, in CSS pixels. */
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly onShape: (number: number, shape: PageShape) => void;
}

export function PdfSheet({ pdf, number, pages, top, left, width, height, onShape }: PdfSheetProps) {
  const { t } = useTranslation('papers');
  const [page, setPage] = useState<PdfPage>();
  const [problem, setProblem] = useState<PdfProblem>();
  const [drawnWidth, setDrawnWidth] = useState(0);
  const [lang, setLang] = useState<string>();
  const drawing = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let over = false;
    pdf.page(number).then(
      (found) => {
        if (over) return;
        onShape(number, found.shape);
        setPage(found);
      },
      (error: unknown) => {
        if (!over) setProblem(codeOf(error));
      },
    );
    return () => {
      over = true;
    };
  }, [pdf, number, onShape]);
  useEffect(() => {
    const container = words.current;
    if (page === undefined || container === null) return undefined;
    const ending = new AbortController();
    page.words(container, ending.signal).then(
      (language) => {
        if (!ending.signal.aborted) setLang(language);
      },
      // Without its words a page is still seen.
      () => undefined,
    );
    return () => {
      ending.abort();
      container.replaceChildren();
    };
  }, [page]);
  useEffect(() => {
    const holder = drawing.current;
    if (page === undefined || holder === null) return undefined;
    const ending = new AbortController();
    const timer = setTimeout(
      () => {
        const canvas = document.createElement('canvas');
        canvas.className = 'pdf-canvas';
        page.draw(canvas, (width / page.shape.width) * devicePixelRatio, ending.signal).then(
          () => {
            if (ending.signal.aborted) return;
            holder.replaceChildren(canvas);
            setDrawnWidth(width);
          },
          (error: unknown) => {
            if (!ending.signal.aborted) setProblem(codeOf(error));
          },
        );
      },
      holder.childElementCount === 0 ? 0 : SETTLED_MS,
    );
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [page, width]);
  const scale = page === undefined ? 1 : width / page.shape.width;
  return (
    <div
      aria-label={t('page', { place: number, of: pages })}
      className="pdf-sheet"
      data-drawn={drawnWidth === 0 ? undefined : drawnWidth}
      data-page={number}
      lang={lang}
      role="group"
      style={{ top, left, width, height, '--total-scale-factor': scale } as object}
    >
      <div aria-hidden="true" className="pdf-drawing" ref={drawing} />
      <div className="pdf-words" ref={words} />
      {problem === undefined ? null : <p className="pdf-broken">{t(`pdf.page.${problem}`)}</p>}
    </div>
  );
}

const codeOf = (error: unknown): PdfProblem => {
  const code = (error as { code?: unknown }).code;
  return code === 'encrypted' || code === 'slow' ? code : 'damaged';
};
