// The platform's source of chance: the system's generator, asked for a page at a time, because every look needs some of it.
import { randomFillSync } from 'node:crypto';

const pageBytes = 4096;
/** More than this is asked for directly. */
const mostFromPage = 64;

/** Bytes handed out are the caller's own; they are wiped from the page, so that nothing here can tell them again. */
export function createRandomBytes(): (count: number) => Uint8Array {
  const page = Buffer.alloc(pageBytes);
  let used = pageBytes;
  return (count) => {
    if (count > mostFromPage) return randomFillSync(new Uint8Array(count));
    if (used + count > pageBytes) {
      randomFillSync(page);
      used = 0;
    }
    const bytes = new Uint8Array(page.subarray(used, used + count));
    page.fill(0, used, used + count);
    used += count;
    return bytes;
  };
}
