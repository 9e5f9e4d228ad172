// FHIR ids, versions, entity tags and instants as text. Knows no resource and no clock.

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;
const versionPattern = /^[1-9][0-9]{0,17}$/;
const resourceTypePattern = /^[A-Z][A-Za-z]{1,63}$/;

/** Whether the text may be the id of a resource (R4: letters, digits, `-` and `.`, at most 64). */
export function isResourceId(text: string): boolean;
export function isResourceId(text: unknown): text is string;
export function isResourceId(text: unknown): boolean {
  return typeof text === 'string' && idPattern.test(text);
}

/** Whether the text is a version of this server: a whole number from 1, without leading zeros. */
export function isVersionId(text: unknown): text is string {
  return typeof text === 'string' && versionPattern.test(text);
}

/** Whether the text has the form of a resource type's name; says nothing about whether R4 has such a type. */
export function looksLikeResourceType(text: string): boolean {
  return resourceTypePattern.test(text);
}

/** The weak entity tag of a version, as R4 asks: `W/"3"`. */
export function etagOf(versionId: string | number): string {
  return `W/"${versionId}"`;
}

/** The version in an `If-Match` or `ETag` header, weak or strong; undefined for a list, `*` or anything else. */
export function versionInEtag(header: string): string | undefined {
  const version = /^\s{0,9}(?:W\/)?"([0-9]{1,18})"\s{0,9}$/.exec(header)?.[1];
  return isVersionId(version) ? version : undefined;
}

/** The FHIR instant of a time in milliseconds since 1970: `2026-01-01T10:00:00.000Z`. */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The FHIR date (UTC) of a time in milliseconds since 1970: `2026-01-01`. */
export function formatDate(epochMs: number): string {
  return formatInstant(epochMs).slice(0, 10);
}
