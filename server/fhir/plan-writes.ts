// What is to become of each operation of a change: whose it is, by which rule it may be, what it refers to. Stores nothing.
import type { Act, Decision } from '../../core/access/decide.ts';
import { decide, personOf } from '../../core/access/decide.ts';
import { ownersOf } from '../../core/fhir/compartment.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { parseReference, referencesOf } from '../../core/fhir/references.ts';
import { isSubset } from '../../core/fhir/subset.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { FhirError } from '../errors.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { VersionConflictError } from '../storage/write-batch.ts';
import type { RequestContext } from './asker.ts';
import { decideOn } from './authorise.ts';
import { within } from './bundle-place.ts';
import { isProgram, programMayName } from './client-references.ts';
import type { Planned } from './known-writes.ts';
import { changedMeanwhile, fhirBase, keyOf, mayNotWrite } from './known-writes.ts';
import { notFound } from './read.ts';
import type { WriteOperation } from './write-requests.ts';

export const actOf = (method: WriteOperation['method']): 'create' | 'update' | 'delete' =>
  method === 'patch' ? 'update' : method;

/** Whose each resource is that comes to be in this very change, by `Type/id`. */
export type Born = Map<string, string>;

export interface Plan {
  operation: Planned;
  patientId: string;
  current: StoredVersion | undefined;
  rule: string;
  /** Absent where nothing was asked, or it was refused. */
  decision?: Decision;
  /** The first version of a resource. */
  makes?: boolean;
  /** Nothing is to be written. */
  settled?: boolean;
  refused?: { patientId: string; rule: string; event: 'create' | 'update' | 'delete'; error: FhirError };
}

export function plan(
  deps: Deps,
  context: RequestContext,
  operation: Planned,
  known: ReadonlyMap<string, StoredVersion>,
  born: Born,
): Plan {
  const { method, type, id } = operation;
  const current = known.get(keyOf(operation));
  if (method === 'nothing' || method === 'keep')
    return { operation, patientId: current?.patientId ?? '', current, rule: '', settled: true };
  const { asker } = context;
  if (method === 'create' && current) throw new VersionConflictError();
  // A program may choose an id that is free. For people an id of somebody else's and an id of nobody's answer alike.
  const makes = method === 'create' || (method === 'update' && !current && asker.kind === 'client');
  if (!makes && !current) {
    if (method === 'delete' && asker.kind === 'client')
      return { operation, patientId: '', current, rule: '', settled: true };
    throw notFound();
  }
  const act = asker.kind === 'operator' ? ('import' as const) : makes ? 'create' : actOf(method);
  const event = act === 'import' ? actOf(method) : act;
  const thing = { resourceType: type, resourceId: id };
  const may = (patientId: string, content: string | Resource, wanted: Act = act) =>
    decideOn(context, wanted, { ...thing, patientId, content });
  const refuse = (patientId: string, rule: string, error: FhirError): Plan => ({
    operation,
    patientId,
    current,
    rule,
    refused: { patientId, rule, event, error },
  });
  // An update must be allowed on what stands as well as on what it would become: nobody moves a resource into or out of a record.
  if (current) {
    const { allowed, rule } = may(current.patientId, current.content);
    const seen = allowed || may(current.patientId, current.content, 'read').allowed;
    if (!allowed) return refuse(current.patientId, rule, seen ? mayNotWrite() : notFound());
  }
  if (method === 'patch') throw operation.refusal;
  const named =
    method === 'delete' ? (current?.patientId ?? '') : ownerOf(deps, context, operation.resource, id);
  // A Bundle that a program keeps may hold people of another place; it is in a record only where its person has one here.
  const elsewhere =
    type === 'Bundle' &&
    method !== 'delete' &&
    isProgram(context) &&
    !stands(`Patient/${named}`, known, born);
  const patientId = elsewhere ? '' : named;
  const decision = may(patientId, method === 'delete' ? (current?.content ?? '') : operation.resource);
  const { allowed, rule } = decision;
  if (!allowed) return refuse(current?.patientId ?? patientOfAsker(context), rule, mayNotWrite());
  if (current && current.patientId !== patientId)
    throw fhirError(422, 'business-rule', 'A resource stays in the record it was made in.');
  if (method !== 'create') {
    if (operation.ifMatch !== undefined && operation.ifMatch !== (current?.version ?? 0))
      throw changedMeanwhile();
    if (method === 'update' && operation.ifNoneMatch === true && current && !current.deleted)
      throw fhirError(412, 'conflict', 'There is such a resource already.');
  }
  if (type === 'Patient' && method === 'delete')
    throw fhirError(405, 'not-supported', 'A person is erased, not deleted.');
  if (method === 'delete' && current?.deleted)
    return { operation, patientId, current, rule, decision, settled: true };
  if (method === 'update' && isSubset(operation.resource))
    throw fhirError(
      422,
      'business-rule',
      'This is marked as a part of a resource (SUBSETTED) and would replace the whole of it.',
      `${type}.meta.tag`,
    );
  if (method !== 'delete') requireKnownReferences(deps, context, operation, patientId, known, born, current);
  if (makes) {
    if (type === 'Patient' && personOf(asker))
      throw fhirError(403, 'forbidden', 'A person is made by signing up or at a desk.');
    if (/^\.+$/.test(id)) throw fhirError(400, 'value', 'An id has letters or digits.', `${type}.id`);
  }
  return { operation, patientId, current, rule, decision, makes };
}

