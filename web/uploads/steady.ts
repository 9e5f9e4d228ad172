// What is tried again by itself, when, and what is not: the line, a busy server and one that starts anew come back; a refusal does not.
import { ApiError } from '../api/client.ts';

const PAUSES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

export function comesBack(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    (error.status === 0 || error.status === 423 || error.status === 429 || error.status >= 500)
  );
}

/** It concerns more than this file: nothing else would be taken either. */
export function concernsAll(error: unknown): boolean {
  return error instanceof ApiError && [401, 403, 404].includes(error.status);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', done);
      signal.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', done);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener('online', done, { once: true });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Tries until it succeeds, is refused for good, or is told to stop. */
export async function steadily<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
  told: (waits: boolean) => void,
): Promise<Result> {
  for (let tried = 0; ; tried++) {
    try {
      const result = await work();
      told(false);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!comesBack(error)) throw error;
      told(true);
      const wanted = (error.retryAfterSeconds ?? 0) * 1000;
      await pause(Math.max(wanted, PAUSES_MS[Math.min(tried, PAUSES_MS.length - 1)] ?? 0), signal);
    }
  }
}
