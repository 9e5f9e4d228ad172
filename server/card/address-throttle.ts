// How much one address may try in a while. In memory, bounded, and only a second line: every secret also holds by itself.
import { limitedAddress } from '../http/client-address.ts';

export interface Throttle {
  /** Counts one try; false when the address has had its share. */
  take(address: string): boolean;
  /** Whether the share is used up, without counting. */
  spent(address: string): boolean;
}

/** `limit` tries in each window; the oldest of more than `mostAddresses` is forgotten first. */
export function createThrottle(
  now: () => number,
  { limit, windowMs, mostAddresses = 50_000 }: { limit: number; windowMs: number; mostAddresses?: number },
): Throttle {
  const windows = new Map<string, { endsAtMs: number; count: number }>();
  const current = (address: string) => {
    const window = windows.get(limitedAddress(address));
    return window && window.endsAtMs > now() ? window : undefined;
  };
  return {
    spent: (address) => (current(address)?.count ?? 0) >= limit,
    take(address) {
      const window = current(address);
      if (window) {
        window.count += 1;
        return window.count <= limit;
      }
      const key = limitedAddress(address);
      windows.delete(key);
      if (windows.size >= mostAddresses) {
        const oldest = windows.keys().next().value;
        if (oldest !== undefined) windows.delete(oldest);
      }
      windows.set(key, { endsAtMs: now() + windowMs, count: 1 });
      return limit >= 1;
    },
  };
}
