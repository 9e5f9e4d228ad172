// Erasing for good: one resource with all its versions and files, or a whole person. The log keeps every leaf; what the leaves committed to
// is destroyed, and the erasure is itself an entry that names them by a digest.
import { createHash } from 'node:crypto';
import type { Statement, StatementWho } from '../../core/ledger/statement.ts';
import { erasedDigest } from '../../core/ledger/erased-leaves.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import { ApiError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { ErasableEntry } from '../storage/erasure.ts';
import {
  deletePerson,
  deleteResource,
  emptyEntries,
  findHold,
  listFilesNamedElsewhere,
  listNamedInSystemChain,
  listPersonEntries,
  listResourceEntries,
  lockPerson,
} from '../storage/erasure.ts';
import { dropFile } from '../storage/file-store.ts';
import { listFiles } from '../storage/files.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { inTransaction } from '../storage/transaction.ts';
import { writeBatch } from '../storage/write-batch.ts';
import { appendToRegister } from './erasure-register.ts';
import { awaitLogged } from './record-export.ts';

export type ErasureTarget = { scope: 'resource'; type: string; id: string } | { scope: 'person' };

export interface ErasureBy {
  patientId: string;
  who: StatementWho;
  /** The rule of `core/access` that allowed it. */
  basis: string;
  agent?: string;
  reason?: string;
}

export interface Erased {
  /** Entry of the erasure, as it was sealed: for a whole person nobody keeps its text but whoever is given it now. */
  entry: SealedEntry;
  erased: readonly { leafIndex: number; leafHash: Uint8Array }[];
}

/** A court or an authority has stopped erasing: the reason is told. */
export function heldError(reason: string): ApiError {
  return new ApiError(
    409,
    'legal-hold',
    `Nothing was erased: there is a legal hold on this record. ${reason}`,
  );
}
const absent = () => new ApiError(404, 'not-found', 'There is nothing of this kind in the record.');
const notLogged = () =>
  new ApiError(
    503,
    'not-in-the-log-yet',
    'The log has not taken in the newest entry of this yet. Nothing was erased. Try again in a moment.',
    { headers: { 'retry-after': '2' } },
  );

/**
 * Destroys and returns what the receipt needs. Throws 404 `not-found`, 409 `legal-hold` (and leaves a refusal in the chain), 503.
 */
export async function erase(deps: Deps, target: ErasureTarget, by: ErasureBy): Promise<Erased> {
  await awaitNewest(deps, target, by.patientId);
  let begun: string | undefined;
  let dropped: string[] = [];
  let erased: Erased;
  try {
    erased = await inTransaction(deps.db.pool, async (client) => {
      // Tried again after a conflict: what the try before announced did not happen.
      if (begun !== undefined)
        await appendToRegister(deps.config.dataDir, { state: 'not-done', erasure: begun });
      begun = undefined;
      if (!(await lockPerson(client, by.patientId))) throw absent();
      const hold = await findHold(client, by.patientId);
      if (hold) throw heldError(hold.reason);
      const plan = await planErasure(client, target, by.patientId);
      const entry = seal(deps, target, by, plan.entries);
      const ids = [...plan.entries, ...plan.elsewhere].map(({ entryId }) => entryId);
      // Before the commit: a crash right after it must not leave an erasure that nobody would repeat on a backup.
      await appendToRegister(deps.config.dataDir, {
        state: 'begun',
        erasure: entry.entryId,
        at: new Date(entry.recordedAtMs).toISOString(),
        entries: target.scope === 'person' ? [] : ids,
        files: plan.fileIds,
        ...(target.scope === 'person' ? { person: digestOf(by.patientId) } : {}),
      });
      begun = entry.entryId;
      await destroy(client, deps, target, by, plan, entry);
      dropped = plan.fileIds;
      return {
        entry,
        erased: plan.entries.map(({ leafIndex, leaf }) => ({
          leafIndex: leafIndex ?? 0,
          leafHash: leafHash(leaf ?? Buffer.alloc(0)),
        })),
      };
    });
  } catch (error) {
    // A failed commit whose answer was lost stays open: the next start looks whether it happened.
    if (begun !== undefined && error instanceof ApiError)
      await appendToRegister(deps.config.dataDir, { state: 'not-done', erasure: begun });
    if (error instanceof ApiError && error.code === 'legal-hold') await recordRefusal(deps, target, by);
    throw error;
  }
  for (const fileId of dropped) await dropFile(deps.config.storageUrl, fileId);
  await appendToRegister(deps.config.dataDir, { state: 'done', erasure: erased.entry.entryId });
  return erased;
}

