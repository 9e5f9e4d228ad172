// What is done with images on the screen, whoever draws them.
import type { Window } from './slices.ts';

export type Point = readonly [number, number];

export interface View {
  /** Resolves when it is drawn. Throws what the server refused it with. */
  show(place: number): Promise<void>;
  window(): Window | undefined;
  setWindow(window: Window): void;
  zoomBy(factor: number): void;
  panBy(by: Point): void;
  reset(): void;
  /** Between the screen and the image; there in millimetres, or in pixels where their size is not known. */
  toImage(point: Point): Point;
  toCanvas(point: Point): Point;
  onDrawn(told: () => void): () => void;
  close(): void;
}

export const LEAST_ZOOM = 0.2;
export const MOST_ZOOM = 40;
