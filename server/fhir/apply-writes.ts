// The one path of every FHIR write: what stands now -> decision -> validation -> references -> one batch. Single requests,
// transactions and imports all come through here, so no entry route can skip a check.
import type { Act, Decision } from '../../core/access/decide.ts';
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
import { findResources } from '../storage/resource-store.ts';
import type { PersonWrite, VersionWrite, WriteBatch } from '../storage/write-batch.ts';
import { UhidTakenError, VersionConflictError, writeBatch } from '../storage/write-batch.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';
import { actingBy, decideOn, withAuthorities } from './authorise.ts';
import { requireValid } from './body.ts';
import { isProgram, programMayName } from './client-references.ts';
import { notFound } from './read.ts';
import { prepareSubscriptions } from './subscription/on-write.ts';
import { applyPatch } from './patch.ts';
import { within } from './bundle-place.ts';
import { requireScope } from './require-scope.ts';
import type { SettledWrites } from './settle-writes.ts';
import { needsSearch, settleWrites } from './settle-writes.ts';
import type { Settled, WriteOperation, Written } from './write-requests.ts';

const conflictRetries = 8;

export interface WriteOptions {
  /** What a fullUrl means that no operation has: resources that stand already. */
  readonly known?: ReadonlyMap<string, string>;
  /** Runs in the same transaction, before anything is written. */
  readonly alongside?: (client: Queryable) => Promise<void>;
  /** Runs in the same transaction, after everything is written; the entries of the looks it was go along. */
  readonly afterwards?: (client: Queryable, written: readonly Written[]) => Promise<readonly SealedEntry[]>;
}

/**
 * Carries out all operations or none. Answers come in the order of the operations.
 * Throws FhirError 404 (not yours or not there), 409/412 (someone was first), 422 (invalid, dangling reference).
 */
export async function applyWrites(
  deps: Deps,
  context: RequestContext,
  operations: readonly WriteOperation[],
  options: WriteOptions = {},
): Promise<Written[]> {
  for (const operation of operations) {
    const searches = (operation.method === 'create' ? operation.ifNoneExist : operation.where) !== undefined;
    if (searches) await requireScope(deps, context, 'search', operation.type);
    await requireScope(deps, context, actOf(operation.method), operation.type);
  }
  const { known, alongside, afterwards } = options;
  const together =
    needsSearch(operations) ||
    alongside !== undefined ||
    afterwards !== undefined ||
    operations.some(({ type }) => type === 'Subscription');
  const carryOut = async (client: Queryable | undefined): Promise<Written[]> => {
    if (client) await alongside?.(client);
    const settled = await settleWrites(client ?? deps.db.pool, deps, context, operations, known);
    return attemptWrites(client, deps, context, settled, afterwards);
  };
  for (let attempt = 1; ; attempt++) {
    try {
      // What is looked for, and what comes alongside, must be one with what is written.
      if (together) return await inTransaction(deps.db.pool, carryOut);
      return await carryOut(undefined);
    } catch (error) {
      // Looked at again: what was asked under an If-Match is now a plain 412, everything else goes on top of what came first.
      const raced =
        error instanceof VersionConflictError || error instanceof UhidTakenError || isConflict(error);
      if (!raced || attempt > conflictRetries) throw error;
    }
  }
}

const actOf = (method: WriteOperation['method']): 'create' | 'update' | 'delete' =>
  method === 'patch' ? 'update' : method;

/** Resources that were found valid, so that another attempt does not ask again. */
const validated = new WeakSet<Resource>();

function requireValidOnce(resource: Resource): void {
  if (validated.has(resource)) return;
  requireValid(resource);
  validated.add(resource);
}

