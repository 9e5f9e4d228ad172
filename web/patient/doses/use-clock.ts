// The time as this page shows it, moved on twice a minute while it is open.
import { useEffect, useState } from 'react';

const EVERY_MS = 30_000;

/** Epoch milliseconds. */
export function useClock(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
