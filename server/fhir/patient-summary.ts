// Patient/$summary: the International Patient Summary of one person, made anew from what stands. One query for the record,
// one or two for what it refers to in the directory, one entry before the answer.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { typesOfCategory } from '../../core/access/categories.ts';
import type { Asker } from '../../core/access/decide.ts';
import { appRecordScopes, decide, recordScopes } from '../../core/access/decide.ts';
import { summaryTypes } from '../../core/summary/sections.ts';
import {
  draftSummary,
  furtherWanted,
  summaryDocument,
  type SummaryResource,
} from '../../core/summary/summary-document.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { findByIdentifier } from '../storage/identifiers.ts';
import { findResources, listCompartment, type StoredVersion } from '../storage/resource-store.ts';
import { fhirJson } from './answer.ts';
import { requireContext, type RequestContext } from './asker.ts';
import { decideOn, withAuthorities } from './authorise.ts';
import { asOf, listJoinedSafety } from './joined-safety.ts';
import { recordLook, recordLooksAtPeople } from './looks.ts';
import { readOperationInput } from './operation-input.ts';
import { notFound, requireReadable } from './read.ts';
import { requireScope } from './require-scope.ts';
import { sealedKnownTo, sealedWords } from './sealed-known.ts';
import { requireId } from './resource-types.ts';

/** A record larger than this is not summed up while somebody waits. */
const recordLimit = 20_000;
const targetLimit = 500;

const bundleProfile = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips';
const takes = { identifier: 'text', profile: 'text' } as const;
const wantedTypes = ['Patient', ...summaryTypes];

export const patientSummary = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const asking = requireContext(request);
  const input = readOperationInput(request, takes);
  const profile = input.text('profile');
  if (profile !== undefined && profile.split('|')[0] !== bundleProfile)
    throw fhirError(422, 'not-supported', `Summaries are made after ${bundleProfile} only.`, 'http.profile');
  const { id: named } = request.params as { id?: string };
  const id = named ?? (await idOfIdentifier(deps, asking, input.text('identifier')));
  requireId(id);
  const atOnce = decide(asking.asker, 'read', { patientId: id, resourceType: 'Patient' });
  // Somebody else's record: by what was given. Records a refused look, and answers it like an absent person.
  const { rule, context } = atOnce.allowed
    ? { rule: atOnce.rule, context: asking }
    : await requireReadable(deps, asking, 'Patient', id);
  const withheldTypes = new Set(summaryTypes.filter((type) => !mayHold(context, id, type)));
  const types = wantedTypes.filter((type) => !withheldTypes.has(type));
  const stored = await listCompartment(deps.db.asks, id, recordLimit + 1, undefined, types);
  const each = !atOnce.allowed || asking.asker.kind === 'app';
  const record = !each ? stored : stored.filter((one) => decideOn(context, 'read', one).allowed);
  if (stored.length > recordLimit)
    throw fhirError(422, 'too-costly', 'This record is too large to be summed up while you wait.');
  const patient = record.find((one) => one.resourceType === 'Patient' && one.resourceId === id);
  if (patient === undefined) {
    await requireReadable(deps, asking, 'Patient', id);
    throw fhirError(410, 'deleted', 'This resource was deleted.');
  }
  const sealed = await sealedKnownTo(deps, context, id);
  const joined = await listJoinedSafety(deps, asking, id, types);
  const at = new Date(deps.now());
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const draft = draftSummary({
    base,
    patient: summaryResource(patient),
    resources: [
      ...record.filter((one) => one !== patient).map(summaryResource),
      ...joined.entries.map((one) => ({
        ...summaryResource(one),
        text: asOf(one, base, id),
        joinedOn: one.joinedOn,
      })),
    ],
    withheldTypes,
    ...(sealed.length > 0 ? { sealed: sealed.map(sealedWords) } : {}),
    at,
    documentId: documentId(`${base} ${at.toISOString()}`, [...record, ...joined.entries]),
    authorId: documentId(base, []),
  });
  const targets = await findTargets(deps, context, id, draft.wanted);
  const further = await findTargets(deps, context, id, furtherWanted(draft, targets.map(summaryResource)));
  const document = summaryDocument(draft, [...targets, ...further].map(summaryResource));
  await recordLook(deps, context, id, {
    event: 'summary',
    basis: rule,
    on: { type: 'Patient', id },
    shown: [...record, ...targets, ...further],
  });
  if (joined.entries.length > 0)
    await recordLooksAtPeople(deps, joined.context, joined.entries, { event: 'summary', basis: rule });
  return reply.type(fhirJson).send(document);
};

