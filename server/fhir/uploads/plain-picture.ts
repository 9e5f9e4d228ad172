// A picture as it is kept: upright, without place, time or device in it. Too many pixels are refused by the header alone.
import { stagedSource } from '../../storage/staged-files.ts';
import type { FileSource } from '../../storage/file-store.ts';
import { pixelLimit } from './limits.ts';

export type PictureProblem = 'too-many-pixels' | 'not-a-picture';

/** Writes the plain picture to `plainPath`. */
export async function plainPicture(
  path: string,
  plainPath: string,
  format: 'jpeg' | 'png' | 'webp',
): Promise<FileSource | PictureProblem> {
  const { default: sharp } = await import('sharp');
  try {
    const { width, height, orientation = 1 } = await sharp(path, { limitInputPixels: false }).metadata();
    if (width * height > pixelLimit) return 'too-many-pixels';
    const input = sharp(path, {
      limitInputPixels: pixelLimit,
      failOn: 'error',
      sequentialRead: orientation <= 1,
    });
    const upright = input.rotate();
    if (format === 'jpeg') await upright.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toFile(plainPath);
    else if (format === 'png') await upright.png().toFile(plainPath);
    else await upright.webp({ quality: 92 }).toFile(plainPath);
  } catch {
    return 'not-a-picture';
  }
  return stagedSource(plainPath);
}
