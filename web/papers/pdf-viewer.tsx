// A PDF on the screen: its pages below one another, of which those that are seen are drawn; page by page by buttons, slider and keys.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Band } from '../ui/band.tsx';
import { IconButton } from '../ui/button.tsx';
import { Loading } from '../ui/section.tsx';
import type { Layout, PageShape } from './pdf-bounds.ts';
import { MOST_PAGES, layoutOf, pageAt } from './pdf-bounds.ts';
import type { OpenPdf } from './pdf-document.ts';
import { PdfSheet } from './pdf-sheet.tsx';
import type { Frame } from './use-frame.ts';
import { useFrame } from './use-frame.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

/** At most so wide as one holds it in a hand: an A4 page on a wide screen. */
const WIDEST = 960;
/** Beyond what is seen, so that scrolling meets paper. */
const AHEAD = 300;
const MOST_AT_ONCE = 8;

type Problem = 'encrypted' | 'damaged' | 'slow' | 'unloaded';

export interface PdfViewerProps {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Which document: for those who hear the page. */
  readonly name: string;
}

export function PdfViewer({ bytes, name }: PdfViewerProps) {
  const { t } = useTranslation('papers');
  const [pdf, setPdf] = useState<OpenPdf>();
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    let over = false;
    let open: OpenPdf | undefined;
    void (async () => {
      const parts = await import('./pdf-document.ts').catch(() => undefined);
      if (over) return;
      if (parts === undefined) return setProblem('unloaded');
      try {
        open = await parts.openPdf(bytes.slice());
        if (over) open.close();
        else setPdf(open);
      } catch (error) {
        if (!over) setProblem(error instanceof parts.PdfError ? error.code : 'damaged');
      }
    })();
    return () => {
      over = true;
      open?.close();
    };
  }, [bytes]);
  if (problem !== undefined)
    return (
      <Band announce tone="caution" title={t('notShown')}>
        {t(`pdf.${problem}`)}
      </Band>
    );
  return pdf === undefined ? <Loading>{t('opening')}</Loading> : <Pages name={name} pdf={pdf} />;
}

function Pages({ pdf, name }: { readonly pdf: OpenPdf; readonly name: string }) {
  const { t } = useTranslation('papers');
  const frame = useFrame();
  const [shapes, setShapes] = useState<ReadonlyMap<number, PageShape>>(new Map());
  const onShape = useCallback(
    (number: number, shape: PageShape) =>
      setShapes((known) => (known.has(number) ? known : new Map(known).set(number, shape))),
    [],
  );
  const pages = Math.min(pdf.pages, MOST_PAGES);
  const { attach, element, box, top, zoom } = frame;
  const fit = Math.min(box?.width ?? 0, WIDEST);
  const layout = useMemo(() => layoutOf(shapes, pages, { fit, zoom }), [shapes, pages, fit, zoom]);
  useSteadyPlace(frame, layout);
  const height = box?.height ?? 0;
  const here = pageAt(layout, top + height / 3);
  const from = pageAt(layout, top - AHEAD);
  const to = Math.min(pageAt(layout, top + height + AHEAD), from + MOST_AT_ONCE - 1);
  const goTo = (number: number): void => {
    const wanted = Math.min(pages, Math.max(1, number));
    element?.scrollTo({ top: layout.tops[wanted - 1] ?? 0 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    frame.onKeyDown(event);
    if (zoom > 1 || event.defaultPrevented) return;
    if (event.key === 'ArrowRight') goTo(here + 1);
    if (event.key === 'ArrowLeft') goTo(here - 1);
  };
  return (
    <div className="paper-viewer">
      <div className="paper-acts">
        <p className="paper-page">{t('page', { place: here, of: pdf.pages })}</p>
        {pages === 1 ? null : (
          <>
            <IconButton icon="back" label={t('previous', { of: name })} onPress={() => goTo(here - 1)} />
            <IconButton icon="forward" label={t('next', { of: name })} onPress={() => goTo(here + 1)} />
          </>
        )}
        <ZoomButtons frame={frame} of={name} />
      </div>
      <div
        aria-label={t('pages.of', { name })}
        className="paper-frame"
        onKeyDown={onKeyDown}
        ref={attach}
        role="region"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
        tabIndex={0}
      >
        {box === undefined ? null : (
          <div
            className="pdf-pages"
            style={{ width: Math.max(layout.width, box.width), height: layout.height }}
          >
            {Array.from({ length: to - from + 1 }, (_, at) => from + at).map((number) => (
              <PdfSheet
                height={layout.heights[number - 1] ?? 0}
                key={number}
                left={Math.max(0, (box.width - (layout.widths[number - 1] ?? 0)) / 2)}
                number={number}
                onShape={onShape}
                pages={pdf.pages}
                pdf={pdf}
                top={layout.tops[number - 1] ?? 0}
                width={layout.widths[number - 1] ?? 0}
              />
            ))}
          </div>
        )}
      </div>
      {pages === 1 ? null : (
        <input
          aria-label={t('place', { name })}
          aria-valuetext={t('page', { place: here, of: pdf.pages })}
          className="paper-place"
          max={pages}
          min={1}
          onChange={({ target }) => goTo(Number(target.value))}
          type="range"
          value={here}
        />
      )}
      {pdf.pages > MOST_PAGES ? <p className="quiet">{t('pages.first', { count: MOST_PAGES })}</p> : null}
    </div>
  );
}

/** What is in the middle stays there while pages become larger or are found to be longer than was thought. */
function useSteadyPlace({ element, stood, goTo }: Frame, layout: Layout): void {
  const before = useRef(layout);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = layout;
    if (element === null || was === layout || was.width === 0) return;
    const { clientWidth, clientHeight } = element;
    const { top, left } = stood();
    const middle = top + clientHeight / 2;
    const at = pageAt(was, middle) - 1;
    const share = (middle - (was.tops[at] ?? 0)) / Math.max(1, was.heights[at] ?? 1);
    const now = (layout.tops[at] ?? 0) + share * (layout.heights[at] ?? 0);
    const across = (left + clientWidth / 2) / Math.max(was.width, clientWidth);
    // Who is at the top sees the top of the page.
    goTo({
      top: top === 0 ? 0 : Math.max(0, now - clientHeight / 2),
      left: Math.max(0, across * Math.max(layout.width, clientWidth) - clientWidth / 2),
    });
  }, [element, stood, goTo, layout]);
}
