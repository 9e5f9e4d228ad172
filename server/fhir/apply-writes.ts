// The one path of every FHIR write: what stands now -> decision -> validation -> references -> one batch. Single requests,
// transactions and imports all come through here, so no entry route can skip a check.
import type { Resource } from '../../core/fhir/types.ts';
import type { FhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { Queryable } from '../storage/queryable.ts';
import { inTransaction, isConflict } from '../storage/transaction.ts';
import { draftPerson, withUhid } from '../storage/create-person.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { OutboxEvent, PersonWrite, VersionWrite, WriteBatch } from '../storage/write-batch.ts';
import {
  UhidTakenError,
  VersionConflictError,
  versionsOfPart,
  writeBatch,
  writeInParts,
} from '../storage/write-batch.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import type { RequestContext } from './asker.ts';
import type { Known, Planned } from './known-writes.ts';
import { fhirBase, keyOf, loadKnown } from './known-writes.ts';
import type { Born, Plan } from './plan-writes.ts';
import { actOf, ownerOf, plan, refuseReferencesToGone } from './plan-writes.ts';
import { actingBy } from './authorise.ts';
import { requireValid } from './body.ts';
import type { IssueBeside } from './clinical-check.ts';
import { checkClinically, mustTakeTurns } from './clinical-check.ts';
import { prepareSubscriptions } from './subscription/on-write.ts';
import { within } from './bundle-place.ts';
import { mapInSlices } from './in-slices.ts';
import { requireScope } from './require-scope.ts';
import type { SettledWrites } from './settle-writes.ts';
import { needsSearch, settleWrites } from './settle-writes.ts';
import type { WriteOperation, Written } from './write-requests.ts';

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
    operations.length > versionsOfPart ||
    mustTakeTurns(context, operations) ||
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
      if (error instanceof RefusedWrite) {
        await deps.entries.store(error.entry);
        // Placed as what is absent is placed: the two must not differ.
        return within(error.at, () => {
          throw error.answer;
        });
      }
      // Looked at again: what was asked under an If-Match is now a plain 412, everything else goes on top of what came first.
      const raced =
        error instanceof VersionConflictError || error instanceof UhidTakenError || isConflict(error);
      if (!raced || attempt > conflictRetries) throw error;
    }
  }
}

/** Its entry outlives the transaction that it ends, and is stored when that one has given its connection back. */
class RefusedWrite extends Error {
  readonly entry: SealedEntry;
  readonly at: string | undefined;
  readonly answer: FhirError;
  constructor(entry: SealedEntry, at: string | undefined, answer: FhirError) {
    super('refused');
    this.entry = entry;
    this.at = at;
    this.answer = answer;
  }
}

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
  await mapInSlices(operations, (o) => {
    if (o.method === 'create' || o.method === 'update') within(o.at, () => requireValidOnce(o.resource));
  });
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
  const plans = await mapInSlices(known.operations, (operation) =>
    within(operation.at, () => plan(deps, context, operation, known.resources, born)),
  );
  refuseReferencesToGone(deps, known.operations);
  for (const p of plans) if (p.refused) throw refusedWrite(deps, context, p, p.refused);
  const clinical = await checkClinically(client, deps, context, plans);
  if (clinical?.refused) {
    const { plan: p, rules, error } = clinical.refused;
    const event = p.makes === true ? 'create' : 'update';
    throw refusedWrite(deps, p.decision ? actingBy(context, p.decision) : context, p, {
      patientId: p.patientId,
      rule: p.rule,
      event,
      error,
      detail: { rules },
    });
  }
  const people: PersonWrite[] = [];
  const written: Written[] = [];
  const versions: VersionWrite[] = [];
  const outbox: OutboxEvent[] = [];
  await mapInSlices(plans, (p) => {
    if (p.settled) {
      written.push(unchanged(p.operation, p.current));
      return;
    }
    const override = clinical?.overrides.get(p);
    const { version, uhid, person, author } = shape(deps, context, p, known, override);
    versions.push(version);
    if (person) people.push(person);
    const { patientId, resourceType: type, resourceId: id, version: number, entry } = version;
    written.push({
      type,
      id,
      version: number,
      created: number === 1,
      deleted: version.deleted,
      lastUpdatedMs: version.lastUpdatedMs,
      content: version.content,
      entryId: entry.entryId,
      ...(uhid ? { uhid } : {}),
    });
    outbox.push({
      topic: 'resource.written',
      patientId,
      entryId: entry.entryId,
      payload: { type, id, version: number, author },
    });
  });
  for (const issue of clinical?.issues ?? []) {
    const { version, author } = versionBeside(deps, context, issue);
    versions.push(version);
    const { patientId, resourceType: type, resourceId: id, entry } = version;
    outbox.push({
      topic: 'resource.written',
      patientId,
      entryId: entry.entryId,
      payload: { type, id, version: 1, author },
    });
  }
  const batch: WriteBatch = { people, versions, entries: looks, outbox };
  if (client) await subscriptions?.(client);
  if (versions.length + looks.length > 0)
    await (client ? writeInParts(client, batch) : deps.writes.write(batch));
  if (client && afterwards) {
    const entries = await afterwards(client, written);
    if (entries.length > 0) await writeBatch(client, { versions: [], entries });
  }
  return written;
}

