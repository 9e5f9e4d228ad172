// A resource made ready to store as its next version: server-set id, meta and author tag, canonical text, search rows, sealed entry.
// The author tag is set here and nowhere else: what a client claims about who wrote a resource is dropped.
import { categoryOf, isSealed, partNumber } from '../../core/access/categories.ts';
import type { Statement, StatementWho } from '../../core/ledger/statement.ts';
import { canonicalJson } from '../../core/fhir/json.ts';
import { careDay } from '../../core/timeline/care-day.ts';
import { searchIndex } from '../../core/fhir/search-index.ts';
import type { JsonObject, JsonValue, Resource } from '../../core/fhir/types.ts';
import { noSearchColumns, searchColumns } from './search-columns.ts';
import type { SealingSources } from './sealed-entry.ts';
import { contentDigest, sealEntry } from './sealed-entry.ts';
import type { VersionWrite } from './write-batch.ts';

export const authorSystem = 'urn:medallion:author';
export type AuthorCode = 'patient' | 'guardian' | 'professional' | 'organization' | 'import';

const authorCodes: readonly string[] = ['patient', 'guardian', 'professional', 'organization', 'import'];

/** As what a stored version was written. */
export function authorOf({ meta }: Resource): AuthorCode {
  const tags = isObject(meta) && Array.isArray(meta.tag) ? meta.tag : [];
  for (const tag of tags)
    if (
      isObject(tag) &&
      tag.system === authorSystem &&
      typeof tag.code === 'string' &&
      authorCodes.includes(tag.code)
    )
      return tag.code as AuthorCode;
  return 'import';
}

export interface VersionDraft {
  patientId: string;
  resourceType: string;
  resourceId: string;
  /** The version to write: one more than what stands now. */
  version: number;
  /** Absent for a deletion. */
  resource?: Resource;
  author: AuthorCode;
  who: StatementWho;
  /** Rule of `core/access` that allowed it. */
  basis: string;
  purpose?: string;
  agent?: string;
  /** The server's FHIR base URL without a final slash: absolute references below it are found as its own. */
  ownBase?: string;
  /** `lastUpdated` of the version before, so that time never runs backwards within one resource. */
  previousMs?: number;
  detail?: Statement['detail'];
}

/** Shapes one version; stores nothing. */
export function prepareVersion(draft: VersionDraft, sources: SealingSources): VersionWrite {
  const { patientId, resourceType, resourceId, version, resource } = draft;
  const nowMs = Math.max(sources.now(), (draft.previousMs ?? 0) + 1);
  const stored = resource === undefined ? undefined : withServerMeta(resource, draft, nowMs);
  const content = stored === undefined ? '' : canonicalJson(stored);
  const entry = sealEntry(
    patientId,
    {
      event: stored === undefined ? 'delete' : version === 1 ? 'create' : 'update',
      outcome: 'done',
      who: draft.who,
      basis: draft.basis,
      on: { type: resourceType, id: resourceId, version },
      content: contentDigest(content),
      ...(draft.purpose ? { purpose: draft.purpose } : {}),
      ...(draft.agent ? { agent: draft.agent } : {}),
      ...(draft.detail ? { detail: draft.detail } : {}),
    },
    sources,
    nowMs,
  );
  return {
    patientId,
    resourceType,
    resourceId,
    version,
    deleted: stored === undefined,
    lastUpdatedMs: nowMs,
    content,
    part: stored === undefined || patientId === '' ? null : partNumber(categoryOf(stored), isSealed(stored)),
    careDay: stored === undefined || patientId === '' ? null : (careDay(stored) ?? null),
    search: stored === undefined ? noSearchColumns : searchColumns(searchIndex(stored, draft.ownBase)),
    entry,
  };
}

function withServerMeta(resource: Resource, draft: VersionDraft, nowMs: number): Resource {
  const meta: JsonObject = { ...(isObject(resource.meta) ? resource.meta : {}) };
  const tags = Array.isArray(meta.tag) ? meta.tag : [];
  meta.tag = [
    ...tags.filter((tag) => !(isObject(tag) && tag.system === authorSystem)),
    { system: authorSystem, code: draft.author },
  ];
  meta.versionId = String(draft.version);
  meta.lastUpdated = new Date(nowMs).toISOString();
  return { ...resource, id: draft.resourceId, meta };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
