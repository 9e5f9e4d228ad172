// What a room looks through again and again by the clock: reminders that are due, results nobody acknowledged.
import type { Deps } from './deps.ts';

/**
 * Calls `pass` every so many milliseconds, never while the one before still runs. One that fails is logged by `failed`, without what it
 * was about, and the next is tried. `stop` waits for the one that runs.
 */
export function startPass(
  deps: Pick<Deps, 'log'>,
  { everyMs, failed }: { readonly everyMs: number; readonly failed: string },
  pass: () => Promise<unknown>,
): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      await pass();
    } catch (error) {
      const { name, code } = error as { name?: string; code?: string };
      deps.log.warn({ name, code }, failed);
    }
    running = undefined;
  };
  const timer = setInterval(() => {
    running ??= run();
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
