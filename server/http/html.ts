// HTML as a value: whatever is put into a template is text and is escaped, unless it is HTML made by a template itself.
// Knows no page.

/** HTML that is safe to send. Only the `html` template and `rawHtml` make it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlPart = Html | string | number | undefined | false | readonly HtmlPart[];

/** A page written in place: html`<p>${name}</p>`. Nothing is printed for undefined and false. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let text = strings[0] ?? '';
  for (const [index, part] of parts.entries()) text += print(part) + (strings[index + 1] ?? '');
  return new Html(text);
}

/** For constants of the program only: never for anything that a person wrote. */
export function rawHtml(constant: string): Html {
  return new Html(constant);
}

function print(part: HtmlPart): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escapeText(part);
  if (typeof part === 'number') return String(part);
  return part.map(print).join('');
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Safe in element content and in quoted attributes. Characters that no reader sees (controls, and those that turn the
 * direction of what follows) are dropped: a name must not be able to rearrange the page around it.
 */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) =>
      /[\t\n\r]/.test(character) ? ' ' : '',
    )
    .replace(/[&<>"'`]/g, (character) => escapes[character] ?? '');
}
