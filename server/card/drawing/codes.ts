// QR symbols as module matrices. The encoder is loaded on first use; the layouts never see it.
import type { Code, CodeLevel } from '../../../core/card/drawing/drawing.ts';

export type EncodeCode = (text: string, level: CodeLevel, minVersion: number) => Code | undefined;

/** An encoder that returns undefined for text that no symbol can hold and remembers the last few symbols. */
export async function openEncoder(): Promise<EncodeCode> {
  const { default: qrcode } = await import('qrcode');
  const known = new Map<string, Code | undefined>();
  const encode: EncodeCode = (text, level, minVersion) => {
    if (text === '') return undefined;
    try {
      const free = qrcode.create(text, { errorCorrectionLevel: level });
      const symbol =
        free.version >= minVersion
          ? free
          : qrcode.create(text, { errorCorrectionLevel: level, version: minVersion });
      return {
        version: symbol.version,
        size: symbol.modules.size,
        dark: Uint8Array.from(symbol.modules.data, Number),
      };
    } catch {
      return undefined;
    }
  };
  return (text, level, minVersion) => {
    const key = `${level}${minVersion} ${text}`;
    if (known.size > 50) known.clear();
    if (!known.has(key)) known.set(key, encode(text, level, minVersion));
    return known.get(key);
  };
}