/** `client`: the transaction it is part of, if it is part of one. */
async function attemptWrites(
  client: Queryable | undefined,
  deps: Deps,
  asking: RequestContext,
  { operations, looks }: SettledWrites,
  afterwards: WriteOptions['afterwards'],
): Promise<Written[]> {
  for (const o of operations)
    if (o.method === 'create' || o.method === 'update') within(o.at, () => requireValidOnce(o.resource));
  const known = await loadKnown(client, deps, asking, operations);
  const { context } = known;
  const subscriptions = await judgeSubscriptions(deps, context, known);
  const born: Born = new Map();
  for (const o of known.operations) {
    const isNew = o.method === 'update' && context.asker.kind === 'client' && !known.resources.has(keyOf(o));
    if (o.method === 'create' || isNew)
      born.set(
        keyOf(o),
        within(o.at, () => ownerOf(deps, context, o.resource, o.id)),
      );
  }
  const plans = known.operations.map((operation) =>
    within(operation.at, () => plan(deps, context, operation, known.resources, born)),
  );
  refuseReferencesToGone(deps, known.operations);
  for (const p of plans) {
    if (p.refused) {
      const { type, id } = p.operation;
      await deps.entries.store(
        sealEntry(
          p.refused.patientId,
          {
            event: p.refused.event,
            outcome: 'refused',
            who: context.who,
            basis: p.refused.rule,
            on: { type, id },
            agent: context.agent,
          },
          deps,
        ),
      );
      // Placed as what is absent is placed: the two must not differ.
      const { error } = p.refused;
      within(p.operation.at, () => {
        throw error;
      });
    }
  }
  const people: PersonWrite[] = [];
  const written: Written[] = [];
  const versions: VersionWrite[] = [];
  for (const p of plans) {
    if (p.settled) {
      written.push(unchanged(p.operation, p.current));
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
    entries: looks,
    outbox: versions.map((v) => ({
      topic: 'resource.written',
      patientId: v.patientId,
      entryId: v.entry.entryId,
      payload: {
        type: v.resourceType,
        id: v.resourceId,
        version: v.version,
        author: authorOf(context, plans, v),
      },
    })),
  };
  if (client) await subscriptions?.(client);
  if (versions.length + looks.length > 0)
    await (client ? writeBatch(client, batch) : deps.writes.write(batch));
  if (client && afterwards) {
    const entries = await afterwards(client, written);
    if (entries.length > 0) await writeBatch(client, { versions: [], entries });
  }
  return written;
}

const keyOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

/** Subscriptions as they are to be stored take the place of those that came; what they set in motion is given back. */
async function judgeSubscriptions(
  deps: Deps,
  context: RequestContext,
  known: Known,
): Promise<((client: Queryable) => Promise<void>) | undefined> {
  const changing = known.operations.filter(
    (o) => o.method === 'create' || o.method === 'update' || o.method === 'delete',
  );
  const prepared = await prepareSubscriptions(deps, context, changing);
  if (prepared === undefined) return undefined;
  const stored = new Map<Planned, Planned>(changing.map((o, i) => [o, prepared.operations[i] ?? o]));
  known.operations = known.operations.map((o) => stored.get(o) ?? o);
  return prepared.alongside;
}

/** What stands now of all that is named, and the operations with their patches carried out. */
interface Known {
  resources: Map<string, StoredVersion>;
  /** The plumbing of people whose Patient is written. */
  people: ReadonlyMap<string, Person>;
  operations: readonly Planned[];
  /** With what the asker was given in the records that this is about. */
  context: RequestContext;
}

async function loadKnown(
  client: Queryable | undefined,
  deps: Deps,
  asking: RequestContext,
  operations: readonly Settled[],
): Promise<Known> {
  const resources = new Map<string, StoredVersion>();
  const made = new Set(operations.flatMap((o) => (o.method === 'create' ? [keyOf(o)] : [])));
  const load = async (keys: ReadonlyMap<string, { resourceType: string; resourceId: string }>) => {
    const wanted = [...keys.values()];
    for (const f of await (client ? findResources(client, wanted) : deps.resources.findAll(wanted)))
      if (f) resources.set(`${f.resourceType}/${f.resourceId}`, f);
  };
  const keys = new Map<string, { resourceType: string; resourceId: string }>();
  for (const o of operations) {
    if (o.method === 'nothing') continue;
    // Nothing stands under an id that was just drawn; if something did, the batch would be refused.
    if (o.method !== 'create') keys.set(keyOf(o), { resourceType: o.type, resourceId: o.id });
    if (o.method === 'create' || o.method === 'update') addReferences(deps, o.resource, made, keys);
  }
  const changes = new Set(['update', 'patch']);
  const ids = operations.flatMap((o) => (changes.has(o.method) && o.type === 'Patient' ? [o.id] : []));
  const [found] = await Promise.all([findPeople(client ?? deps.db.pool, ids), load(keys)]);
  const people = new Map(found.flatMap((p) => (p ? [[p.patientId, p]] : [])));
  const context = await withAuthorities(deps, asking, recordsOf(deps, operations, resources));
  // What a patch refers to is known only once it is carried out.
  const more = new Map<string, { resourceType: string; resourceId: string }>();
  const patched = operations.map((o): Planned => {
    if (o.method !== 'patch') return o;
    const resource = within(o.at, () => patchedResource(context, o, resources.get(keyOf(o))));
    if (resource instanceof FhirError) return { ...o, refusal: resource };
    addReferences(deps, resource, made, more);
    const { patch: _patch, ...plain } = o;
    return { ...plain, method: 'update', resource };
  });
  for (const key of resources.keys()) more.delete(key);
  if (more.size > 0) await load(more);
  return { resources, people, operations: patched, context };
}

/** The records that these operations are about: of what stands, and of what would come to be. */
function recordsOf(
  deps: Deps,
  operations: readonly Settled[],
  resources: ReadonlyMap<string, StoredVersion>,
): string[] {
  const records = new Set<string>();
  for (const o of operations) {
    if (o.method === 'nothing') continue;
    const current = resources.get(keyOf(o));
    if (current) records.add(current.patientId);
    if (o.method !== 'create' && o.method !== 'update') continue;
    const owners = ownersOf(o.resource, o.id, fhirBase(deps));
    if (owners !== 'nobody') for (const owner of owners) records.add(owner);
  }
  return [...records];
}

function addReferences(
  deps: Deps,
  resource: Resource,
  made: ReadonlySet<string>,
  keys: Map<string, { resourceType: string; resourceId: string }>,
): void {
  for (const { text } of referencesOf(resource)) {
    const reference = parseReference(text, fhirBase(deps));
    if (reference.kind !== 'local') continue;
    const key = `${reference.type}/${reference.id}`;
    if (!made.has(key)) keys.set(key, { resourceType: reference.type, resourceId: reference.id });
  }
}

type PatchOperation = Extract<Settled, { method: 'patch' }>;

/** A patch is an update once it is carried out, or a refusal. */
type Planned = Exclude<Settled, PatchOperation> | (PatchOperation & { refusal: FhirError });

/** Nobody learns from a patch what stands in a resource they may not change: then the patch is not even tried. */
function patchedResource(
  context: RequestContext,
  { patch, ifMatch }: PatchOperation,
  current: StoredVersion | undefined,
): Resource | FhirError {
  if (!current) return notFound();
  if (!decideOn(context, 'update', current).allowed)
    return decideOn(context, 'read', current).allowed ? mayNotWrite() : notFound();
  if (current.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
  if (ifMatch !== undefined && ifMatch !== current.version) throw changedMeanwhile();
  const resource = applyPatch(current.content, patch);
  requireValid(resource);
  return resource;
}

/** Whose each resource is that comes to be in this very change, by `Type/id`. */
type Born = Map<string, string>;

interface Plan {
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

function plan(
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
  const elsewhere = type === 'Bundle' && isProgram(context) && !stands(`Patient/${named}`, known, born);
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
  if (method !== 'delete') requireKnownReferences(deps, context, operation, patientId, known, born);
  if (makes) {
    if (type === 'Patient' && asker.kind === 'person')
      throw fhirError(403, 'forbidden', 'A person is made by signing up or at a desk.');
    if (/^\.+$/.test(id)) throw fhirError(400, 'value', 'An id has letters or digits.', `${type}.id`);
  }
  return { operation, patientId, current, rule, decision, makes };
}

function changedMeanwhile(): FhirError {
  return fhirError(412, 'conflict', 'Somebody changed this first. Load it again and repeat your change.');
}

function mayNotWrite(): FhirError {
  return fhirError(403, 'forbidden', 'You may not write this.');
}

function unchanged({ method, type, id }: Planned, current: StoredVersion | undefined): Written {
  return {
    type,
    id,
    // What this very change makes has its first version.
    version: current?.version ?? (method === 'keep' ? 1 : 0),
    created: false,
    deleted: current?.deleted ?? method !== 'keep',
    lastUpdatedMs: current?.lastUpdated.getTime() ?? 0,
    content: current?.content ?? '',
    entryId: current?.entryId ?? '',
    unchanged: true,
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
function refuseReferencesToGone(deps: Deps, operations: readonly Planned[]): void {
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

/** Every `Type/id` named must stand in the same record or in the directory; what is elsewhere is as good as absent. */
function requireKnownReferences(
  deps: Deps,
  context: RequestContext,
  { type, id, resource }: { type: string; id: string; resource: Resource },
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
    if (isProgram(context) && programMayName(key, owner, patientId)) continue;
    throw fhirError(422, 'not-found', 'This reference leads to nothing in this record.', path);
  }
}

function stands(key: string, known: ReadonlyMap<string, StoredVersion>, born: Born): boolean {
  const found = known.get(key);
  return born.has(key) || (found !== undefined && !found.deleted);
}

const mayRead = (context: RequestContext, patientId: string): boolean =>
  decide(context.asker, 'read', { patientId, resourceType: 'Patient' }).allowed;

function shape(
  deps: Deps,
  context: RequestContext,
  p: Plan,
  known: Known,
): { version: VersionWrite; uhid?: string; person?: PersonWrite } {
  const { operation, patientId, current, rule, decision } = p;
  const { author, who, agent, purpose } = decision ? actingBy(context, decision) : context;
  const by = {
    author,
    who,
    basis: rule,
    agent,
    ...(purpose ? { purpose } : {}),
    // Each entry names the authority that let it be written.
    ...(decision?.authority ? { detail: { authority: decision.authority.id } } : {}),
  };
  let resource =
    operation.method === 'create' || operation.method === 'update' ? operation.resource : undefined;
  if (resource && p.makes === true && operation.type === 'Patient')
    return draftPerson({ ...by, patientId: operation.id, resource }, deps);
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

/** As whom each was written: a notice tells the person of what others added. */
function authorOf(
  context: RequestContext,
  plans: readonly Plan[],
  { resourceType, resourceId }: VersionWrite,
): RequestContext['author'] {
  const one = plans.find(({ operation: { type, id } }) => type === resourceType && id === resourceId);
  return one?.decision ? actingBy(context, one.decision).author : context.author;
}
