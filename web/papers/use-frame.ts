// A frame in which something larger than the screen is looked at: how large it is, how far it was scrolled, and how it is zoomed by
// buttons, wheel, two fingers and keys. Scrolling is the browser's own.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';

export const LEAST_ZOOM = 0.5;
export const MOST_ZOOM = 5;
export const ZOOM_STEP = 1.25;

export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly top: number;
  readonly left: number;
}

export interface Frame {
  /** For the element that scrolls. */
  readonly attach: (element: HTMLDivElement | null) => void;
  readonly element: HTMLDivElement | null;
  /** Of what is seen; nothing before it is measured. */
  readonly box: Box | undefined;
  readonly top: number;
  /** Where it stood before what is drawn last: what becomes shorter moves by itself before it can be asked. */
  readonly stood: () => Place;
  readonly goTo: (place: Place) => void;
  /** 1 is as wide as the frame. */
  readonly zoom: number;
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function useFrame(): Frame {
  const [element, attach] = useState<HTMLDivElement | null>(null);
  const [box, setBox] = useState<Box>();
  const [top, setTop] = useState(0);
  const [zoom, setZoom] = useState(1);
  const place = useRef<Place>({ top: 0, left: 0 });
  const stood = useCallback(() => place.current, []);
  const goTo = useCallback(
    (next: Place) => {
      place.current = next;
      element?.scrollTo(next);
    },
    [element],
  );
  const zoomBy = useCallback(
    (factor: number) => setZoom((now) => Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, now * factor))),
    [],
  );
  const fit = useCallback(() => setZoom(1), []);
  useEffect(() => {
    if (element === null) return undefined;
    const measure = (): void => setBox({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    let asked = 0;
    const scrolled = (): void => {
      place.current = { top: element.scrollTop, left: element.scrollLeft };
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => setTop(element.scrollTop));
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    const letGo = zoomsBy(element, zoomBy);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(asked);
      element.removeEventListener('scroll', scrolled);
      letGo();
    };
  }, [element, zoomBy]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomBy(ZOOM_STEP);
    else if (event.key === '-') zoomBy(1 / ZOOM_STEP);
    else if (event.key === '0') fit();
    else return;
    event.preventDefault();
  };
  return { attach, element, box, top, stood, goTo, zoom, zoomBy, fit, onKeyDown };
}

/** React's own handlers cannot keep the browser from zooming the whole page instead. */
function zoomsBy(element: HTMLElement, zoomBy: (factor: number) => void): () => void {
  let apart = 0;
  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  };
  const between = ({ touches: [one, two] }: TouchEvent): number =>
    one === undefined || two === undefined
      ? 0
      : Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
  const begins = (event: TouchEvent): void => {
    apart = between(event);
  };
  const moves = (event: TouchEvent): void => {
    const now = between(event);
    if (now === 0) return;
    event.preventDefault();
    if (apart > 0) zoomBy(now / apart);
    apart = now;
  };
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('touchstart', begins, { passive: true });
  element.addEventListener('touchmove', moves, { passive: false });
  return () => {
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('touchstart', begins);
    element.removeEventListener('touchmove', moves);
  };
}
