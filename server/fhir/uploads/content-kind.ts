// What a file is, by its first bytes: neither its name nor what its sender calls it counts.

export type ContentKind = 'pdf' | 'jpeg' | 'png' | 'webp' | 'dicom' | 'zip' | 'text' | 'other';

/** How many bytes are asked for. */
export const headBytes = 4096;

/** Groups of the attributes that a DICOM file without a preamble begins with: meta information, or identification. */
const firstGroups = [0x0002, 0x0008];
const firstElements = [0x00, 0x01, 0x02, 0x05, 0x08, 0x16, 0x18, 0x20];

/** An attribute with its representation, or with a length that is none of a text. */
function beginsAsDicom(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (!firstGroups.includes(view.getUint16(0, true)) || !firstElements.includes(view.getUint16(2, true)))
    return false;
  const isLetter = (at: number) => view.getUint8(at) >= 65 && view.getUint8(at) <= 90;
  return (isLetter(4) && isLetter(5)) || view.getUint16(6, true) === 0;
}

/** Words in UTF-8 and nothing that a browser could take for a page, a drawing or a program. */
function isPlainText(head: Uint8Array): boolean {
  // The beginning of a longer file may end within a sign.
  const stream = head.length >= headBytes;
  const text = new TextDecoder('utf-8').decode(head.subarray(0, headBytes), { stream });
  return (
    text.trim() !== '' &&
    !text.includes('\u{fffd}') &&
    !/[^\P{Cc}\t\n\r\f]/u.test(text) &&
    !/^\s*[<#!{[%]/.test(text) &&
    !/<[a-z!?/]/i.test(text)
  );
}

export function contentKindOf(head: Uint8Array): ContentKind {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, headBytes)).toString('latin1');
  if (text.startsWith('%PDF-')) return 'pdf';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp';
  if (text.slice(128, 132) === 'DICM' || beginsAsDicom(head)) return 'dicom';
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'zip';
  return isPlainText(head) ? 'text' : 'other';
}

/**
 * The type under which such a file is stored and served. What is not known to be passive has none: pages, drawings with programs in
 * them and everything else are bytes to take away.
 */
export function contentTypeOfKind(kind: ContentKind): string {
  switch (kind) {
    case 'pdf':
      return 'application/pdf';
    case 'jpeg':
    case 'png':
    case 'webp':
      return `image/${kind}`;
    case 'dicom':
      return 'application/dicom';
    case 'zip':
      return 'application/zip';
    case 'text':
      return 'text/plain';
    case 'other':
      return 'application/octet-stream';
  }
}
