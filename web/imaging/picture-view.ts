// Images that the server draws: in colour, or with values that are not read here. Window and level are asked of the server.
import { renderedAddress, whyNotDrawn } from '../api/images.ts';
import type { Slice, Window } from './slices.ts';
import type { Point, View } from './view.ts';
import { LEAST_ZOOM, MOST_ZOOM } from './view.ts';

const MOST_PIXELS = 2048;
const ASKED_AFTER_MS = 150;

export async function openPictures(
  element: HTMLDivElement,
  slices: readonly Slice[],
  first: number,
): Promise<View> {
  const image = document.createElement('img');
  image.alt = '';
  image.className = 'stage-picture';
  element.append(image);
  const listeners = new Set<() => void>();
  let place = first;
  let zoom = 1;
  let pan: Point = [0, 0];
  let window = ownWindow(slices[first]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    image.style.transform = `translate(${pan[0]}px, ${pan[1]}px) scale(${zoom})`;
    for (const listener of listeners) listener();
  };
  const show = async (next: number) => {
    place = next;
    const slice = slices[next];
    if (slice === undefined) return;
    const address = renderedAddress(slice, {
      most: MOST_PIXELS,
      ...(window === undefined ? {} : { window }),
    });
    image.src = address;
    try {
      await image.decode();
    } catch (error) {
      // Another was asked for meanwhile.
      if (place !== next) return;
      throw (await whyNotDrawn(address)) ?? error;
    }
    tell();
  };
  /** Pixels of the screen for one of the image, and of the image for a unit of length. */
  const scale = (): { fit: number; down: number; across: number; slice: Slice | undefined } => {
    const slice = slices[place];
    const { clientWidth, clientHeight } = element;
    const fit = Math.min(clientWidth / (slice?.columns || 1), clientHeight / (slice?.rows || 1)) * zoom;
    const [down, across] = slice?.spacing ?? [1, 1];
    return { fit, down, across, slice };
  };
  await show(first);
  return {
    show,
    window: () => window,
    setWindow(next: Window) {
      window = next;
      clearTimeout(timer);
      timer = setTimeout(() => void show(place).catch(() => undefined), ASKED_AFTER_MS);
    },
    zoomBy(factor) {
      zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom * factor));
      tell();
    },
    panBy([x, y]) {
      pan = [pan[0] + x, pan[1] + y];
      tell();
    },
    reset() {
      zoom = 1;
      pan = [0, 0];
      window = ownWindow(slices[place]);
      void show(place).catch(() => undefined);
    },
    toImage([x, y]) {
      const { fit, down, across, slice } = scale();
      const { clientWidth, clientHeight } = element;
      return [
        ((x - clientWidth / 2 - pan[0]) / fit + (slice?.columns ?? 0) / 2) * across,
        ((y - clientHeight / 2 - pan[1]) / fit + (slice?.rows ?? 0) / 2) * down,
      ];
    },
    toCanvas([across, down]) {
      const { fit, slice, ...unit } = scale();
      const { clientWidth, clientHeight } = element;
      return [
        (across / unit.across - (slice?.columns ?? 0) / 2) * fit + pan[0] + clientWidth / 2,
        (down / unit.down - (slice?.rows ?? 0) / 2) * fit + pan[1] + clientHeight / 2,
      ];
    },
    onDrawn(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
    close() {
      clearTimeout(timer);
      image.remove();
    },
  };
}

function ownWindow(slice: Slice | undefined): Window | undefined {
  return slice?.grey === true ? slice.window : undefined;
}
