// What fingers, mouse and wheel do on the stage: one finger does what the chosen tool says, two zoom and move, the wheel scrolls.
import { useRef } from 'react';
import type { PointerEvent, WheelEvent } from 'react';
import type { Point } from './view.ts';

export type Tool = 'scroll' | 'window' | 'move' | 'measure';

export interface GestureActs {
  readonly scrollBy: (slices: number) => void;
  readonly windowBy: (by: Point) => void;
  readonly panBy: (by: Point) => void;
  readonly zoomBy: (factor: number) => void;
  /** A line from where the finger came down to where it is; `whole` when it was lifted. */
  readonly measure: (from: Point, to: Point, whole: boolean) => void;
}

const PIXELS_A_SLICE = 10;
const WHEEL_A_SLICE = 40;
const NEAR = 5;

interface Finger {
  readonly began: Point;
  readonly at: Point;
}

export function useGestures(tool: Tool, acts: GestureActs) {
  const fingers = useRef(new Map<number, Finger>());
  const rest = useRef(0);
  const tapped = useRef<Point>(undefined);
  const placeOf = (event: { clientX: number; clientY: number; currentTarget: Element }): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  /** Whole slices out of a way; what is left counts for the next. */
  const scrolled = (way: number, unit: number) => {
    rest.current += way / unit;
    const whole = Math.trunc(rest.current);
    rest.current -= whole;
    if (whole !== 0) acts.scrollBy(whole);
  };
  const one = (finger: Finger, by: Point) => {
    if (tool === 'scroll') scrolled(by[1], PIXELS_A_SLICE);
    else if (tool === 'window') acts.windowBy(by);
    else if (tool === 'move') acts.panBy(by);
    else if (distance(finger.began, finger.at) > NEAR) acts.measure(finger.began, finger.at, false);
  };
  return {
    onPointerDown(event: PointerEvent) {
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = placeOf(event);
      fingers.current.set(event.pointerId, { began: at, at });
      rest.current = 0;
    },
    onPointerMove(event: PointerEvent) {
      const before = fingers.current.get(event.pointerId);
      if (before === undefined) return;
      const at = placeOf(event);
      const now = { ...before, at };
      const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
      fingers.current.set(event.pointerId, now);
      const by: Point = [at[0] - before.at[0], at[1] - before.at[1]];
      if (other === undefined) return one(now, by);
      const [was, is] = [distance(before.at, other.at), distance(at, other.at)];
      if (was > 0) acts.zoomBy(is / was);
      acts.panBy([by[0] / 2, by[1] / 2]);
    },
    onPointerUp(event: PointerEvent) {
      const finger = fingers.current.get(event.pointerId);
      fingers.current.delete(event.pointerId);
      if (finger === undefined || tool !== 'measure' || fingers.current.size > 0) return;
      const { began, at } = finger;
      if (distance(began, at) > NEAR) acts.measure(began, at, true);
      else if (tapped.current === undefined) {
        // Two taps make a line too.
        tapped.current = at;
        acts.measure(at, at, false);
        return;
      } else acts.measure(tapped.current, at, true);
      tapped.current = undefined;
    },
    onPointerCancel(event: PointerEvent) {
      fingers.current.delete(event.pointerId);
    },
    onWheel(event: WheelEvent) {
      if (event.ctrlKey) acts.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      else scrolled(event.deltaY, WHEEL_A_SLICE);
    },
  };
}

const distance = ([a, b]: Point, [c, d]: Point): number => Math.hypot(a - c, b - d);
