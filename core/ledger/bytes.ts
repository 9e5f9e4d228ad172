// Copies of byte arrays. A Buffer's own `slice` is a view that changes with its source, so it is never asked here.

/** The bytes from `start` to `end` as an array of their own. */
export function copyBytes(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
