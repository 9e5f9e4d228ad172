// What was ordered for a person, where it was sent and how far it is; for themself, guardians, and those who were let in.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { codeOfOrder } from '../../../core/record/order-code.ts';
import { ApiError } from '../../errors.ts';
import { patientNamed } from '../../http/acting-for.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import { listOrderers } from '../../storage/lab-orders.ts';
import { listOrganizations } from '../../storage/organizations.ts';
import type { PersonsOrder } from '../../storage/persons-orders.ts';
import { listPersonsOrders } from '../../storage/persons-orders.ts';
import { requireContext } from '../asker.ts';
import { actingBy, decideOn, withAuthorities } from '../authorise.ts';
import { recordLook } from '../looks.ts';
import { addressees, codeWords, reasonCancelled } from './laboratory-room.ts';

const mostListed = 100;

/** How far an order is, as its person is told. */
export type OrderStep = 'open' | 'sent' | 'accepted' | 'declined' | 'sampled' | 'done' | 'cancelled';

export function stepOf(deps: Deps, order: Resource, { state }: Pick<PersonsOrder, 'state'>): OrderStep {
  if (order['status'] === 'revoked' || order['status'] === 'entered-in-error') return 'cancelled';
  if (order['status'] !== 'active' || state === 'signed') return 'done';
  if (state === 'accepted' || state === 'declined' || state === 'sampled') return state;
  if (state === 'entered') return 'sampled';
  return addressees(deps, order).length === 0 ? 'open' : 'sent';
}

/** Until then it can go elsewhere, or nowhere. */
export const isBegun = (step: OrderStep): boolean =>
  step === 'sampled' || step === 'done' || step === 'cancelled';

/** Id of the Encounter in which it was ordered. */
function encounterOf(order: Resource): string | null {
  const encounter = order['encounter'];
  const reference = isJsonObject(encounter) ? encounter['reference'] : undefined;
  return typeof reference === 'string' ? (/^Encounter\/([\w.-]{1,64})$/.exec(reference)?.[1] ?? null) : null;
}

/** `GET /api/orders?patient=`: at most the 100 newest, with what whoever asks may do about each. */
export const listOrdersOf = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const actor = requirePerson(request);
  const patientId = patientNamed(request, actor);
  const context = await withAuthorities(deps, requireContext(request), [patientId]);
  const thing = { patientId, resourceType: 'ServiceRequest', resourceId: 'none' };
  const probe = decideOn(context, 'search', { ...thing, content: { resourceType: 'ServiceRequest' } });
  if (!probe.allowed) throw new ApiError(404, 'not-found', 'There is no such record, or you may not see it.');
  const all = await listPersonsOrders(deps.db.pool, patientId, mostListed);
  const seen = all.filter(
    ({ id, content }) => decideOn(context, 'read', { ...thing, resourceId: id, content }).allowed,
  );
  await recordLook(deps, actingBy(context, probe), patientId, {
    event: 'search',
    basis: probe.rule,
    query: 'tests ordered',
    shown: seen.map(({ id, version }) => ({ resourceType: 'ServiceRequest', resourceId: id, version })),
  });
  const orders = seen.map((row) => ({ row, order: parseJson(row.content) as Resource }));
  const ids = [...new Set(orders.flatMap(({ order }) => addressees(deps, order)))];
  // As the directory has them: what an order says of a name is its writer's claim.
  const named = ids.length === 0 ? [] : await listOrganizations(deps.db.pool, { ids }, ids.length);
  const names = new Map(named.map(({ organizationId: id, name }) => [id, { id, name: name ?? '' }] as const));
  const own = patientId === actor.patientId;
  const orderers = own
    ? []
    : await listOrderers(
        deps.db.pool,
        patientId,
        seen.map(({ id }) => id),
        actor.accountId,
      );
  // Each of them may be read here: so a colleague may, as whoever wrote it.
  const theirs = new Set(
    orderers.flatMap(({ orderId, accountId, colleague }) =>
      accountId === actor.accountId || (colleague && probe.rule !== 'break-glass') ? [orderId] : [],
    ),
  );
  return reply.header('cache-control', 'no-store').send(
    orders.map(({ row, order }) => {
      const step = stepOf(deps, order, row);
      const changes = decideOn(context, 'update', {
        ...thing,
        resourceId: row.id,
        content: row.content,
      }).allowed;
      const begun = isBegun(step);
      const laboratory = names.get(addressees(deps, order)[0] ?? '');
      const requester = order['requester'];
      const by = isJsonObject(requester) ? requester['display'] : undefined;
      const reason = reasonCancelled(order);
      return {
        id: row.id,
        test: codeWords(order),
        code: codeOfOrder(order) ?? null,
        orderedAt: typeof order['authoredOn'] === 'string' ? order['authoredOn'] : null,
        by: typeof by === 'string' ? by : null,
        laboratory: laboratory ?? null,
        step,
        takenAt: row.takenAt,
        visit: encounterOf(order),
        maySend: !begun && changes,
        mayCancel:
          (!begun && changes) ||
          (theirs.has(row.id) && (!begun || (step === 'sampled' && row.state !== 'entered'))),
        ...(reason === undefined ? {} : { reason }),
      };
    }),
  );
};
