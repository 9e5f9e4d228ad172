// The log's key as this device saw it first: a log that changes its key without saying so is another log. Nothing personal.

export type KeyMemory = 'same' | 'first' | 'changed';

const place = 'log-key';

/** Compares with the key kept on this device, and keeps it when there is none. */
export function keyAsSeen(vkey: string): KeyMemory {
  const kept = localStorage.getItem(place);
  if (kept === null) {
    localStorage.setItem(place, vkey);
    return 'first';
  }
  return kept === vkey ? 'same' : 'changed';
}
