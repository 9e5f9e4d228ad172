// A laboratory's orders: the worklist, which names nobody; one order opened, which is a look; taking it on, declining it, the sample.
import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { isLaboratoryForm, measuredPerson, shownRanges } from '../../../core/clinical/laboratory-report.ts';
import { canonicalJson, parseJson } from '../../../core/fhir/json.ts';
import type { SearchCondition } from '../../../core/fhir/search-condition.ts';
import { parseSearch } from '../../../core/fhir/search-query.ts';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import { codeOfOrder } from '../../../core/record/order-code.ts';
import { displayName } from '../../../core/record/human-name.ts';
import { ApiError } from '../../errors.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { Deps } from '../../http/deps.ts';
import type { Departure } from '../../storage/lab-departures.ts';
import { listDepartures } from '../../storage/lab-departures.ts';
import type { LabState, ListedOrder } from '../../storage/lab-orders.ts';
import {
  findLabOrder,
  findOrderer,
  insertLabOrder,
  listLabOrders,
  listNewOrders,
  saveSample,
} from '../../storage/lab-orders.ts';
import { lockOrder } from '../../storage/persons-orders.ts';
import { inTransaction } from '../../storage/transaction.ts';
import { uuidV7 } from '../../storage/uuid.ts';
import { applyWrites } from '../apply-writes.ts';
import { requireContext } from '../asker.ts';
import { recordLook, recordLooksAtPeople } from '../looks.ts';
import { shippedForms } from '../shipped-forms.ts';
import { draftOf, preview } from './draft.ts';
import type { AtOrder } from './laboratory-room.ts';
import {
  addressees,
  codeWords,
  isCancelled,
  labContext,
  mayLook,
  orderNotThere,
  orderCancelled,
  orderOver,
  reasonCancelled,
  requireLaboratory,
  requireNotCancelled,
  requireOrder,
  whoAtLaboratory,
} from './laboratory-room.ts';
import { noteStep } from './note.ts';

const mostListed = 100;
/** How long a laboratory is told of what is not to be done there any more. */
export const overShownMs = 7 * 86_400_000;
const shortBody = 16 * 1024;

/**
 * `GET /api/laboratory/orders`: `{ fresh, work }`, at most 100 new, 100 in hand, and of a week 100 that were cancelled and 100 that went
 * elsewhere. Test, number, time and the last four digits of the card; nobody's name.
 */
export const listOrders = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { places } = await requireLaboratory(deps, request);
  const ids = organizationsOf(places);
  const nowMs = deps.now();
  const [fresh, cancelled, work, gone] = await Promise.all([
    listNewOrders(deps.db.pool, ids, addressedTo(ids, nowMs, 'active'), mostListed),
    listNewOrders(deps.db.pool, ids, addressedTo(ids, nowMs, 'revoked'), mostListed, nowMs - overShownMs),
    listLabOrders(deps.db.pool, ids, mostListed),
    listDepartures(deps.db.pool, ids, nowMs - overShownMs, mostListed),
  ]);
  await recordLooksAtPeople(deps, requireContext(request), [], {
    event: 'search',
    basis: 'laboratory-order',
    query: 'laboratory worklist',
  });
  return reply.header('cache-control', 'no-store').send({
    laboratories: places.map(({ organizationId, organizationName, role }) => ({
      id: organizationId,
      name: organizationName,
      role,
    })),
    fresh: fresh.map((one) => ({ ...listed(one), state: 'new' })),
    work: [
      ...work.map((one) => ({ ...listed(one), state: stateOf(one), corrects: one.edition > 0 })),
      // Nobody took it on: it is said that it is over, and there is nothing to open.
      ...cancelled.map((one) => ({ ...listed(one), state: 'cancelled', opens: false })),
      ...gone.map(departed),
    ],
  });
};

export const organizationsOf = (places: readonly { readonly organizationId: string }[]): string[] => [
  ...new Set(places.map(({ organizationId }) => organizationId)),
];

/** Orders that name one of these organisations, in this state and with this number if they are given. */
export function addressedTo(
  organizationIds: readonly string[],
  nowMs: number,
  status?: 'active' | 'revoked',
  identifier?: string,
): SearchCondition {
  const performer = organizationIds.map((id) => `Organization/${id}`).join(',');
  const { filters } = parseSearch(
    'ServiceRequest',
    [
      ['performer', performer],
      ...(status === undefined ? [] : [['status', status] as const]),
      ...(identifier === undefined ? [] : [['identifier', identifier] as const]),
    ],
    { nowMs },
  );
  const condition = filters[0]?.condition;
  if (condition === undefined) throw new Error('a search without a condition');
  return condition;
}

