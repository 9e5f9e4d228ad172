// Reads a QR code out of a picture, as a phone's camera would. Must not know what the code should say.
import jsqr from 'jsqr';
import sharp from 'sharp';

// The package is CommonJS with a `default` of its own.
const { default: readCode } = jsqr;

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
