// One at a time for equal keys, all at once for different ones. Attempts are counted before they are made and taken back when
// right; without turns, people who share a login and come together would look like somebody guessing.
import { ApiError } from '../errors.ts';

export interface Turns {
  /** Throws 503 `busy` at once when too many wait for this key. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(mostWaiting = 200): Turns {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>();
  return {
    async run(key, work) {
      const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 };
      if (line.length > mostWaiting) {
        throw new ApiError(503, 'busy', 'Too many people are signing in at this moment. Try again shortly.', {
          headers: { 'retry-after': '2' },
        });
      }
      lines.set(key, line);
      line.length++;
      const turn = line.last.then(work);
      // Whoever comes next waits for the end of this turn, not for its success.
      line.last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        line.length--;
        if (line.length === 0) lines.delete(key);
      }
    },
  };
}
