// The one path of every FHIR write: what stands now -> decision -> validation -> references -> one batch. Single requests,
// transactions and imports all come through here, so no entry route can skip a check.
import { decide } from '../../core/access/decide.ts';
import { ownersOf } from '../../core/fhir/compartment.ts';
import { parseReference, referencesOf } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction, isConflict } from '../storage/transaction.ts';
import { draftPerson, withUhid } from '../storage/create-person.ts';
import type { Person } from '../storage/people.ts';
import { findPeople } from '../storage/people.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { PersonWrite, VersionWrite, WriteBatch } from '../storage/write-batch.ts';
import { UhidTakenError, VersionConflictError, writeBatch } from '../storage/write-batch.ts';
import type { RequestContext } from './asker.ts';
import { requireValid } from './body.ts';
import { notFound } from './read.ts';
import { prepareSubscriptions } from './subscription/on-write.ts';
import { requireScope } from './require-scope.ts';

export type WriteOperation =
  | { method: 'create'; type: string; id: string; resource: Resource }
  | { method: 'update'; type: string; id: string; resource: Resource; ifMatch?: number }
  | { method: 'delete'; type: string; id: string; ifMatch?: number };

export interface Written {
  type: string;
  id: string;
  version: number;
  created: boolean;
  deleted: boolean;
  lastUpdatedMs: number;
  content: string;
  entryId: string;
  /** Set where a person came to be. */
  uhid?: string;
}

const conflictRetries = 8;

/**
 * Carries out all operations or none. Answers come in the order of the operations. `alongside` runs in the same transaction.
 * Throws FhirError 404 (not yours or not there), 409/412 (someone was first), 422 (invalid, dangling reference).
 */
export async function applyWrites(
  deps: Deps,
  context: RequestContext,
  operations: readonly WriteOperation[],
  alongside?: (client: Queryable) => Promise<void>,
): Promise<Written[]> {
  for (const [index, operation] of operations.entries()) {
    if (operation.method !== 'delete')
      within(operations.length, index, () => requireValid(operation.resource));
  }
  for (const { method, type } of operations) await requireScope(deps, context, method, type);
  const subscriptions = await prepareSubscriptions(deps, context, operations);
  const asStored = subscriptions?.operations ?? operations;
  const both =
    subscriptions &&
    (async (client: Queryable) => {
      await subscriptions.alongside(client);
      await alongside?.(client);
    });
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptWrites(deps, context, asStored, both ?? alongside);
    } catch (error) {
      // Looked at again: what was asked under an If-Match is now a plain 412, everything else goes on top of what came first.
      const raced =
        error instanceof VersionConflictError || error instanceof UhidTakenError || isConflict(error);
      if (!raced || attempt > conflictRetries) throw error;
    }
  }
}

/** An error inside a transaction names the entry it came from. */
function within<T>(count: number, index: number, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof FhirError) || count === 1) throw error;
    const issues = error.issues.map((issue) => ({
      ...issue,
      expression: (issue.expression ?? ['Resource']).map((e) => `Bundle.entry[${index}].resource: ${e}`),
    }));
    throw new FhirError(error.status, issues, { ...error.headers });
  }
}

async function attemptWrites(
  deps: Deps,
  context: RequestContext,
  operations: readonly WriteOperation[],
  alongside: ((client: Queryable) => Promise<void>) | undefined,
): Promise<Written[]> {
  const born: Born = new Map();
  for (const [index, o] of operations.entries()) {
    if (o.method !== 'create') continue;
    born.set(
      `${o.type}/${o.id}`,
      within(operations.length, index, () => ownerOf(deps, context, o.resource, o.id)),
    );
  }
  const known = await loadKnown(deps, operations, born);
  const plans = operations.map((operation, index) =>
    within(operations.length, index, () => plan(deps, context, operation, known.resources, born)),
  );
  for (const p of plans) {
    if (p.refused) {
      await deps.entries.store(
        sealEntry(
          p.refused.patientId,
          {
            event: p.refused.event,
            outcome: 'refused',
            who: context.who,
            basis: p.refused.rule,
            on: { type: p.operation.type, id: p.operation.id },
            agent: context.agent,
          },
          deps,
        ),
      );
      throw p.refused.error;
    }
  }
  const people: PersonWrite[] = [];
  const written: Written[] = [];
  const versions: VersionWrite[] = [];
  for (const p of plans) {
    if (p.settled && p.current) {
      written.push(unchanged(p.current));
      continue;
    }
    const { version, uhid, person } = shape(deps, context, p, known);
    versions.push(version);
    if (person) people.push(person);
    written.push({
      type: version.resourceType,
      id: version.resourceId,
      version: version.version,
      created: version.version === 1,
      deleted: version.deleted,
      lastUpdatedMs: version.lastUpdatedMs,
      content: version.content,
      entryId: version.entry.entryId,
      ...(uhid ? { uhid } : {}),
    });
  }
  const batch: WriteBatch = {
    people,
    versions,
    outbox: versions.map((v) => ({
      topic: 'resource.written',
      patientId: v.patientId,
      entryId: v.entry.entryId,
      payload: { type: v.resourceType, id: v.resourceId, version: v.version, author: context.author },
    })),
  };
  if (alongside) {
    await inTransaction(deps.db.pool, async (client) => {
      await alongside(client);
      await writeBatch(client, batch);
    });
  } else if (versions.length > 0) await deps.writes.write(batch);
  return written;
}

