// Narrative.div: well-formed XHTML of the few harmless elements that R4 allows, or a reason to refuse it.
// A check, not a cleaner: what passes is stored exactly as it came.

import type { ProblemKey } from './problems.ts';

const elements = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i ' +
    'img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var'
  ).split(' '),
);
const emptyElements = new Set(['br', 'col', 'hr', 'img']);
const attributes = new Set(
  (
    'abbr align alt axis bgcolor border cellpadding cellspacing char charoff cite class colspan cols compact datetime dir headers ' +
    'height href hreflang hspace id idref lang longdesc name nowrap noshade rel rowspan rules scope size span src start ' +
    'style summary title type valign value vspace width xml:lang xmlns xmlns:xsi'
  ).split(' '),
);

const linkAttributes = new Set(['href', 'src', 'cite', 'longdesc']);
const safeLink =
  /^(?:https?:\/\/|ftp:\/\/|mailto:|tel:|urn:|cid:|#|data:\s{0,2}image\/(?:png|jpeg|gif|webp);base64,|[A-Za-z0-9_./?=&%~+-]*(?:#[^\s\\]*)?$)/i;
const unsafeStyle = /url\s{0,9}\(|expression|behaviou?r|binding|import|javascript|[\\<>]/i;
/** A picture beside the page it belongs to, or in the text itself: names no other place and so tells nobody who reads. */
const ownPicture =
  /url\s{0,9}\((?!\/)(?:[A-Za-z0-9_./-]{1,200}|data:\s{0,2}image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*)\)/gi;
const xhtmlNamespace = 'http://www.w3.org/1999/xhtml';
const maxNesting = 100;

// Sticky patterns, each linear: they are tried once at each tag.
const openTag = /<([A-Za-z][A-Za-z0-9]*)/y;
const closeTag = /<\/([A-Za-z][A-Za-z0-9]*)\s*>/y;
const attribute = /\s+([A-Za-z_][A-Za-z0-9_:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
const entity = /&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});/y;

/** Why the text may not be a Narrative's div; undefined if it may. */
export function narrativeProblem(text: string): ProblemKey | undefined {
  const open: string[] = [];
  let content = false;
  let position = 0;
  let root = false;
  while (position < text.length) {
    const c = text[position];
    if (root && open.length === 0)
      return text.slice(position).trim() === '' ? end(content) : 'narrative-malformed';
    if (c === '<') {
      if (text.startsWith('<!--', position)) {
        const stop = text.indexOf('-->', position + 4);
        if (stop < 0 || open.length === 0) return 'narrative-malformed';
        position = stop + 3;
        continue;
      }
      const closing = match(closeTag, text, position);
      if (closing !== undefined) {
        if (open.pop() !== closing[1]) return 'narrative-malformed';
        position += closing[0].length;
        continue;
      }
      const tag = readOpenTag(text, position);
      if (typeof tag === 'string') return tag;
      if (!root && (tag.name !== 'div' || tag.namespace !== xhtmlNamespace)) return 'narrative-no-div';
      if (tag.name === 'img') content = true;
      if (!tag.selfClosed) open.push(tag.name);
      if (open.length > maxNesting) return 'narrative-malformed';
      root = true;
      position = tag.end;
    } else if (!root) return 'narrative-no-div';
    else if (c === '&') {
      const reference = match(entity, text, position);
      if (reference === undefined) return 'narrative-malformed';
      content = true;
      position += reference[0].length;
    } else {
      content ||= c !== ' ' && c !== '\n' && c !== '\r' && c !== '\t';
      position += 1;
    }
  }
  if (open.length > 0) return 'narrative-malformed';
  return root ? end(content) : 'narrative-no-div';
}

function end(content: boolean): ProblemKey | undefined {
  return content ? undefined : 'narrative-empty';
}

interface OpenTag {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly selfClosed: boolean;
  readonly end: number;
}

function readOpenTag(text: string, at: number): OpenTag | ProblemKey {
  const start = match(openTag, text, at);
  if (start === undefined) return 'narrative-malformed';
  const name = start[1] ?? '';
  if (!elements.has(name)) return 'narrative-unsafe';
  let position = at + start[0].length;
  let namespace: string | undefined;
  const seen = new Set<string>();
  for (
    let next = match(attribute, text, position);
    next !== undefined;
    next = match(attribute, text, position)
  ) {
    const [whole, key = '', double, single] = next;
    const value = decodeEntities(double ?? single ?? '');
    if (seen.has(key)) return 'narrative-malformed';
    if (!isSafeAttribute(key, value)) return 'narrative-unsafe';
    if (key === 'xmlns') namespace = value;
    seen.add(key);
    position += whole.length;
  }
  const stop = match(tagEnd, text, position);
  if (stop === undefined) return 'narrative-malformed';
  if (stop[1] === '' && emptyElements.has(name) && !closesAtOnce(text, position + stop[0].length, name))
    return 'narrative-malformed';
  return { name, namespace, selfClosed: stop[1] === '/', end: position + stop[0].length };
}

function closesAtOnce(text: string, at: number, name: string): boolean {
  return text.startsWith(`</${name}>`, at);
}

function isSafeAttribute(name: string, value: string): boolean {
  if (!attributes.has(name)) return false;
  if (linkAttributes.has(name)) return safeLink.test(value.trim()) && !/[\p{Cc}]/u.test(value);
  return name !== 'style' || !unsafeStyle.test(value.replace(ownPicture, ''));
}

/** Numeric references only; a named one cannot spell a scheme. */
function decodeEntities(value: string): string {
  return value.replace(
    /&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?/g,
    (_, hex: string | undefined, decimal: string) => {
      const unit = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return unit <= 0x10ffff ? String.fromCodePoint(unit) : '';
    },
  );
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
