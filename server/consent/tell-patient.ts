// "Send update to patient": whoever wrote a visit has the person told that there is something new. The notice says who, and nothing of what.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { listOrigins } from '../storage/entry-origins.ts';
import { findResource } from '../storage/resource-store.ts';
import { inTransaction } from '../storage/transaction.ts';
import type { ConsentRoom } from './consent-room.ts';
import { bodyLimit, note, take } from './request-parts.ts';
import { requireClinician, whoOfClinician } from './standing.ts';

/** `POST /api/visits/:id/tell`, by the id of its Encounter: 204. */
export function tellPatient(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const { id } = request.params as { id: string };
      const found = /^[A-Za-z0-9.-]{1,64}$/.test(id)
        ? await findResource(room.db.pool, 'Encounter', id)
        : undefined;
      const patientId = found?.patientId ?? '';
      const wrote =
        patientId !== '' &&
        found?.deleted === false &&
        (await listOrigins(room.db.pool, patientId, 'Encounter', id)).some(
          ({ statement }) =>
            statement !== null &&
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- stored by us
            (JSON.parse(statement) as Statement).who.account === actor.accountId,
        );
      if (!wrote || patientId === actor.patientId)
        throw new ApiError(404, 'not-found', 'There is no such visit of yours.');
      await take(room, 'visit-told', id);
      const entryId = await inTransaction(room.db.pool, (client) =>
        note(client, room, request, {
          patientId,
          event: 'visit-told',
          who: whoOfClinician(actor, member),
          basis: 'visit-author',
          detail: { visit: id },
          notices: [{ patientId, kind: 'visit-told', detail: { name: actor.name, visit: id } }],
        }),
      );
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}
