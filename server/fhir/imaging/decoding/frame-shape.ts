// What is asked of a decoder, and how it says no. What a stream announces of itself must be what the header of its image says: memory is
// taken by the header alone, which was judged before.

export interface FrameShape {
  readonly width: number;
  readonly height: number;
  /** Values of a pixel. */
  readonly samples: number;
  /** 1, 2 or 4. */
  readonly bytesPerSample: number;
}

/** The stream is not what it says it is. */
export class DamagedFrame extends Error {
  override readonly name = 'DamagedFrame';
  readonly code = 'image-damaged';
}

export function requireIntact(condition: boolean, what: string): asserts condition {
  if (!condition) throw new DamagedFrame(what);
}
