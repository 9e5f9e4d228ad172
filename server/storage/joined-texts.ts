// Many texts or byte strings as one value of a statement: as an array each quote in them would be escaped here and unescaped there,
// and each byte written as two digits, which costs more than everything else that is done with them on the way.

/** UTF-8 bytes of all, one after the other; where each begins, counted from 1 as PostgreSQL does; how many bytes each has. */
export interface JoinedTexts {
  bytes: Buffer;
  starts: number[];
  lengths: number[];
}

export function joinTexts(texts: readonly string[]): JoinedTexts {
  const lengths = texts.map((text) => Buffer.byteLength(text, 'utf8'));
  const starts: number[] = [];
  let total = 0;
  for (const length of lengths) {
    starts.push(total + 1);
    total += length;
  }
  const bytes = Buffer.allocUnsafe(total);
  for (const [index, text] of texts.entries()) bytes.write(text, (starts[index] ?? 1) - 1, 'utf8');
  return { bytes, starts, lengths };
}

/** SQL for the text between a start and a length of such a value. */
export function textAt(bytes: string, start: string, length: string): string {
  return `convert_from(substring(${bytes}::bytea from ${start} for ${length}), 'UTF8')`;
}

/** SQL for one of equally long byte strings that stand one after the other; `place` from 1. */
export function bytesAt(bytes: string, place: string, length: number): string {
  return `substring(${bytes}::bytea from ((${place} - 1) * ${length} + 1)::int for ${length})`;
}
