// Work that goes by names: what has a name in common waits for each other in the order it came, everything else goes at once.

export interface Turns {
  /** Does the work when nothing that came before it has one of its names. */
  take<Result>(names: Iterable<string>, work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(names, work) {
      const own = [...new Set(names)];
      const before = own.flatMap((name) => last.get(name) ?? []);
      const mine = Promise.allSettled(before).then(work);
      for (const name of own) last.set(name, mine);
      try {
        return await mine;
      } finally {
        for (const name of own) if (last.get(name) === mine) last.delete(name);
      }
    },
  };
}
