// The images of one series on the screen: first as the server draws them, then from their values; scrolled, windowed, zoomed, moved, measured.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { previewAddress } from '../api/images.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { Band } from '../ui/band.tsx';
import { Measures } from './measures.tsx';
import type { Measure } from './measures.tsx';
import type { Slice, Window } from './slices.ts';
import { Tools } from './tools.tsx';
import { useGestures } from './use-gestures.ts';
import type { Tool } from './use-gestures.ts';
import { useView } from './use-view.ts';

export interface StageProps {
  readonly slices: readonly Slice[];
  /** For those who hear the page. */
  readonly name: string;
}

export function Stage({ slices, name }: StageProps) {
  const { t } = useTranslation('imaging');
  const problemWords = useProblemWords();
  const [place, setPlace] = useState(Math.floor((slices.length - 1) / 2));
  const [tool, setTool] = useState<Tool>('scroll');
  const [measures, setMeasures] = useState<readonly Measure[]>([]);
  const [begun, setBegun] = useState<Measure>();
  /** Zoomed or moved: the server's preview would not lie where the image does. */
  const [isFit, setIsFit] = useState(true);
  const canvas = useRef<HTMLDivElement>(null);
  const { view, shown, problem, drawn } = useView(canvas, slices, place);
  const slice = slices[place];
  const moved = (by: number) =>
    setPlace((at) => Math.min(slices.length - 1, Math.max(0, at + Math.round(by))));
  const windowed = (next: Window) => view?.setWindow({ ...next, width: Math.max(1, next.width) });
  const zoomed = (factor: number) => {
    setIsFit(false);
    view?.zoomBy(factor);
  };
  const gestures = useGestures(tool, {
    scrollBy: moved,
    windowBy([x, y]) {
      const now = view?.window();
      if (now === undefined) return;
      const step = Math.max(0.5, now.width / 250);
      windowed({ center: now.center + y * step, width: now.width + x * step });
    },
    panBy(by) {
      setIsFit(false);
      view?.panBy(by);
    },
    zoomBy: zoomed,
    measure(from, to, whole) {
      if (view === undefined || shown !== place) return;
      const line = { place, from: view.toImage(from), to: view.toImage(to) };
      setBegun(whole ? undefined : line);
      if (whole) setMeasures((all) => [...all, line].slice(-50));
    },
  });
  useEffect(() => {
    const element = canvas.current?.parentElement;
    // The page must not scroll under the wheel; React's own handler cannot say so.
    const still = (event: Event) => event.preventDefault();
    element?.addEventListener('wheel', still, { passive: false });
    return () => element?.removeEventListener('wheel', still);
  }, []);
  if (slice === undefined) return null;
  const waits = shown !== place;
  const all = begun === undefined ? measures : [...measures, begun];
  return (
    <div className="stage-frame">
      <div className="stage" data-drawn={shown ?? ''} {...gestures}>
        <div aria-label={name} className="stage-canvas" ref={canvas} role="img" />
        {waits && isFit && problem === undefined ? (
          <img
            alt=""
            className="stage-picture stage-preview"
            draggable={false}
            fetchPriority="high"
            src={previewAddress(slice)}
          />
        ) : null}
        {view === undefined || waits ? null : (
          <Measures
            drawn={drawn}
            measures={all.filter((one) => one.place === place)}
            slice={slice}
            view={view}
          />
        )}
        <p aria-hidden="true" className="stage-place">
          {place + 1} / {slices.length}
        </p>
      </div>
      {problem === undefined ? null : (
        <Band announce tone="caution" title={t('notDrawn')}>
          {problemWords(problem)}
        </Band>
      )}
      <Tools
        measured={measures.length > 0}
        onClear={() => {
          setMeasures([]);
          setBegun(undefined);
        }}
        onPlace={setPlace}
        onReset={() => {
          setIsFit(true);
          view?.reset();
        }}
        onTool={setTool}
        onWindow={windowed}
        onZoom={zoomed}
        place={place}
        slice={slice}
        slices={slices.length}
        tool={tool}
        window={view?.window()}
      />
    </div>
  );
}
