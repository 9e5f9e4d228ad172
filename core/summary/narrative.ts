// The text of a section as XHTML: escaped words in a list, nothing else.

import type { JsonObject } from '../fhir/types.ts';

/** Lines after so many are counted, not written. */
const maxLines = 100;

export function escapeXhtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function listNarrative(lines: readonly string[]): JsonObject {
  const shown = lines.slice(0, maxLines).map((line) => `<li>${escapeXhtml(line)}</li>`);
  const more = lines.length > maxLines ? `<p>and ${lines.length - maxLines} more</p>` : '';
  return narrative(`<ul>${shown.join('')}</ul>${more}`);
}

export function sentenceNarrative(sentence: string): JsonObject {
  return narrative(`<p>${escapeXhtml(sentence)}</p>`);
}

function narrative(content: string): JsonObject {
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` };
}
