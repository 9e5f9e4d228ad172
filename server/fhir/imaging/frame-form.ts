// In which form a frame leaves, out of what is accepted (PS3.18, 8.7.3 and 8.7.5): as it is stored, or unpacked.
import type { PixelsOfInstance } from '../../storage/dicom-instances.ts';
import { frameTypeOf, isUncompressed, plainSyntax } from './frames.ts';

export type FrameForm = 'stored' | 'plain';

interface Range {
  readonly type: string;
  readonly syntax: string | undefined;
  readonly quality: number;
}

const bytes = 'application/octet-stream';

/** `multipart/related; type="image/jls"; transfer-syntax=…, *\/*;q=0.1` in the order of what is preferred. */
function rangesOf(accept: string): Range[] {
  const ranges = [...accept.matchAll(/(?:[^,"]|"[^"]*")+/g)].map(([text]): Range => {
    const [media = '', ...rest] = text.split(';').map((part) => part.trim());
    const given = new Map(
      rest.map((part) => {
        const [name = '', value = ''] = part.split('=').map((side) => side.trim());
        return [name, value.replaceAll('"', '')] as const;
      }),
    );
    const quality = Number(given.get('q') ?? '1');
    return {
      type: media === 'multipart/related' ? (given.get('type') ?? '*/*') : media,
      syntax: given.get('transfer-syntax'),
      quality: Number.isFinite(quality) ? quality : 0,
    };
  });
  return ranges.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
}

const covers = (range: string, type: string): boolean =>
  range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

/** Only grey values are unpacked: their form is never in doubt. */
export const canUnpack = ({ samples, transferSyntax }: PixelsOfInstance): boolean =>
  samples === 1 && transferSyntax !== plainSyntax;

/**
 * Undefined: nothing that is offered is accepted.
 * @param accept in small letters
 */
export function frameFormOf(accept: string, pixels: PixelsOfInstance): FrameForm | undefined {
  const stored = pixels.transferSyntax;
  const type = frameTypeOf(pixels);
  for (const range of rangesOf(accept)) {
    const isBytes = covers(range.type, bytes);
    if (!isBytes && !covers(range.type, type)) continue;
    if (range.syntax === '*' || range.syntax === stored) return 'stored';
    if (range.syntax === undefined) {
      // Bytes of which no more is said are explicit little endian (table 8.7.3-5).
      if (range.type !== bytes || isUncompressed(pixels)) return 'stored';
      if (canUnpack(pixels)) return 'plain';
    } else if (range.syntax === plainSyntax && isBytes && canUnpack(pixels)) return 'plain';
  }
  return undefined;
}
