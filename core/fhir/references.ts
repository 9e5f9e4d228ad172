// References between resources: what a reference text means, where a resource has them, and replacing them.
// Needs no definitions: a Reference is recognised by its shape.

import { isResourceId, looksLikeResourceType } from './ids.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export type ParsedReference =
  /** On this server: relative, or absolute below the server's own base. */
  | { readonly kind: 'local'; readonly type: string; readonly id: string; readonly version?: string }
  /** An absolute http(s) URL elsewhere. */
  | { readonly kind: 'foreign'; readonly url: string }
  | { readonly kind: 'urn'; readonly urn: string }
  /** Inside the same resource; the empty id means the containing resource itself. */
  | { readonly kind: 'contained'; readonly id: string }
  /** `Type?query`, which only a transaction resolves. */
  | { readonly kind: 'conditional'; readonly type: string; readonly query: string }
  | { readonly kind: 'invalid' };

const invalid: ParsedReference = { kind: 'invalid' };

/** @param ownBase the server's FHIR base URL without a final slash; without it every absolute URL is foreign */
export function parseReference(text: string, ownBase?: string): ParsedReference {
  if (text.length === 0 || text.length > 4096 || /\s/.test(text)) return invalid;
  if (text.startsWith('#')) {
    const id = text.slice(1);
    return id === '' || isResourceId(id) ? { kind: 'contained', id } : invalid;
  }
  if (/^urn:(?:uuid|oid):[^?#]+$/.test(text)) return { kind: 'urn', urn: text };
  if (/^https?:\/\/[^/?#]/.test(text)) {
    if (ownBase === undefined || !text.startsWith(`${ownBase}/`)) return { kind: 'foreign', url: text };
    return parseRelative(text.slice(ownBase.length + 1));
  }
  return parseRelative(text);
}

function parseRelative(text: string): ParsedReference {
  const question = text.indexOf('?');
  if (question > 0) {
    const type = text.slice(0, question);
    const query = text.slice(question + 1);
    return looksLikeResourceType(type) && query !== '' ? { kind: 'conditional', type, query } : invalid;
  }
  const [type = '', id = '', history, version, ...rest] = text.split('/');
  if (!looksLikeResourceType(type) || !isResourceId(id) || rest.length > 0) return invalid;
  if (history === undefined) return { kind: 'local', type, id };
  return history === '_history' && isResourceId(version) ? { kind: 'local', type, id, version } : invalid;
}

export interface FoundReference {
  /** The value of `reference` as it stands. */
  readonly text: string;
  /** Where the Reference is, like `Observation.performer[0]`. */
  readonly path: string;
  readonly reference: JsonObject;
}

/** All literal references of a resource, contained resources included, in document order. */
export function referencesOf(resource: Resource): FoundReference[] {
  const found: FoundReference[] = [];
  collect(resource, '', [resource.resourceType], found);
  return found;
}

/** `steps`: the way to `value`, which is written out only where there is something to say; it is left as it came. */
function collect(value: JsonValue, key: string, steps: (string | number)[], found: FoundReference[]): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (typeof item !== 'object' || item === null) continue;
      steps.push(i);
      collect(item, key, steps, found);
      steps.pop();
    }
    return;
  }
  if (!isJsonObject(value)) return;
  if (isReference(value, key))
    found.push({ text: value['reference'], path: pathOf(steps), reference: value });
  for (const name of Object.keys(value)) {
    const child = value[name];
    if (typeof child !== 'object' || child === null) continue;
    steps.push(name);
    collect(child, name, steps, found);
    steps.pop();
  }
}

function pathOf(steps: readonly (string | number)[]): string {
  return steps
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}

const referenceKeys = new Set([
  'reference',
  'type',
  'identifier',
  'display',
  'id',
  'extension',
  '_reference',
  '_type',
  '_display',
]);

/** Immunization.education and Expression also have a property `reference`, which is an ordinary uri. */
function isReference(value: JsonObject, key: string): value is JsonObject & { reference: string } {
  if (typeof value['reference'] !== 'string' || key === 'education') return false;
  return Object.keys(value).every((name) => referenceKeys.has(name));
}

export interface LiteralReference {
  readonly type: string;
  readonly id: string;
  readonly version?: string;
  /** Where the Reference is, like `Observation.performer[0]`. */
  readonly expression: string;
}

/** The references of a resource that name a resource on this server. */
export function literalReferences(resource: Resource, ownBase?: string): LiteralReference[] {
  return referencesOf(resource).flatMap(({ text, path }) => {
    const reference = parseReference(text, ownBase);
    if (reference.kind !== 'local') return [];
    const { type, id, version } = reference;
    return [{ type, id, ...(version === undefined ? {} : { version }), expression: path }];
  });
}

export type Replacements = Pick<ReadonlyMap<string, string>, 'get' | 'has'>;
/** Gives the new text of a reference, or the old one. */
export type ReferenceRewrite = Replacements | ((reference: string) => string);

/**
 * A copy of the resource with its references rewritten, contained resources included. With a map, uri-like values
 * (Attachment.url, valueUri, …) and narrative links that it names are replaced too, as R4 asks of transactions;
 * canonicals never are. A function sees References only.
 */
export function rewriteReferences(resource: Resource, rewrite: ReferenceRewrite): Resource {
  return { ...rewriteObject(resource, '', rewrite), resourceType: resource.resourceType };
}

const uriKeys = new Set(['url', 'valueUri', 'valueUrl', 'valueUuid', 'valueOid']);

function rewriteObject(object: JsonObject, key: string, rewrite: ReferenceRewrite): JsonObject {
  const copy: JsonObject = {};
  const reference = isReference(object, key);
  for (const [name, value] of Object.entries(object)) {
    if (typeof value !== 'string') copy[name] = rewriteValue(value, name, rewrite);
    else if (reference && name === 'reference')
      copy[name] = typeof rewrite === 'function' ? rewrite(value) : (rewrite.get(value) ?? value);
    else if (typeof rewrite !== 'function' && uriKeys.has(name)) copy[name] = rewrite.get(value) ?? value;
    else if (typeof rewrite !== 'function' && name === 'div') copy[name] = rewriteLinks(value, rewrite);
    else copy[name] = value;
  }
  return copy;
}

function rewriteValue(value: JsonValue, key: string, rewrite: ReferenceRewrite): JsonValue {
  if (Array.isArray(value)) return value.map((item) => rewriteValue(item, key, rewrite));
  return isJsonObject(value) ? rewriteObject(value, key, rewrite) : value;
}

function rewriteLinks(div: string, replacements: Replacements): string {
  return div.replace(/\b(href|src)="(urn:[^"<>\s]{1,200})"/g, (whole, attribute: string, urn: string) =>
    replacements.has(urn) ? `${attribute}="${replacements.get(urn)}"` : whole,
  );
}
