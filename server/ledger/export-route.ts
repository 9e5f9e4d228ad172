// GET /api/export: the signed-in person takes their whole record away, as one file that any verifier can check without this server.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { firstSealedPart } from '../../core/access/categories.ts';
import { RECORD_FILE_EXTENSION } from '../../core/ledger/record-file.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Deps } from '../http/deps.ts';
import type { Standing } from '../http/acting-for.ts';
import { patientNamed, requireActing } from '../http/acting-for.ts';
import { requireProof } from '../http/require-person.ts';
import { findCarriedWish } from '../storage/agreements.ts';
import { heldNow } from '../storage/authorities.ts';
import { holdsSealedEntries } from '../storage/guardians.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { awaitLogged, awaitWitnessed, writeRecordFile } from './record-export.ts';

/** Each holds a connection for a while: a few people at once, and nobody twice. */
const mostAtOnce = 4;

export interface LogIdentity {
  origin: string;
  vkey: string;
}

/** How long after several guardians agreed each of them may take the record away. */
const togetherLastsMs = 24 * 3_600_000;

/** What is sealed leaves with its owner alone, and of several guardians none takes a record away without the others. */
async function requireExportTogether(deps: Deps, { patientId }: Standing): Promise<void> {
  if (await holdsSealedEntries(deps.db.pool, patientId, firstSealedPart))
    throw new ApiError(
      403,
      'sealed-entries',
      'This record holds sealed entries: only its owner takes it away whole.',
    );
  if (await findCarriedWish(deps.db.pool, patientId, 'export', deps.now(), togetherLastsMs)) return;
  throw new ApiError(409, 'agreement-needed', 'The guardians take this record away together, or not at all.');
}

/** `?files=none` leaves the bytes of files out and keeps their digests. Throws 403 `reauthentication-required`, 429, 503. */
export function getExport(deps: Deps, log: LogIdentity) {
  const running = new Set<string>();
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const actor = requireProof(request, deps.now());
    const { files = 'all' } = request.query as { files?: string };
    if (files !== 'all' && files !== 'none')
      throw new ApiError(400, 'invalid', 'files is all or none.', {
        fields: [{ field: 'files', code: 'choice' }],
      });
    const patientId = patientNamed(request, actor);
    const standing = await requireActing(actor, 'export', patientId, heldNow(deps), 'Patient');
    const busy = (status: number) =>
      new ApiError(status, 'throttled', 'A record is being exported already. Try again when it is done.', {
        headers: { 'retry-after': '10' },
      });
    if (running.has(patientId)) throw busy(429);
    if (running.size >= mostAtOnce) throw busy(503);
    running.add(patientId);
    try {
      if (patientId !== actor.patientId) await requireExportTogether(deps, standing);
      const entry = sealEntry(
        patientId,
        {
          event: 'export',
          outcome: 'done',
          who: standing.who,
          basis: standing.decision.rule,
          purpose: patientId === actor.patientId ? 'PATRQT' : 'FAMRQT',
          agent: agentFamily(request.headers['user-agent']),
          detail: { files: files === 'all' },
        },
        deps,
      );
      await deps.entries.store(entry);
      await awaitLogged(deps, entry.entryId);
      const underSize = await awaitWitnessed(deps, entry.entryId);
      const stream = Readable.from(
        writeRecordFile(deps, {
          patientId,
          keys: [log.vkey],
          origin: log.origin,
          withFiles: files === 'all',
          underSize,
        }),
      );
      stream.once('close', () => running.delete(patientId));
      const day = new Date(deps.now()).toISOString().slice(0, 10);
      return await reply
        .type('application/json; charset=utf-8')
        .header('ledger-entry', entry.entryId)
        .header(
          'content-disposition',
          `attachment; filename="medallion-record-${day}${RECORD_FILE_EXTENSION}"`,
        )
        .send(stream);
    } catch (error) {
      running.delete(patientId);
      throw error;
    }
  };
}
