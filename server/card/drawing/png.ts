// Pixels from an SVG whose letters are outlines: no font of the machine is used. sharp is loaded on first use.

async function openSharp(): Promise<(typeof import('sharp'))['default']> {
  const { default: sharp } = await import('sharp');
  // Nothing is drawn twice from the same bytes, so the cache would only hold memory.
  sharp.cache(false);
  return sharp;
}

/** A PNG in the size that the SVG states in pixels; `dpi` is written into the file for printers. Round corners stay clear. */
export async function svgToPng(svg: string, dpi: number): Promise<Uint8Array> {
  const sharp = await openSharp();
  const image = sharp(Buffer.from(svg), { unlimited: true });
  return new Uint8Array(await image.withMetadata({ density: dpi }).png({ compressionLevel: 9 }).toBuffer());
}

/** One grey byte per pixel as a PNG. */
export async function greyToPng(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  const sharp = await openSharp();
  return new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .png({ compressionLevel: 9 })
      .toBuffer(),
  );
}
