// POST /api/claims: whoever is signed in becomes the guardian of somebody whose record was begun at a desk, by the printed code: a parent of
// a child, or a relative of somebody who never signs in.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { whoFor } from '../http/acting-for.ts';
import type { Claims } from '../http/claims.ts';
import { requireProof } from '../http/require-person.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource } from '../storage/resource-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import { beginGuardianship, majorityOf } from './begin-guardianship.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import { agentOf, bodyLimit, note, relationships } from './guardians-room.ts';

export function postClaim(room: GuardiansRoom, claims: Claims<Queryable>): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['uhid', 'code', 'relationship'],
        properties: {
          uhid: { type: 'string', maxLength: 40 },
          code: { type: 'string', maxLength: 64 },
          relationship: { type: 'string', enum: [...relationships] },
        },
      },
    },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const body = request.body as { uhid: string; code: string; relationship: string };
      const claim = await claims.open(request, body);
      const { patientId } = claim;
      const found = await findResource(room.db.pool, 'Patient', patientId);
      if (!found || found.deleted) throw new ApiError(404, 'not-found', 'There is no such person any more.');
      const patient = parseJson(found.content) as Resource;
      const majorityMs = majorityOf(patient);
      const minor = majorityMs !== undefined && majorityMs > room.now();
      const who = whoFor(actor, patientId);
      const done = await inTransaction(room.db.pool, async (client) => {
        await claims.finish(client, request, claim, { who, as: 'guardian' });
        const begun = await beginGuardianship(client, room, {
          patientId,
          holder: actor,
          level: 'manage',
          relationship: body.relationship,
          evidence: minor ? 'parent' : 'wish',
          documentId: undefined,
          untilMs: undefined,
          majorityAtMs: minor ? majorityMs : undefined,
          by: { who, basis: 'claim-code', author: 'guardian', agent: agentOf(request) },
        });
        const entryId = await note(client, room, request, {
          patientId,
          event: 'guardian-accept',
          who,
          basis: 'claim-code',
          detail: { level: 'manage' },
          versions: [begun.version],
          tell: [{ patientId, kind: 'guardian-begun', detail: { name: actor.name } }, ...begun.tell],
        });
        return { entryId, ...begun };
      });
      return reply
        .code(201)
        .header('ledger-entry', done.entryId)
        .send({ id: done.authorityId, patient: { id: patientId, name: displayName(patient['name']) } });
    },
  };
}
