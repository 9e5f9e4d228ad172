// The display list: what is drawn where, in millimetres from the top left. Knows nothing of SVG, PDF, pixels or font files.
import type { Colour } from './colours.ts';

export const MM_PER_PT = 25.4 / 72;

/** Weights as a Latin reader sees them; a renderer may take a heavier file for another script. */
export type Weight = 400 | 500 | 600 | 700;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Segment =
  | readonly ['M' | 'L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

export interface PathMark {
  readonly kind: 'path';
  readonly segments: readonly Segment[];
  readonly fill?: Colour;
  readonly evenOdd?: true;
  readonly stroke?: Colour;
  readonly strokeWidth?: number;
  readonly round?: true;
  /** Lengths of dash and gap. */
  readonly dash?: readonly [number, number];
}

/** One line of text. `box` is the room that the layout gave it: a test holds that no line is wider than its room. */
export interface TextMark {
  readonly kind: 'text';
  readonly text: string;
  readonly x: number;
  readonly baseline: number;
  readonly width: number;
  readonly sizePt: number;
  readonly weight: Weight;
  readonly colour: Colour;
  readonly box: Box;
}

/** A JPEG that fills its box; what stands over is cut at the edges, evenly. */
export interface ImageMark {
  readonly kind: 'image';
  readonly box: Box;
  readonly jpeg: Uint8Array;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
}

/** A QR symbol: `dark[row * size + column]` is 1 for a dark module. */
export interface Code {
  readonly version: number;
  readonly size: number;
  readonly dark: Uint8Array;
}

/** A QR symbol in place. `box` is the symbol without its quiet zone, which is four modules all round and white. */
export interface CodeMark {
  readonly kind: 'code';
  readonly box: Box;
  readonly moduleMm: number;
  readonly code: Code;
  readonly payload: string;
}

export type Mark = PathMark | TextMark | ImageMark | CodeMark;

export interface Drawing {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly marks: readonly Mark[];
  readonly language: string;
  readonly title: string;
  /** The same facts in full as lines of text, for those who do not see the picture. */
  readonly facts: readonly string[];
}

export type CodeLevel = 'L' | 'M';

/** What a layout needs from outside: real font metrics and a QR encoder. */
export interface DrawingTools {
  /** Width of one line in em. */
  readonly advanceEm: (text: string, weight: Weight) => number;
  /** Whether every character has a glyph. */
  readonly covers: (text: string) => boolean;
  /** Undefined when the text is too long for any QR symbol. */
  readonly encodeCode: (text: string, level: CodeLevel, minVersion: number) => Code | undefined;
}

/** Thrown by layouts and renderers; `code` is stable, the message names no person. */
export class DrawingError extends Error {
  override readonly name = 'DrawingError';
  readonly code: 'code-too-long' | 'picture-size' | 'nothing-to-draw' | 'typeface-missing';
  constructor(code: DrawingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