/** As the worklist says it: what was cancelled is cancelled, however far it had come. */
export function stateOf({ content, state }: { content: string; state: LabState | null }): ListedState {
  return isCancelled(parseJson(content) as Resource) ? 'cancelled' : (state ?? 'new');
}
type ListedState = LabState | 'new' | 'cancelled';

export function listed({ orderId, content, uhid, at }: ListedOrder) {
  const order = parseJson(content) as Resource;
  return {
    id: orderId,
    test: codeWords(order),
    priority: typeof order['priority'] === 'string' ? order['priority'] : 'routine',
    orderedAt: order['authoredOn'] ?? null,
    at,
    last4: uhid.slice(-4),
    code: codeOfOrder(order) ?? null,
  };
}

/** Of what went elsewhere a laboratory reads its number, by which it knows its paper, and the times; not what it is, of whom, or where to. */
export function departed({ orderId, content, cameAt, leftAt }: Departure) {
  return {
    id: orderId,
    state: 'elsewhere',
    code: codeOfOrder(parseJson(content) as Resource) ?? null,
    at: cameAt,
    leftAt,
    opens: false,
  };
}

/** `GET /api/laboratory/orders/:id`: what is needed to do it, no more; one look. */
export const getOrder = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const at = await requireOrder(deps, request);
  const { actor, standing, order, patient, work } = at;
  const context = labContext(actor, request, standing.patientId, order.id, []);
  if (!mayLook(context, standing.patientId, order.id)) throw orderNotThere();
  await recordLook(deps, context, standing.patientId, {
    event: 'read',
    basis: 'laboratory-order',
    on: { type: 'ServiceRequest', id: order.id, version: standing.version },
  });
  const draft = draftOf(work);
  const shown = draft === undefined ? undefined : await preview(deps, at, draft);
  return reply
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(
      canonicalJson({
        id: order.id,
        state: isCancelled(order) ? 'cancelled' : (work?.state ?? 'new'),
        code: codeOfOrder(order) ?? null,
        cancelled: reasonCancelled(order) ?? null,
        laboratory: {
          id: at.place.organizationId,
          name: at.place.organizationName ?? '',
          role: at.place.role,
        },
        test: codeWords(order),
        priority: typeof order['priority'] === 'string' ? order['priority'] : 'routine',
        orderedAt: order['authoredOn'] ?? null,
        note: notesOf(order),
        patient: {
          name: displayName(patient['name']),
          birthDate: patient['birthDate'] ?? null,
          sex: patient['gender'] ?? null,
          uhid: standing.uhid,
        },
        takenAt: work?.takenAt?.toISOString() ?? null,
        edition: work?.edition ?? 0,
        ranges: await rangesFor(at, deps.now()),
        draft: draft ?? null,
        preview: shown === undefined ? null : [...shown.resources],
        critical: shown?.critical ?? false,
      }),
    );
};

/** By form and field, as they hold for this person on this day, with their source. */
async function rangesFor({ patient, work }: AtOrder, nowMs: number): Promise<JsonObject> {
  const person = measuredPerson(patient, (work?.takenAt ?? new Date(nowMs)).toISOString());
  const shown: JsonObject = {};
  for (const [id, form] of await shippedForms()) {
    if (!isLaboratoryForm(form)) continue;
    const ranges = Object.entries(shownRanges(form, person)).map(([field, { low, high, of, source }]) => [
      field,
      {
        ...(low === undefined ? {} : { low }),
        ...(high === undefined ? {} : { high }),
        of: [...of],
        source: `${source.name}, ${source.year}`,
      },
    ]);
    shown[id] = Object.fromEntries(ranges) as JsonObject;
  }
  return shown;
}

function notesOf(order: Resource): string {
  const notes = Array.isArray(order['note']) ? order['note'] : [];
  return notes
    .flatMap((one) =>
      typeof (one as { text?: unknown }).text === 'string' ? [(one as { text: string }).text] : [],
    )
    .join('\n')
    .slice(0, 2000);
}

/** `POST /api/laboratory/orders/:id/accept`. */
export const acceptOrder = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const at = await requireOrder(deps, request);
  if (at.order['status'] !== 'active') throw orderOver();
  const entryId = await take(deps, request, at, 'accepted', 'lab-accept');
  return reply.code(204).header('ledger-entry', entryId).send();
};

