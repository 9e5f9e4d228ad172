// A frame as a picture that any browser shows: window and level applied, scaled down to what is asked for. Pure but for the encoder.
import type { PixelsOfInstance } from '../../storage/dicom-instances.ts';
import type { Samples } from './frames.ts';
import type { Palette } from './palette.ts';
import { paletteColours } from './palette.ts';

export interface Rendering {
  readonly format: 'jpeg' | 'png';
  readonly window?: { readonly center: number; readonly width: number };
  /** Not scaled up. */
  readonly most?: { readonly width: number; readonly height: number };
  readonly quality: number;
  /** Of an image whose values are numbers of colours. */
  readonly palette?: Palette;
}

export async function renderFrame(
  samples: Samples,
  pixels: PixelsOfInstance,
  { format, window, most, quality, palette }: Rendering,
): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const { width, height } = samples;
  const isGrey = samples.channels === 1 && !palette;
  const channels = isGrey ? 1 : 3;
  const data = isGrey
    ? greyOf(samples, pixels, window)
    : palette
      ? paletteColours(samples.values, palette)
      : colourOf(samples, pixels);
  let picture = sharp(data, { raw: { width, height, channels } });
  if (most) picture = picture.resize({ ...most, fit: 'inside', withoutEnlargement: true });
  return format === 'png' ? picture.png().toBuffer() : picture.jpeg({ quality }).toBuffer();
}

/** The linear function of PS3.3, C.11.2.1.2; without a window, from the least value to the greatest. */
function greyOf({ values }: Samples, pixels: PixelsOfInstance, asked: Rendering['window']): Uint8Array {
  const { slope, intercept } = pixels;
  const own =
    pixels.center !== undefined && pixels.width !== undefined && pixels.width > 0
      ? { center: pixels.center, width: pixels.width }
      : undefined;
  const { center, width } = asked ?? own ?? spanOf(values, slope, intercept);
  const inverted = pixels.photometric === 'MONOCHROME1';
  const grey = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = (values[at] ?? 0) * slope + intercept;
    const share = width <= 1 ? (value > center - 0.5 ? 1 : 0) : (value - (center - 0.5)) / (width - 1) + 0.5;
    const shade = Math.round(Math.min(1, Math.max(0, share)) * 255);
    grey[at] = inverted ? 255 - shade : shade;
  }
  return grey;
}

function spanOf(
  values: ArrayLike<number>,
  slope: number,
  intercept: number,
): { center: number; width: number } {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    const value = (values[at] ?? 0) * slope + intercept;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { center: (least + greatest + 1) / 2, width: Math.max(1, greatest - least + 1) };
}

function colourOf({ values, isRgb }: Samples, { photometric, bitsStored }: PixelsOfInstance): Uint8Array {
  const shift = Math.max(0, bitsStored - 8);
  const colour = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) colour[at] = (values[at] ?? 0) >> shift;
  if (isRgb || !photometric.startsWith('YBR_FULL')) return colour;
  // PS3.3, C.7.6.3.1.2
  for (let at = 0; at + 2 < colour.length; at += 3) {
    const [y, blue, red] = [colour[at] ?? 0, (colour[at + 1] ?? 0) - 128, (colour[at + 2] ?? 0) - 128];
    colour[at] = clamp(y + 1.402 * red);
    colour[at + 1] = clamp(y - 0.344136 * blue - 0.714136 * red);
    colour[at + 2] = clamp(y + 1.772 * blue);
  }
  return colour;
}

const clamp = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