/** Whether the asker may see any resources of this type in this record; what is sealed is left out without a word. */
function mayHold({ asker }: RequestContext, patientId: string, resourceType: string): boolean {
  if (asker.kind !== 'app' && (asker.kind !== 'person' || asker.patientId === patientId))
    return decide(asker, 'read', { patientId, resourceType }).allowed;
  const scopes =
    asker.kind === 'app' ? appRecordScopes(asker, resourceType, 'r') : recordScopes(asker, resourceType);
  return scopes.some(
    (scope) =>
      scope.patientId === patientId &&
      (scope.categories === undefined ||
        scope.entries !== undefined ||
        scope.categories.some((category) => typesOfCategory(category).includes(resourceType))),
  );
}

function summaryResource(version: StoredVersion): SummaryResource {
  return { type: version.resourceType, id: version.resourceId, text: version.content };
}

/** The one person with this identifier. More than one is told, none is as good as not seen. */
async function idOfIdentifier(
  deps: Deps,
  asking: RequestContext,
  identifier: string | undefined,
): Promise<string> {
  const [, system = '', value = ''] = /^([^|]+)\|([^|]+)$/.exec(identifier ?? '') ?? [];
  if (value === '')
    throw fhirError(400, 'required', 'Name a person: identifier=system|value.', 'http.identifier');
  await requireScope(deps, asking, 'read', 'Patient');
  const found = await findByIdentifier(deps.db.pool, 'Patient', system, value);
  const { asker } = await withAuthorities(deps, asking, found);
  // Of people whose records are not open to the asker it is not told that they are several, nor that they are.
  const open = found.filter((one) => asker.kind === 'client' || mayLookInto(asker, one));
  const [id, another] = open.length > 0 ? open : found.slice(0, 1);
  if (id === undefined) throw notFound();
  if (another !== undefined)
    throw fhirError(412, 'multiple-matches', 'Several people have this identifier.', 'http.identifier');
  return id;
}

function mayLookInto(asker: Asker, patientId: string): boolean {
  const scopes =
    asker.kind === 'app'
      ? appRecordScopes(asker, 'Patient', 'r')
      : asker.kind === 'person'
        ? recordScopes(asker, 'Patient')
        : [];
  return scopes.some((scope) => scope.patientId === patientId);
}

/** What the chosen resources name: of the same record or of the directory, as far as the asker may read it. */
async function findTargets(
  deps: Deps,
  context: RequestContext,
  patientId: string,
  wanted: readonly string[],
): Promise<StoredVersion[]> {
  const keys = wanted.slice(0, targetLimit).map((key) => {
    const [resourceType = '', resourceId = ''] = key.split('/');
    return { resourceType, resourceId };
  });
  const found = await findResources(deps.db.asks, keys);
  return found
    .filter((one) => one !== undefined)
    .filter(
      (one) =>
        !one.deleted &&
        (one.patientId === patientId || one.patientId === '') &&
        decideOn(context, 'read', one).allowed,
    )
    .sort((a, b) => (a.resourceType + a.resourceId < b.resourceType + b.resourceId ? -1 : 1));
}

/** A UUID (version 8) made of what the document is made of: the same record at the same moment gives the same one. */
function documentId(text: string, record: readonly StoredVersion[]): string {
  const hash = createHash('sha256').update(text);
  for (const one of record) hash.update(`\n${one.resourceType}/${one.resourceId}/_history/${one.version}`);
  const hex = hash.digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