/** `POST /api/laboratory/orders/:id/decline {reason}`: it can go to another laboratory then. */
export function declineOrder(deps: Deps): RouteShorthandOptionsWithHandler {
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
      const at = await requireOrder(deps, request);
      const { reason } = request.body as { reason: string };
      const entryId = await take(deps, request, at, 'declined', 'lab-decline', reason.trim());
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

async function take(
  deps: Deps,
  request: FastifyRequest,
  { actor, place, standing: { patientId }, order }: AtOrder,
  state: 'accepted' | 'declined',
  event: 'lab-accept' | 'lab-decline',
  reason?: string,
): Promise<string> {
  return inTransaction(deps.db.pool, async (client) => {
    // It may go elsewhere, or nowhere, in this moment.
    await findLabOrder(client, patientId, order.id, true);
    const standing = await lockOrder(client, patientId, order.id);
    const now = standing === undefined ? undefined : (parseJson(standing.content) as Resource);
    if (now?.['status'] !== 'active' || !addressees(deps, now).includes(place.organizationId))
      throw orderOver();
    const taken = await insertLabOrder(
      client,
      { patientId, orderId: order.id, organizationId: place.organizationId, kind: place.role, state },
      deps.now(),
    );
    if (!taken) throw orderOver();
    const orderer = state === 'declined' ? await findOrderer(client, patientId, order.id) : undefined;
    return noteStep(
      client,
      deps,
      {
        patientId,
        event,
        who: whoAtLaboratory(actor),
        basis: 'laboratory-order',
        agent: agentFamily(request.headers['user-agent']),
        on: { type: 'ServiceRequest', id: order.id },
        detail: {
          laboratory: place.organizationName ?? place.organizationId,
          ...(reason === undefined ? {} : { reason }),
        },
      },
      state === 'declined'
        ? [
            { to: { patientId }, kind: 'lab-declined' },
            ...(orderer ? [{ to: { account: orderer.accountId }, kind: 'lab-declined' }] : []),
          ]
        : [],
    );
  });
}

/** `POST /api/laboratory/orders/:id/sample {what?, takenAt?}`: a Specimen of the record. */
export function takeSample(deps: Deps): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: shortBody,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        properties: {
          what: { type: 'string', minLength: 1, maxLength: 100 },
          takenAt: { type: 'string', maxLength: 40 },
        },
      },
    },
    async handler(request, reply) {
      const at = await requireOrder(deps, request);
      const { actor, place, standing, order, work } = at;
      if (work === undefined || work.state === 'declined' || work.edition > 0) throw orderOver();
      if (isCancelled(order)) throw orderCancelled();
      const { what, takenAt } = request.body as { what?: string; takenAt?: string };
      const nowMs = deps.now();
      const takenMs = takenAt === undefined ? nowMs : Date.parse(takenAt);
      if (Number.isNaN(takenMs) || takenMs > nowMs + 60_000 || takenMs < nowMs - 30 * 86_400_000)
        throw new ApiError(
          422,
          'time-wrong',
          'A sample is taken before now, and not longer ago than a month.',
          {
            fields: [{ field: 'takenAt', code: 'out-of-range' }],
          },
        );
      const id = uuidV7(nowMs, deps.randomBytes);
      const { patientId } = standing;
      const resource: Resource = {
        resourceType: 'Specimen',
        status: 'available',
        ...(what === undefined ? {} : { type: { text: what } }),
        subject: { reference: `Patient/${patientId}` },
        receivedTime: new Date(nowMs).toISOString(),
        request: [{ reference: `ServiceRequest/${order.id}` }],
        collection: { collectedDateTime: new Date(takenMs).toISOString() },
        ...sealedLike(order),
      };
      const [written] = await applyWrites(
        deps,
        labContext(actor, request, patientId, order.id, [`Specimen/${id}`]),
        [{ method: 'create', type: 'Specimen', id, resource }],
        {
          alongside: async (client) => {
            const now = await findLabOrder(client, patientId, order.id, true);
            if (now?.organizationId !== place.organizationId || now.edition > 0) throw orderOver();
            await requireNotCancelled(client, patientId, order.id);
            await saveSample(client, now, id, takenMs);
          },
        },
      );
      return reply
        .code(201)
        .header('ledger-entry', written?.entryId ?? '')
        .send({ specimen: `Specimen/${id}` });
    },
  };
}

function sealedLike({ meta }: Resource): { meta: { security: JsonValue } } | Record<string, never> {
  const security = (meta as { security?: JsonValue } | undefined)?.security;
  return security === undefined ? {} : { meta: { security } };
}