/** What stands now of all that is named, and the plumbing of people whose Patient is written. */
interface Known {
  resources: ReadonlyMap<string, StoredVersion>;
  people: ReadonlyMap<string, Person>;
}

async function loadKnown(deps: Deps, operations: readonly WriteOperation[], born: Born): Promise<Known> {
  const keys = new Map<string, { resourceType: string; resourceId: string }>();
  for (const o of operations) {
    keys.set(`${o.type}/${o.id}`, { resourceType: o.type, resourceId: o.id });
    if (o.method === 'delete') continue;
    for (const { text } of referencesOf(o.resource)) {
      const reference = parseReference(text, fhirBase(deps));
      if (reference.kind !== 'local') continue;
      const key = `${reference.type}/${reference.id}`;
      if (!born.has(key)) keys.set(key, { resourceType: reference.type, resourceId: reference.id });
    }
  }
  const ids = operations.flatMap((o) => (o.method === 'update' && o.type === 'Patient' ? [o.id] : []));
  const [found, people] = await Promise.all([
    deps.resources.findAll([...keys.values()]),
    findPeople(deps.db.pool, ids),
  ]);
  return {
    resources: new Map(found.flatMap((f) => (f ? [[`${f.resourceType}/${f.resourceId}`, f]] : []))),
    people: new Map(people.flatMap((p) => (p ? [[p.patientId, p]] : []))),
  };
}

/** Whose each resource is that comes to be in this very change, by `Type/id`. */
type Born = Map<string, string>;

interface Plan {
  operation: WriteOperation;
  patientId: string;
  current: StoredVersion | undefined;
  rule: string;
  /** Deleting what is deleted changes nothing and writes nothing. */
  settled?: boolean;
  refused?: { patientId: string; rule: string; event: 'create' | 'update' | 'delete'; error: FhirError };
}

function plan(
  deps: Deps,
  context: RequestContext,
  operation: WriteOperation,
  known: ReadonlyMap<string, StoredVersion>,
  born: Born,
): Plan {
  const { method, type, id } = operation;
  const current = known.get(`${type}/${id}`);
  if (method === 'create' && current) throw new VersionConflictError();
  // No update-as-create: an id of somebody else's and an id of nobody's must answer alike, whatever the body says.
  if (method !== 'create' && !current) throw notFound();
  const act = context.asker.kind === 'operator' ? ('import' as const) : method;
  const may = (patientId: string) => decide(context.asker, act, { patientId, resourceType: type });
  const refuse = (patientId: string, rule: string, error: FhirError): Plan => ({
    operation,
    patientId,
    current,
    rule,
    refused: { patientId, rule, event: method, error },
  });
  // An update must be allowed on what stands as well as on what it would become: nobody moves a resource into or out of a record.
  if (current) {
    const { allowed, rule } = may(current.patientId);
    const seen = decide(context.asker, 'read', { patientId: current.patientId, resourceType: type }).allowed;
    if (!allowed) return refuse(current.patientId, rule, seen ? mayNotWrite() : notFound());
  }
  const patientId =
    method === 'delete' ? (current?.patientId ?? '') : ownerOf(deps, context, operation.resource, id);
  const { allowed, rule } = may(patientId);
  if (!allowed) return refuse(current?.patientId ?? patientOfAsker(context), rule, mayNotWrite());
  if (current && current.patientId !== patientId)
    throw fhirError(422, 'business-rule', 'A resource stays in the record it was made in.');
  if (
    method !== 'create' &&
    operation.ifMatch !== undefined &&
    operation.ifMatch !== (current?.version ?? 0)
  ) {
    throw fhirError(412, 'conflict', 'Somebody changed this first. Load it again and repeat your change.');
  }
  if (type === 'Patient' && method === 'delete')
    throw fhirError(405, 'not-supported', 'A person is erased, not deleted.');
  if (method === 'delete' && current?.deleted) return { operation, patientId, current, rule, settled: true };
  if (method !== 'delete') requireKnownReferences(deps, context, operation, patientId, known, born);
  if (type === 'Patient' && method === 'create' && context.asker.kind === 'person') {
    throw fhirError(403, 'forbidden', 'A person is made by signing up or at a desk.');
  }
  return { operation, patientId, current, rule };
}

