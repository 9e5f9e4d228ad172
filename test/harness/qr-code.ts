// Reads a QR code out of a picture, as a phone's camera would. Must not know what the code should say.
import { createRequire } from 'node:module';
import sharp from 'sharp';

type ReadCode = (data: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

// CommonJS with a `default` of its own, which the two ways of resolving modules here see differently.
const { default: readCode } = createRequire(import.meta.url)('jsqr') as { default: ReadCode };

/** The text of the one code in a picture of any format; undefined when none can be read. */
export async function decodeQrCode(picture: Uint8Array): Promise<string | undefined> {
  const { data, info } = await sharp(picture)
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return readCode(new Uint8ClampedArray(data), info.width, info.height)?.data;
}
