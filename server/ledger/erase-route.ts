// POST /api/erasures and GET /api/erasures/:id: the owner destroys part of the record, or all of it, and is given the receipt.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { encodeBase64 } from '../../core/ledger/base64.ts';
import { readErasureClaim } from '../../core/ledger/erased-leaves.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson, requireProof, whoOfPerson } from '../http/require-person.ts';
import { findEntry } from '../storage/entries.ts';
import { listEmptied } from '../storage/erasure.ts';
import { findPerson } from '../storage/people.ts';
import type { ErasureTarget } from './erase.ts';
import { erase } from './erase.ts';
import type { LogIdentity } from './export-route.ts';
import { writeReceipt } from './receipt.ts';

export const erasureBody = {
  type: 'object',
  required: ['scope', 'confirm'],
  additionalProperties: false,
  properties: {
    scope: { enum: ['resource', 'person'] },
    type: { type: 'string', pattern: '^[A-Za-z]{1,64}$' },
    id: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' },
    /** The words of the page, or for the whole record the person's own UHID: nothing is erased by a slip. */
    confirm: { type: 'string', maxLength: 64 },
  },
} as const;

interface ErasureBody {
  scope: 'resource' | 'person';
  type?: string;
  id?: string;
  confirm: string;
}

/** Throws 400, 403 `reauthentication-required`, 404, 409 `legal-hold` or `confirm-differs` or `whole-person-only`, 503. */
export const postErasure =
  (deps: Deps, log: LogIdentity) => async (request: FastifyRequest, reply: FastifyReply) => {
    const actor = requireProof(request, deps.now());
    const { patientId } = actor;
    const body = request.body as ErasureBody;
    const target = readTarget(body);
    const wanted =
      target.scope === 'person' ? (await findPerson(deps.db.pool, patientId))?.uhid : 'erase for good';
    if (body.confirm !== wanted)
      throw new ApiError(
        409,
        'confirm-differs',
        'What was typed to confirm is something else. Nothing was erased.',
        {
          fields: [{ field: 'confirm', code: 'differs' }],
        },
      );
    const decision = decide({ kind: 'person', patientId }, 'erase', {
      patientId,
      resourceType: target.scope === 'resource' ? target.type : 'Patient',
    });
    if (!decision.allowed) throw new ApiError(403, 'forbidden', 'You may not erase this.');
    const done = await erase(deps, target, {
      patientId,
      who: whoOfPerson(actor),
      basis: decision.rule,
      agent: agentFamily(request.headers['user-agent']),
    });
    const receipt = await writeReceipt(deps, log, done);
    reply.code(201).header('ledger-entry', done.entry.entryId);
    // The log was too slow: with statement and salt the proof can be fetched from the public log later.
    if (receipt === undefined)
      return reply.send({
        entry: done.entry.entryId,
        statement: done.entry.statement,
        salt: encodeBase64(done.entry.salt),
      });
    return sendReceipt(reply, receipt, done.entry.entryId);
  };

/** The receipt of an erasure of part of one's record, again. */
export const getReceipt =
  (deps: Deps, log: LogIdentity) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { patientId } = requirePerson(request);
    const { id } = request.params as { id: string };
    const absent = () => new ApiError(404, 'not-found', 'There is no such erasure in your record.');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw absent();
    const entry = await findEntry(deps.db.pool, patientId, id);
    if (!entry?.salt || readErasureClaim(entry.statement) === undefined) throw absent();
    const emptied = await listEmptied(deps.db.pool, patientId, id);
    const receipt = await writeReceipt(deps, log, {
      entry: { entryId: id, statement: entry.statement, salt: entry.salt },
      erased: emptied.map(({ leafIndex, leaf }) => ({ leafIndex, leafHash: leafHash(leaf) })),
    });
    if (receipt === undefined) throw new ApiError(503, 'not-in-the-log-yet', 'Try again in a moment.');
    return sendReceipt(reply, receipt, id);
  };

function readTarget({ scope, type, id }: ErasureBody): ErasureTarget {
  if (scope === 'person') return { scope };
  if (type === undefined || id === undefined)
    throw new ApiError(400, 'invalid', 'Type and id say what is to be erased.', {
      fields: [{ field: type === undefined ? 'type' : 'id', code: 'required' }],
    });
  if (type === 'Patient')
    throw new ApiError(
      409,
      'whole-person-only',
      'Who you are is erased with the whole record only. Change it instead, or erase everything.',
    );
  return { scope, type, id };
}

function sendReceipt(reply: FastifyReply, receipt: string, entryId: string): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="erasure-${entryId}.medallion-receipt.json"`)
    .send(receipt);
}
