// That there are sealed entries, told to those who may know it: place and month of each. To everybody else the answer is the same as
// for a record without any.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { knowsOfSealed } from '../../core/access/sealed-known.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { heldNow } from '../storage/authorities.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { listSealedPlaces } from '../storage/sealed-places.ts';
import type { ConsentRoom } from './consent-room.ts';

/** `GET /api/sealed-entries?patient=`: `[{ place, month }]`, at most 200. */
export function getSealedEntries(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const { patient } = request.query as { patient?: unknown };
      if (typeof patient !== 'string' || patient.length > 64)
        throw new ApiError(400, 'invalid', 'patient is the id of a record.');
      const authorities = await heldNow(room)(actor.accountId, [patient]);
      const known = knowsOfSealed({ kind: 'person', patientId: actor.patientId, authorities }, patient);
      if (known === undefined) return [];
      const { authority } = known;
      const places = await listSealedPlaces(
        room.db.pool,
        patient,
        known.of === 'own' ? actor.accountId : undefined,
      );
      await room.entries.store(
        sealEntry(
          patient,
          {
            event: 'search',
            outcome: 'done',
            who: {
              role: 'professional',
              account: actor.accountId,
              ...(authority.holder ? { reference: authority.holder } : {}),
              name: actor.name,
            },
            basis: authority.basis === 'edit' ? 'edit-grant' : authority.basis,
            purpose: 'TREAT',
            query: 'places of sealed entries',
            agent: agentFamily(request.headers['user-agent']),
            detail: { authority: authority.id, count: places.length },
          },
          room,
        ),
      );
      return places;
    },
  };
}
