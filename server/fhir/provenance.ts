// Provenance over FHIR: who wrote each version of an entry, when, and by which permission. Made of the entry of the log that stands behind
// the version, like AuditEvent; nothing is stored beside it. Whoever may see the version may see it. What programs report of their own
// places is stored as any resource is, and is found beside it.
import { decide } from '../../core/access/decide.ts';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { SearchQuery } from '../../core/fhir/search-query.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import { provenanceOf } from '../../core/ledger/provenance.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import type { EntryOrigin } from '../storage/entry-origins.ts';
import { findWritten, listOrigins } from '../storage/entry-origins.ts';
import type { FoundResource } from '../storage/search-store.ts';
import type { FhirAnswer } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { actingBy, decideOn, withAuthorities } from './authorise.ts';
import { recordLook } from './looks.ts';

const entryIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Target {
  type: string;
  id: string;
}

/** What is behind the versions of this resource that the asker may see, the newest first; at most 200. */
async function originsOf(deps: Deps, asking: RequestContext, { type, id }: Target) {
  const current = await deps.resources.find(type, id);
  if (!current || current.patientId === '') return undefined;
  const { patientId } = current;
  const inRecord = await withAuthorities(deps, asking, [patientId]);
  const decision = decideOn(inRecord, 'read', current);
  if (!decision.allowed) return undefined;
  const context = actingBy(inRecord, decision);
  const { asker } = context;
  // A person sees it with the entry; a program needs a scope for it, too.
  const mayName = (resourceType: string): boolean =>
    decide(asker, 'read', { patientId, resourceType, sealed: false, category: 'sharing' }).allowed;
  if (asker.kind !== 'person' && !mayName('Provenance')) return undefined;
  const found = (await listOrigins(deps.db.pool, patientId, type, id)).filter(
    (one) =>
      (one.deleted && asker.kind !== 'app') ||
      decideOn(context, 'read', { patientId, resourceType: type, resourceId: id, content: one.content })
        .allowed,
  );
  // Which version of the Consent stood is for whoever may read it.
  const texts = found.flatMap((one) => shown(one, patientId, { type, id }, mayName('Consent')));
  return { patientId, rule: decision.rule, context, texts };
}

function shown(one: EntryOrigin, patientId: string, target: Target, withVersion: boolean): FoundResource[] {
  if (one.statement === null) return [];
  const version = one.consentVersion === null || !withVersion ? '' : `/_history/${one.consentVersion}`;
  const made: JsonObject = provenanceOf({
    target: { ...target, version: one.version },
    statement: JSON.parse(one.statement) as Statement,
    ...(one.consentId === null ? {} : { consent: `Consent/${one.consentId}${version}` }),
    ...(one.organization === null ? {} : { organization: { name: one.organization } }),
  });
  const resource: JsonObject = {
    ...made,
    id: one.entryId,
    meta: { versionId: '1', lastUpdated: one.recordedAt.toISOString() },
  };
  const { entryId: resourceId } = one;
  return [
    { patientId, resourceType: 'Provenance', resourceId, version: 1, content: canonicalJson(resource) },
  ];
}

/** `Provenance/[id of the entry]`; undefined where there is none, or it is not the asker's to see. */
export async function readProvenance(
  deps: Deps,
  asking: RequestContext,
  id: string,
  view: (content: string) => string,
): Promise<FhirAnswer | undefined> {
  if (!entryIdPattern.test(id)) return undefined;
  const { asker } = asking;
  const everywhere = asker.kind === 'client' ? undefined : await recordsOf(deps, asking);
  const written = await findWritten(deps.db.pool, id, everywhere);
  const found = written && (await originsOf(deps, asking, written.on));
  const one = found?.texts.find(({ resourceId }) => resourceId === id);
  if (!found || !one) return undefined;
  await recordLook(deps, found.context, found.patientId, {
    event: 'read',
    basis: found.rule,
    on: { type: 'Provenance', id },
  });
  const { meta } = JSON.parse(one.content) as Resource & { meta: { lastUpdated: string } };
  const headers = { etag: 'W/"1"', 'last-modified': new Date(meta.lastUpdated).toUTCString() };
  return { status: 200, headers, body: view(one.content) };
}

/** The records that this asker was let into, and their own. */
async function recordsOf(deps: Deps, asking: RequestContext): Promise<readonly string[]> {
  const { asker } = await withAuthorities(deps, asking);
  const person = asker.kind === 'app' ? asker.person : asker.kind === 'person' ? asker : undefined;
  if (person === undefined) return [];
  return [person.patientId, ...(person.authorities ?? []).map(({ patientId }) => patientId)];
}

/** Parameters that say how, and narrow nothing. */
const saysHow = /^_(count|total|summary|elements|sort|include|revinclude)(:|$)/;

/** What a search by `target` finds here: of one entry, and with no other condition than whose record it is. */
export async function findProvenance(
  deps: Deps,
  asking: RequestContext,
  { used }: Pick<SearchQuery, 'used'>,
  person: string | undefined,
): Promise<readonly FoundResource[]> {
  const named = used.filter(([name]) => !saysHow.test(name));
  const [target, ...more] = named.filter(([name]) => name === 'target');
  const patients = named.filter(([name]) => name === 'patient');
  if (target === undefined || more.length > 0 || patients.length + 1 !== named.length) return [];
  const base = `${deps.config.publicUrl}/fhir/R4/`;
  const reference = target[1].startsWith(base) ? target[1].slice(base.length) : target[1];
  const [, type, id] = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/.exec(reference) ?? [];
  if (type === undefined || id === undefined) return [];
  const found = await originsOf(deps, asking, { type, id });
  if (!found) return [];
  const others = [person, ...patients.map(([, value]) => value.replace(/^.*Patient\//, ''))];
  return others.every((one) => one === undefined || one === found.patientId) ? found.texts : [];
}
