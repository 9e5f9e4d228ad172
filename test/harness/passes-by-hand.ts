// For tests of what a server looks through again and again by the clock.
import { mock } from 'node:test';

/** To be called before the server starts: none of its passes begins by itself, so that each is the test's own, however long that test takes. */
export function beginPassesByHand(): void {
  mock.timers.enable({ apis: ['setInterval'] });
}
