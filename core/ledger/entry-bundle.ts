// Entry bundles (C2SP tlog-tiles): up to 256 entries, each behind its length in two bytes, big-endian.
import { LedgerError } from './errors.ts';
import { TILE_WIDTH } from './tile-paths.ts';
import { copyBytes } from './bytes.ts';

const longestEntryBytes = 0xffff;

/** Puts 1 to 256 entries of up to 65 535 bytes into a bundle; throws `bundle-malformed` for anything else. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > TILE_WIDTH) throw malformed();
  let length = 0;
  for (const entry of entries) {
    if (entry.length > longestEntryBytes) throw malformed();
    length += 2 + entry.length;
  }
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    view.setUint16(at, entry.length);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** Takes a bundle of exactly `width` entries apart; throws `bundle-malformed` if bytes are missing or left over. */
export function decodeEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (entries.length === width || at + 2 > bytes.length) throw malformed();
    const end = at + 2 + view.getUint16(at);
    if (end > bytes.length) throw malformed();
    entries.push(copyBytes(bytes, at + 2, end));
    at = end;
  }
  if (entries.length !== width || width < 1 || width > TILE_WIDTH) throw malformed();
  return entries;
}

function malformed(): LedgerError {
  return new LedgerError('bundle-malformed', 'not a bundle of that many entries');
}
