// Lets only so much heavy work run at once and only so much wait, so that a crowd at the door does not stall everybody inside.
import { ApiError } from '../errors.ts';

export interface WorkQueue {
  /** Runs when a place is free. Throws 503 `busy` at once when too many wait already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createWorkQueue(limits: { running: number; waiting: number }): WorkQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= limits.running) {
        if (waiting.length >= limits.waiting) {
          throw new ApiError(
            503,
            'busy',
            'Too many people are signing in at this moment. Try again shortly.',
            {
              headers: { 'retry-after': '2' },
            },
          );
        }
        // Whoever finishes hands over its place, so `running` is not counted down and up in between.
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running++;
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else running--;
      }
    },
  };
}
