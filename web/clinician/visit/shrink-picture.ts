// A photo of a paper prescription, small enough to lie in the record: redrawn, so that nothing of the camera or the place is left in it.
import type { Picture } from '../../../core/visit/draft.ts';

const WIDEST = 1600;
const MOST_LETTERS = 3_000_000;

/** Undefined for what the browser cannot read as a picture, or cannot make small enough. */
export async function shrinkPicture(file: Blob): Promise<Picture | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  try {
    const scale = Math.min(1, WIDEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.8, 0.5]) {
      const [, data] = canvas.toDataURL('image/jpeg', quality).split(',');
      if (data !== undefined && data.length > 0 && data.length <= MOST_LETTERS)
        return { contentType: 'image/jpeg', data };
    }
    return undefined;
  } finally {
    bitmap.close();
  }
}