interface Plan {
  entries: readonly ErasableEntry[];
  /** Of the system's own chain, naming the person. */
  elsewhere: readonly ErasableEntry[];
  fileIds: string[];
}

async function planErasure(client: Queryable, target: ErasureTarget, patientId: string): Promise<Plan> {
  if (target.scope === 'person') {
    const [entries, elsewhere, files] = [
      await listPersonEntries(client, patientId),
      await listNamedInSystemChain(client, patientId),
      await listFiles(client, patientId),
    ];
    requireLogged([...entries, ...elsewhere]);
    return { entries, elsewhere, fileIds: files.map(({ fileId }) => fileId) };
  }
  const { entries, contents } = await listResourceEntries(client, patientId, target.type, target.id);
  if (entries.length === 0) throw absent();
  requireLogged(entries);
  const named = [...new Set(contents.flatMap(fileIdsIn))];
  return { entries, elsewhere: [], fileIds: named };
}

async function destroy(
  client: Queryable,
  deps: Deps,
  target: ErasureTarget,
  by: ErasureBy,
  plan: Plan,
  entry: SealedEntry,
): Promise<void> {
  if (target.scope === 'resource') {
    const ids = plan.entries.map(({ entryId }) => entryId);
    await writeBatch(client, { versions: [], entries: [entry] });
    await emptyEntries(client, by.patientId, ids, entry.entryId);
    await deleteResource(client, { ...target, patientId: by.patientId, fileIds: [] });
    // A file that another document names as well stays with it.
    const kept = new Set(await listFilesNamedElsewhere(client, by.patientId, plan.fileIds));
    plan.fileIds = plan.fileIds.filter((id) => !kept.has(id));
    await deleteResource(client, { ...target, patientId: by.patientId, fileIds: plan.fileIds });
    return;
  }
  const system = sealEntry(
    '',
    {
      event: 'erase',
      outcome: 'done',
      who: { role: by.who.role === 'operator' ? 'operator' : 'system' },
      basis: by.basis,
      detail: claimOf(plan.elsewhere, 'person'),
    },
    deps,
  );
  await writeBatch(client, { versions: [], entries: [entry, system] });
  await emptyEntries(
    client,
    '',
    plan.elsewhere.map(({ entryId }) => entryId),
    system.entryId,
  );
  await deletePerson(client, by.patientId, entry.entryId);
}

function seal(
  deps: Deps,
  target: ErasureTarget,
  by: ErasureBy,
  entries: readonly ErasableEntry[],
): SealedEntry {
  return sealEntry(
    by.patientId,
    {
      event: 'erase',
      outcome: 'done',
      who: by.who,
      basis: by.basis,
      purpose: 'PATRQT',
      ...(by.agent ? { agent: by.agent } : {}),
      ...(target.scope === 'resource' ? { on: { type: target.type, id: target.id } } : {}),
      detail: { ...claimOf(entries, target.scope), ...(by.reason ? { reason: by.reason } : {}) },
    },
    deps,
  );
}

function claimOf(entries: readonly ErasableEntry[], scope: string): NonNullable<Statement['detail']> {
  return {
    scope,
    erased: entries.length,
    leaves: erasedDigest(entries.map(({ leaf }) => leafHash(leaf ?? Buffer.alloc(0)))),
  };
}

function requireLogged(entries: readonly ErasableEntry[]): void {
  if (entries.some(({ leaf }) => leaf === null)) throw notLogged();
}

/** The newest entries of what is to go have mostly just been written: the log needs a moment for them. */
async function awaitNewest({ db }: Deps, target: ErasureTarget, patientId: string): Promise<void> {
  const newest = await inTransaction(db.pool, async (client) =>
    target.scope === 'person'
      ? await listPersonEntries(client, patientId)
      : (await listResourceEntries(client, patientId, target.type, target.id)).entries,
  );
  for (const { entryId, leaf } of newest) if (leaf === null) await awaitLogged({ db }, entryId);
}

async function recordRefusal(deps: Deps, target: ErasureTarget, by: ErasureBy): Promise<void> {
  await deps.entries.store(
    sealEntry(
      by.patientId,
      {
        event: 'erase',
        outcome: 'refused',
        who: by.who,
        basis: 'legal-hold',
        ...(target.scope === 'resource' ? { on: { type: target.type, id: target.id } } : {}),
      },
      deps,
    ),
  );
}

function fileIdsIn(content: string): string[] {
  return [...content.matchAll(/\/api\/files\/([a-z0-9-]{20,64})/g)].map(([, id]) => id ?? '');
}

/** Hexadecimal SHA-256 of a patient id, which is random: nobody can guess it back. */
export function digestOf(patientId: string): string {
  return createHash('sha256').update(patientId).digest('hex');
}