/** A refusal that the log keeps: who wanted to write what, and by which rule they could not. */
function refusedWrite(
  deps: Deps,
  context: RequestContext,
  { operation }: Plan,
  refused: NonNullable<Plan['refused']> & { detail?: Record<string, string> },
): RefusedWrite {
  const entry = sealEntry(
    refused.patientId,
    {
      event: refused.event,
      outcome: 'refused',
      who: context.who,
      basis: refused.rule,
      on: { type: operation.type, id: operation.id },
      agent: context.agent,
      ...(refused.detail ? { detail: refused.detail } : {}),
    },
    deps,
  );
  return new RefusedWrite(entry, operation.at, refused.error);
}

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

function shape(
  deps: Deps,
  context: RequestContext,
  p: Plan,
  known: Known,
  override?: string,
): { version: VersionWrite; uhid?: string; person?: PersonWrite; author: RequestContext['author'] } {
  const { operation, patientId, current } = p;
  const by = byWhom(deps, context, p, override === undefined ? {} : { override });
  const { author } = by;
  let resource =
    operation.method === 'create' || operation.method === 'update' ? operation.resource : undefined;
  if (resource && p.makes === true && operation.type === 'Patient')
    return { ...draftPerson({ ...by, patientId: operation.id, resource }, deps), author };
  if (resource && operation.type === 'Patient') {
    const person = known.people.get(patientId);
    if (person) resource = withUhid(resource, person.uhid, person.alias);
  }
  return {
    // As whom it was written: a notice tells the person of what others added.
    author,
    version: prepareVersion(
      {
        ...by,
        author: context.keepsAuthor ?? author,
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

/** As whom, by which rule and authority: what every entry of this operation says. */
function byWhom(deps: Deps, context: RequestContext, { rule, decision }: Plan, more: Record<string, string>) {
  const { author, who, agent, purpose } = decision ? actingBy(context, decision) : context;
  const detail = {
    // Each entry names the authority that let it be written.
    ...(decision?.authority ? { authority: decision.authority.id } : {}),
    ...context.because,
    ...more,
  };
  return {
    author,
    who,
    basis: rule,
    agent,
    ownBase: fhirBase(deps),
    ...(purpose ? { purpose } : {}),
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
  };
}

/** What was found about a medicine that nobody could be asked about, as a resource of its own in the same record. */
function versionBeside(
  deps: Deps,
  context: RequestContext,
  { plan: p, id: resourceId, resource, rule }: IssueBeside,
): { version: VersionWrite; author: RequestContext['author'] } {
  const by = byWhom(deps, context, p, { rule });
  const { patientId } = p;
  const version = prepareVersion(
    { ...by, patientId, resourceType: 'DetectedIssue', resourceId, version: 1, resource },
    deps,
  );
  return { version, author: by.author };
}
