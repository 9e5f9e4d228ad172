// The visit that is being written: begun once a person, kept on the device as it is typed, and never written over what another window kept.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { VisitDraft } from '../../../core/visit/draft.ts';
import type { Kept, KeptVisit } from '../../api/kept-visits.ts';
import { keepsHere, saveKept } from '../../api/kept-visits.ts';

const PAUSE_MS = 350;

export type Keeping =
  | { readonly kind: 'new' | 'typing' | 'not-kept' | 'elsewhere' }
  | { readonly kind: 'kept'; readonly at: number };

export interface Visit {
  readonly kept: KeptVisit;
  readonly keeping: Keeping;
  readonly change: (part: Partial<VisitDraft>) => void;
  /** Saves now, with more than the draft; false when another window was quicker. */
  readonly keep: (more: Partial<KeptVisit>) => Promise<Kept | undefined>;
}

/**
 * @param first as it was found on the device at that revision and time, or new
 * @param away without network
 */
export function useVisit(
  account: string,
  first: KeptVisit,
  firstRevision: number,
  firstKeptAt: number | undefined,
  away: boolean,
): Visit {
  const [kept, setKept] = useState(first);
  const [keeping, setKeeping] = useState<Keeping>(
    firstKeptAt === undefined ? { kind: 'new' } : { kind: 'kept', at: firstKeptAt },
  );
  const newest = useRef(first);
  const revision = useRef(firstRevision);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // One save after the other: each is based on the one before.
  const saving = useRef<Promise<unknown>>(Promise.resolve());

  const save = useCallback((): Promise<Kept | undefined> => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const run = async (): Promise<Kept | undefined> => {
      const now = Date.now();
      const what = newest.current;
      try {
        const saved = await saveKept(account, what, revision.current, now);
        if (saved === undefined) {
          setKeeping({ kind: 'elsewhere' });
          return undefined;
        }
        revision.current = saved;
        if (newest.current === what) setKeeping({ kind: 'kept', at: now });
        return { ...what, revision: saved, savedAt: now };
      } catch {
        setKeeping({ kind: 'not-kept' });
        return undefined;
      }
    };
    const next = saving.current.then(run);
    saving.current = next;
    return next;
  }, [account]);

  const change = useCallback(
    (part: Partial<VisitDraft>): void => {
      newest.current = {
        ...newest.current,
        draft: { ...newest.current.draft, ...part },
        ...(away ? { writtenAway: true } : {}),
      };
      setKept(newest.current);
      if (!keepsHere()) {
        setKeeping({ kind: 'not-kept' });
        return;
      }
      setKeeping((was) => (was.kind === 'elsewhere' ? was : { kind: 'typing' }));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), PAUSE_MS);
    },
    [away, save],
  );

  const keep = useCallback(
    (more: Partial<KeptVisit>): Promise<Kept | undefined> => {
      newest.current = { ...newest.current, ...more };
      setKept(newest.current);
      return save();
    },
    [save],
  );

  // Whoever leaves the page in the middle of a word loses nothing.
  useEffect(() => {
    const leave = (): void => {
      if (timer.current !== undefined) void save();
    };
    document.addEventListener('visibilitychange', leave);
    window.addEventListener('pagehide', leave);
    return () => {
      leave();
      document.removeEventListener('visibilitychange', leave);
      window.removeEventListener('pagehide', leave);
    };
  }, [save]);

  return { kept, keeping, change, keep };
}
