// The R4 primitive types: which JSON values each accepts. Every check is linear in the length of the text.

import { dateRange } from './dates.ts';
import { isResourceId } from './ids.ts';
import { DecimalLiteral } from './json.ts';
import { narrativeProblem } from './narrative.ts';
import type { ProblemKey } from './problems.ts';
import type { JsonValue } from './types.ts';

/** R4: strings shall not be longer than one mebibyte; base64 content is only bounded by the size of the request. */
export const maxStringLength = 1024 * 1024;

type Check = (value: JsonValue) => ProblemKey | undefined;

// eslint-disable-next-line no-control-regex
const neverInText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Cs}]/u;

function textProblem(value: JsonValue): ProblemKey | undefined {
  if (typeof value !== 'string') return 'value-of-wrong-type';
  if (value.length === 0) return 'string-empty';
  if (value.length > maxStringLength) return 'string-too-long';
  return neverInText.test(value) ? 'string-control-character' : undefined;
}

function text(problemOf: (value: string) => ProblemKey | undefined): Check {
  return (value) => textProblem(value) ?? (typeof value === 'string' ? problemOf(value) : undefined);
}

function matching(pattern: RegExp, problem: ProblemKey): Check {
  return text((value) => (pattern.test(value) ? undefined : problem));
}

function dated(problem: ProblemKey, accepts: (value: string, hasTime: boolean) => boolean): Check {
  return (value) => {
    if (typeof value !== 'string') return 'value-of-wrong-type';
    const range = dateRange(value);
    if (range === undefined || range.precision === 'minute') return problem;
    return accepts(value, range.precision === 'second' || range.precision === 'fraction')
      ? undefined
      : problem;
  };
}

const zoned = /(?:Z|[+-]\d\d:\d\d)$/;

function whole(lowest: number, highest: number): Check {
  return (value) => {
    if (value instanceof DecimalLiteral) return 'integer-malformed';
    if (typeof value !== 'number') return 'value-of-wrong-type';
    if (!Number.isInteger(value)) return 'integer-malformed';
    return value < lowest || value > highest ? 'integer-out-of-range' : undefined;
  };
}

const highestInteger = 2 ** 31 - 1;

const uri = text((value) => {
  if (/\s/.test(value)) return 'uri-malformed';
  return isScriptUri(value) ? 'uri-unsafe' : undefined;
});

/** Schemes that run code when somebody follows the link. */
function isScriptUri(value: string): boolean {
  return /^(?:javascript|vbscript|data:(?:text\/html|image\/svg|application\/xhtml|text\/xml))/i.test(value);
}

function base64Problem(value: JsonValue): ProblemKey | undefined {
  if (typeof value !== 'string') return 'value-of-wrong-type';
  let digits = 0;
  let padding = 0;
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charCodeAt(i);
    if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) continue;
    if (c === 0x3d) padding += 1;
    else if (padding > 0 || !isBase64Digit(c)) return 'base64-malformed';
    else digits += 1;
  }
  if (digits === 0) return 'string-empty';
  return padding > 2 || (digits + padding) % 4 !== 0 ? 'base64-malformed' : undefined;
}

function isBase64Digit(c: number): boolean {
  return (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || (c >= 0x2f && c <= 0x39) || c === 0x2b;
}

/** Checks by type name; `xhtml` is Narrative.div. */
export const primitiveChecks: Readonly<Record<string, Check>> = {
  boolean: (value) => (typeof value === 'boolean' ? undefined : 'value-of-wrong-type'),
  integer: whole(-(2 ** 31), highestInteger),
  unsignedInt: whole(0, highestInteger),
  positiveInt: whole(1, highestInteger),
  decimal: (value) =>
    typeof value === 'number' || value instanceof DecimalLiteral ? undefined : 'value-of-wrong-type',
  string: textProblem,
  markdown: textProblem,
  code: matching(/^\S+(?:\s\S+)*$/, 'code-malformed'),
  id: (value) =>
    typeof value !== 'string' ? 'value-of-wrong-type' : isResourceId(value) ? undefined : 'id-malformed',
  uri,
  url: uri,
  canonical: uri,
  oid: matching(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/, 'uri-malformed'),
  uuid: matching(/^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'uri-malformed'),
  base64Binary: base64Problem,
  date: dated('date-malformed', (_, hasTime) => !hasTime),
  dateTime: dated('date-malformed', (value, hasTime) => !hasTime || zoned.test(value)),
  instant: dated('date-malformed', (value, hasTime) => hasTime && zoned.test(value)),
  time: matching(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,12})?$/, 'time-malformed'),
  xhtml: (value) => (typeof value === 'string' ? narrativeProblem(value) : 'value-of-wrong-type'),
};
