// After a refusal the focus goes to the field that needs another look, so that its words are heard.
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Give the result to the form. `problem`: whatever came back last; undefined or null while there is none. */
export function useFocusInvalid(problem: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem === undefined || problem === null) return;
    form.current?.querySelector<HTMLElement>('input[aria-invalid="true"]')?.focus();
  }, [problem]);
  return form;
}