function mayNotWrite(): FhirError {
  return fhirError(403, 'forbidden', 'You may not write this.');
}

function unchanged(current: StoredVersion): Written {
  const { resourceType: type, resourceId: id, version, deleted, lastUpdated, content, entryId } = current;
  return {
    type,
    id,
    version,
    created: false,
    deleted,
    lastUpdatedMs: lastUpdated.getTime(),
    content,
    entryId,
  };
}

function patientOfAsker(context: RequestContext): string {
  return context.asker.kind === 'person' ? context.asker.patientId : '';
}

const fhirBase = (deps: Deps): string => `${deps.config.publicUrl}/fhir/R4`;

/** Whose record it belongs to; '' for the directory. What must be about somebody must name exactly one person. */
function ownerOf(deps: Deps, context: RequestContext, resource: Resource, id: string): string {
  // A Subscription names nobody: a person's own is in their record, a program's is in nobody's.
  if (resource.resourceType === 'Subscription') return patientOfAsker(context);
  const owners = ownersOf(resource, id, fhirBase(deps));
  if (owners === 'nobody') return '';
  const [owner] = owners;
  if (owner !== undefined && owners.length === 1) return owner;
  throw fhirError(
    422,
    'business-rule',
    owner === undefined
      ? 'This must say whose record it belongs to.'
      : 'This names more than one person: a resource belongs to one record.',
    resource.resourceType,
  );
}

/** Every `Type/id` named must stand in the same record or in the directory; what is elsewhere is as good as absent. */
function requireKnownReferences(
  deps: Deps,
  context: RequestContext,
  { type, id, resource }: Exclude<WriteOperation, { method: 'delete' }>,
  patientId: string,
  known: ReadonlyMap<string, StoredVersion>,
  born: Born,
): void {
  for (const { text, path } of referencesOf(resource)) {
    const reference = parseReference(text, fhirBase(deps));
    if (reference.kind === 'contained' || reference.kind === 'foreign') continue;
    const key = reference.kind === 'local' ? `${reference.type}/${reference.id}` : '';
    if (key === `${type}/${id}`) continue;
    const target = known.get(key);
    const owner = born.get(key) ?? (target && !target.deleted ? target.patientId : undefined);
    if (owner === '' || owner === patientId) continue;
    // A Group is in nobody's record and names people: those whom its writer may read.
    if (type === 'Group' && owner !== undefined && mayRead(context, owner)) continue;
    throw fhirError(422, 'not-found', 'This reference leads to nothing in this record.', path);
  }
}

const mayRead = (context: RequestContext, patientId: string): boolean =>
  decide(context.asker, 'read', { patientId, resourceType: 'Patient' }).allowed;

function shape(
  deps: Deps,
  context: RequestContext,
  p: Plan,
  known: Known,
): { version: VersionWrite; uhid?: string; person?: PersonWrite } {
  const { operation, patientId, current, rule } = p;
  const by = { author: context.author, who: context.who, basis: rule, agent: context.agent };
  if (operation.method === 'create' && operation.type === 'Patient')
    return draftPerson({ ...by, patientId: operation.id, resource: operation.resource }, deps);
  let resource = operation.method === 'delete' ? undefined : operation.resource;
  if (resource && operation.type === 'Patient') {
    const person = known.people.get(patientId);
    if (person) resource = withUhid(resource, person.uhid, person.alias);
  }
  return {
    version: prepareVersion(
      {
        ...by,
        patientId,
        resourceType: operation.type,
        resourceId: operation.id,
        version: (current?.version ?? 0) + 1,
        ...(resource ? { resource } : {}),
        ...(current ? { previousMs: current.lastUpdated.getTime() } : {}),
      },
      deps,
    ),
  };
}
