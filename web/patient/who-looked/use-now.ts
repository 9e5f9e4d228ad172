// The moment at which a page was reached: "today" does not change under the reader's eyes.
import { useState } from 'react';

export function useNow(): Date {
  const [now] = useState(() => new Date());
  return now;
}
