// What the entries of a visit have in common: who signs, when, and how they name each other before they have ids.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Category } from '../access/categories.ts';
import type { JsonObject, Resource } from '../fhir/types.ts';
import { said } from '../forms/making.ts';
import type { VisitDraft } from './draft.ts';

/** Names every entry of a visit, so that it is never stored twice. */
export const visitSystem = 'urn:medallion:visit';

export interface Signing {
  /** FHIR instant. */
  readonly at: string;
  readonly clinician: { readonly reference?: string; readonly name: string };
  readonly organization?: { readonly reference: string; readonly name: string } | undefined;
  /** The parts that may be written into; absent: all. */
  readonly covered?: readonly Category[] | undefined;
  /** It was sent before and nobody knows whether it arrived. */
  readonly again?: boolean | undefined;
}

/** One entry before it is put into the Bundle. `part` is unique within the visit. */
export interface VisitEntry {
  readonly part: string;
  readonly resource: Resource;
}

/** Of the same draft and part always the same. */
export function urlOf({ id }: Pick<VisitDraft, 'id'>, part: string): string {
  return `urn:uuid:${id.slice(0, 24)}${bytesToHex(sha256(utf8ToBytes(`${id} ${part}`))).slice(0, 12)}`;
}

export const referenceTo = (draft: VisitDraft, part: string): JsonObject => ({
  reference: urlOf(draft, part),
});

/** Who signs, as a reference that a reader can show. */
export const signer = ({ clinician }: Signing): JsonObject =>
  said({ reference: clinician.reference, display: clinician.name });

/** What was written a line each. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
