// The view that draws a series, opened once, and which of its images is on the screen. What was scrolled past is not fetched.
import { useEffect, useReducer, useState } from 'react';
import type { RefObject } from 'react';
import type { Slice } from './slices.ts';
import type { View } from './view.ts';

/** Of an image that one only scrolls past nothing is fetched but the preview. */
const SETTLED_MS = 100;

async function open(element: HTMLDivElement, slices: readonly Slice[], first: number): Promise<View> {
  if (slices.every(({ values }) => values !== undefined)) {
    const { openStack } = await import('./stack-view.ts');
    return openStack(element, slices, first);
  }
  const { openPictures } = await import('./picture-view.ts');
  return openPictures(element, slices, first);
}

export interface ViewNow {
  readonly view: View | undefined;
  /** The place of the image that is drawn. */
  readonly shown: number | undefined;
  readonly problem: unknown;
  /** Another number after each drawing. */
  readonly drawn: number;
}

export function useView(
  canvas: RefObject<HTMLDivElement | null>,
  slices: readonly Slice[],
  place: number,
): ViewNow {
  const [view, setView] = useState<View>();
  const [shown, setShown] = useState<number>();
  const [problem, setProblem] = useState<unknown>();
  const [drawn, draw] = useReducer((times: number) => times + 1, 0);
  const [first] = useState(place);
  useEffect(() => {
    let opened: View | undefined;
    let over = false;
    const element = canvas.current;
    if (element === null) return undefined;
    open(element, slices, first).then(
      (next) => {
        opened = next;
        if (over) return next.close();
        next.onDrawn(draw);
        setView(next);
        setShown(first);
      },
      (error: unknown) => {
        if (!over) setProblem(error);
      },
    );
    return () => {
      over = true;
      opened?.close();
      setView(undefined);
      setShown(undefined);
      setProblem(undefined);
    };
  }, [canvas, slices, first]);
  useEffect(() => {
    if (view === undefined || shown === place) return undefined;
    let over = false;
    const timer = setTimeout(() => {
      setProblem(undefined);
      view.show(place).then(
        () => {
          if (!over) setShown(place);
        },
        (error: unknown) => {
          if (!over) setProblem(error);
        },
      );
    }, SETTLED_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [view, shown, place]);
  return { view, shown, problem, drawn };
}