function patientOfAsker(context: RequestContext): string {
  return personOf(context.asker)?.patientId ?? '';
}

/** Whose record it belongs to; '' for the directory. What must be about somebody must name exactly one person. */
export function ownerOf(deps: Deps, context: RequestContext, resource: Resource, id: string): string {
  // A Subscription names nobody: a person's own is in their record, a program's is in nobody's.
  if (resource.resourceType === 'Subscription') return patientOfAsker(context);
  const owners = ownersOf(resource, id, fhirBase(deps));
  if (owners === 'nobody') return '';
  const [owner] = owners;
  if (owner !== undefined && owners.length === 1) return owner;
  if (isProgram(context)) return '';
  throw fhirError(
    422,
    'business-rule',
    owner === undefined
      ? 'This must say whose record it belongs to.'
      : 'This names more than one person: a resource belongs to one record.',
    resource.resourceType,
  );
}

/** What this very change deletes cannot be referred to by what it writes, whatever their order. */
export function refuseReferencesToGone(deps: Deps, operations: readonly Planned[]): void {
  const gone = new Set(operations.filter(({ method }) => method === 'delete').map(keyOf));
  if (gone.size === 0) return;
  for (const o of operations) {
    if (o.method !== 'create' && o.method !== 'update') continue;
    for (const { text, path } of referencesOf(o.resource)) {
      const reference = parseReference(text, fhirBase(deps));
      if (reference.kind === 'local' && gone.has(`${reference.type}/${reference.id}`))
        within(o.at, () => {
          throw fhirError(422, 'not-found', 'This reference leads to nothing in this record.', path);
        });
    }
  }
}

/**
 * Every `Type/id` named must stand in the same record or in the directory; what is elsewhere is as good as absent, and so is what
 * the writer may not see. What was named before may stay named.
 */
function requireKnownReferences(
  deps: Deps,
  context: RequestContext,
  { type, id, resource }: { type: string; id: string; resource: Resource },
  patientId: string,
  known: ReadonlyMap<string, StoredVersion>,
  born: Born,
  current: StoredVersion | undefined,
): void {
  for (const { text, path } of referencesOf(resource)) {
    const reference = parseReference(text, fhirBase(deps));
    if (reference.kind === 'contained' || reference.kind === 'foreign') continue;
    const key = reference.kind === 'local' ? `${reference.type}/${reference.id}` : '';
    if (key === `${type}/${id}`) continue;
    const found = known.get(key);
    // Whose record it is says the decision: that person may be named by whoever may write there.
    const hidden = found && key !== `Patient/${patientId}` && isHidden(context, found);
    const target = hidden ? undefined : found;
    const owner = born.get(key) ?? (target && !target.deleted ? target.patientId : undefined);
    if (owner === '' || owner === patientId) continue;
    // A Group is in nobody's record and names people: those whom its writer may read.
    if (type === 'Group' && owner !== undefined && mayRead(context, owner)) continue;
    if (isProgram(context) && context.referencesMustStand !== true && programMayName(key, owner, patientId))
      continue;
    // What a program left open does not keep the person from changing the rest.
    if (current && !current.deleted && namedBefore(current, text)) continue;
    throw fhirError(422, 'not-found', 'This reference leads to nothing in this record.', path);
  }
}

function namedBefore({ content }: StoredVersion, text: string): boolean {
  return referencesOf(parseJson(content) as Resource).some((before) => before.text === text);
}

/** In a record that is partly open to its writer, what is not open to them. */
function isHidden(context: RequestContext, target: StoredVersion): boolean {
  const isPerson = personOf(context.asker) !== undefined;
  return isPerson && target.patientId !== '' && !decideOn(context, 'read', target).allowed;
}

function stands(key: string, known: ReadonlyMap<string, StoredVersion>, born: Born): boolean {
  const found = known.get(key);
  return born.has(key) || (found !== undefined && !found.deleted);
}

const mayRead = (context: RequestContext, patientId: string): boolean =>
  decide(context.asker, 'read', { patientId, resourceType: 'Patient' }).allowed;
