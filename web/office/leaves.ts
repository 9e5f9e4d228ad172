// An entry as the values that an officer can put right, one a line, and the entry with some of them changed. What says whose it is, what
// it refers to and what the server keeps is not among them.
import { DecimalLiteral, isJsonObject, numberText, parseJson } from '../../core/fhir/json.ts';
import type { JsonValue } from '../../core/fhir/types.ts';

export interface Leaf {
  /** Where it stands: `code.text`, `name.0.given.1`. */
  readonly path: string;
  readonly value: string;
  readonly isText: boolean;
}

const KEPT = new Set([
  'resourceType',
  'id',
  'meta',
  'reference',
  'system',
  'url',
  'extension',
  'link',
  'data',
  'div',
]);
const MOST = 60;

export function leavesOf(value: JsonValue, path = ''): readonly Leaf[] {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (Array.isArray(value))
    return value.flatMap((one, place) => leavesOf(one, below(String(place)))).slice(0, MOST);
  if (isJsonObject(value))
    return Object.entries(value)
      .filter(([name]) => !KEPT.has(name))
      .flatMap(([name, one]) => leavesOf(one, below(name)))
      .slice(0, MOST);
  if (value === null || typeof value === 'boolean') return [];
  return typeof value === 'string'
    ? [{ path, value, isText: true }]
    : [{ path, value: numberText(value), isText: false }];
}

/** `changed`: by path. A number stays a number where what was typed is one. */
export function withLeaves(value: JsonValue, changed: ReadonlyMap<string, string>, path = ''): JsonValue {
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((one, place) => withLeaves(one, changed, below(String(place))));
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, withLeaves(one, changed, below(name))]),
    );
  const now = changed.get(path);
  if (now === undefined) return value;
  return typeof value === 'number' || value instanceof DecimalLiteral ? numberTyped(now) : now;
}

/** As it was typed, digit by digit; what is no number is left to the server to refuse. */
function numberTyped(text: string): JsonValue {
  const typed = text.trim();
  return /^-?\d{1,20}(\.\d{1,15})?$/.test(typed) ? parseJson(typed) : typed;
}
