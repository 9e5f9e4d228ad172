// An order on its way to a laboratory of its person's choosing, to another one until the sample is taken, or to none: cancelled with a
// reason, by those who ordered it until a result is in. It stays the order of whoever wrote it; only where it goes is changed.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import { codeOfOrder, orderCode, orderCodeLength, orderIdentifier } from '../../../core/record/order-code.ts';
import { ApiError } from '../../errors.ts';
import { patientNamed } from '../../http/acting-for.ts';
import type { PersonActor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import type { LabOrder } from '../../storage/lab-orders.ts';
import { saveDepartures } from '../../storage/lab-departures.ts';
import { findLabOrder, findOrderer } from '../../storage/lab-orders.ts';
import { findLaboratory } from '../../storage/laboratories.ts';
import { findPersonsOrder, hasResult, lockOrder, releaseOrder } from '../../storage/persons-orders.ts';
import { authorOf } from '../../storage/prepare-version.ts';
import type { SealedEntry } from '../../storage/sealed-entry.ts';
import { applyWrites } from '../apply-writes.ts';
import type { RequestContext } from '../asker.ts';
import { requireContext } from '../asker.ts';
import { actingBy, decideOn, withAuthorities } from '../authorise.ts';
import { recordLook } from '../looks.ts';
import {
  addressees,
  orderCancelled,
  orderNotThere,
  orderOver,
  resultIn,
  statusReason,
  withoutReason,
} from './laboratory-room.ts';
import type { Step, Told } from './note.ts';
import { entryOf, tell } from './note.ts';
import { isOfOrderers, resultsOf } from './orderers.ts';
import { isBegun, stepOf } from './persons-orders.ts';

const shortBody = 4096;

interface Asked {
  readonly actor: PersonActor;
  readonly patientId: string;
  readonly id: string;
  readonly version: number;
  readonly order: Resource;
  /** As whom it is written, and by which rule. */
  readonly context: RequestContext;
  readonly rule: string;
  /** Of those who ordered it: they may cancel it also when the sample was taken. */
  readonly isOrderers: boolean;
}

const begun = () =>
  new ApiError(409, 'order-begun', 'The sample was taken, or the order is over: it stays where it is.');

const isOpen = (work: LabOrder | undefined, isOrderers: boolean): boolean =>
  work === undefined ||
  work.state === 'accepted' ||
  work.state === 'declined' ||
  (isOrderers && work.state === 'sampled');

/**
 * Whoever may change this order: its person, a guardian who acts, a clinician with a pen; and who ordered it may cancel it, as may
 * clinicians of the place where they work who were let into it.
 */
async function requireChangeable(deps: Deps, request: FastifyRequest, cancels: boolean): Promise<Asked> {
  const actor = requirePerson(request);
  const { id } = request.params as { id: string };
  const patientId = patientNamed(request, actor);
  const row = /^[A-Za-z0-9\-.]{1,64}$/.test(id)
    ? await findPersonsOrder(deps.db.pool, patientId, id)
    : undefined;
  const asking = await withAuthorities(deps, requireContext(request), [patientId]);
  const thing = { patientId, resourceType: 'ServiceRequest', resourceId: id };
  const content = row?.content ?? { resourceType: 'ServiceRequest' };
  const decision = decideOn(asking, 'update', { ...thing, content });
  if (row === undefined) throw orderNotThere();
  const order = parseJson(row.content) as Resource;
  const { who, agent, author } = actingBy(asking, decision);
  const ask = { actor, patientId, id, version: row.version, order };
  const isOrderers = cancels && (await isOfOrderers(deps, asking, actor, { ...thing, content: row.content }));
  if (!decision.allowed) {
    if (!isOrderers) {
      await recordLook(deps, { ...asking, who, agent }, patientId, {
        event: 'update',
        basis: decision.rule,
        outcome: 'refused',
        on: { type: 'ServiceRequest', id },
      });
      if (decision.rule === 'guardian-level-too-low')
        throw new ApiError(
          403,
          'guardian-level-too-low',
          'You may look after this record, but not do this for it.',
        );
      throw orderNotThere();
    }
  }
  const step = stepOf(deps, order, row);
  if (cancels && step === 'cancelled') throw orderCancelled();
  if (cancels && (step === 'done' || row.state === 'entered')) throw resultIn();
  if (isBegun(step) && !(isOrderers && step === 'sampled')) throw begun();
  if (cancels && (await hasResult(deps.db.pool, patientId, resultsOf(deps, id)))) throw resultIn();
  const rule = decision.allowed ? decision.rule : ('own-order' as const);
  const professional = rule === 'own-order' ? { role: 'professional' as const } : {};
  return {
    ...ask,
    rule,
    isOrderers,
    context: {
      asker: { kind: 'sender', patientId, order: id, rule },
      who: { ...who, ...professional },
      author: rule === 'own-order' ? 'professional' : author,
      keepsAuthor: authorOf(order),
      agent,
      purpose: 'TREAT',
      ...(decision.authority ? { because: { authority: decision.authority.id } } : {}),
    },
  };
}

/** The new version, what the log says of it and who is told: all of it, or nothing. */
async function change(
  deps: Deps,
  { patientId, id, version, context, rule, isOrderers, order }: Asked,
  resource: Resource,
  step: Pick<Step, 'event' | 'detail'>,
  { told = [], to }: { readonly told?: readonly Told[]; readonly to?: string },
): Promise<string> {
  const nowMs = deps.now();
  let entry: SealedEntry | undefined;
  await applyWrites(
    deps,
    context,
    [{ method: 'update', type: 'ServiceRequest', id, resource, ifMatch: version }],
    {
      async alongside(client) {
        // In the order in which signing takes them: first the laboratory's row, then the order.
        await findLabOrder(client, patientId, id, true);
        const standing = await lockOrder(client, patientId, id);
        if (standing?.version !== version) throw orderOver();
        if (to !== undefined) {
          const held = await findLabOrder(client, patientId, id);
          const from = [...addressees(deps, order), ...(held ? [held.organizationId] : [])];
          await saveDepartures(
            client,
            { patientId, orderId: id },
            from.filter((one) => one !== to),
            to,
            nowMs,
          );
        }
        // Whoever took it on and has not begun keeps a cancelled one in view; one that goes elsewhere is not theirs any more.
        const free =
          to !== undefined
            ? await releaseOrder(client, patientId, id)
            : isOpen(await findLabOrder(client, patientId, id), isOrderers);
        if (!free) throw begun();
      },
      async afterwards(client) {
        const { who, agent } = context;
        const on = { type: 'ServiceRequest', id };
        entry = entryOf(deps, { patientId, who, agent, basis: rule, on, ...step }, nowMs);
        await tell(client, deps, entry.entryId, told, nowMs);
        return [entry];
      },
    },
  );
  if (entry === undefined) throw orderOver();
  return entry.entryId;
}

/** `PUT /api/orders/:id/laboratory?patient= {laboratory}`: 204. 409 `order-begun` from the sample on, 422 where nobody does tests there. */
export function sendOrder(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: shortBody,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['laboratory'],
        properties: { laboratory: { type: 'string', minLength: 1, maxLength: 64 } },
      },
    },
    async handler(request, reply) {
      const asked = await requireChangeable(deps, request, false);
      const { laboratory: wanted } = request.body as { laboratory: string };
      const laboratory = await findLaboratory(deps.db.pool, wanted);
      if (laboratory === undefined)
        throw new ApiError(422, 'laboratory-unknown', 'No laboratory of this server has that name.', {
          fields: [{ field: 'laboratory', code: 'unknown' }],
        });
      const resource: Resource = {
        ...numbered(deps, asked.order),
        performer: [{ reference: `Organization/${laboratory.id}`, display: laboratory.name }],
      };
      const detail = { laboratory: laboratory.name };
      const entryId = await change(
        deps,
        asked,
        resource,
        { event: 'lab-send', detail },
        { to: laboratory.id },
      );
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/**
 * `POST /api/orders/:id/cancel?patient= {reason}`: 204. The laboratory it went to sees that it was cancelled, and why. 409 `order-begun` from
 * the sample on for its person, 409 `order-result-in` for everybody, 409 `order-cancelled`.
 */
export function cancelOrder(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: shortBody,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: { reason: { type: 'string', minLength: 3, maxLength: 500 } },
      },
    },
    async handler(request, reply) {
      const asked = await requireChangeable(deps, request, true);
      const { patientId, id, actor } = asked;
      const reason = (request.body as { reason: string }).reason.trim();
      const orderer = await findOrderer(deps.db.pool, patientId, id);
      const resource: Resource = {
        ...asked.order,
        status: 'revoked',
        extension: [...withoutReason(asked.order), statusReason(reason)],
      };
      const own = actor.patientId === patientId;
      const told: Told[] = [
        ...(own ? [] : [{ to: { patientId }, kind: 'lab-cancelled' }]),
        ...(orderer === undefined || orderer.accountId === actor.accountId
          ? []
          : [{ to: { account: orderer.accountId }, kind: 'lab-cancelled' }]),
      ];
      const entryId = await change(
        deps,
        asked,
        resource,
        { event: 'lab-cancel', detail: { reason } },
        { told },
      );
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

/** An order that came without a number gets one: it is what stands on the paper that is handed over. */
function numbered(deps: Deps, order: Resource): Resource {
  if (codeOfOrder(order) !== undefined) return order;
  const before: JsonValue[] = Array.isArray(order['identifier']) ? order['identifier'] : [];
  const identifier: JsonObject = orderIdentifier(orderCode(deps.randomBytes(orderCodeLength)));
  return { ...order, identifier: [...before, identifier] };
}
