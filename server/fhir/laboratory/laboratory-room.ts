// Who works at a laboratory, and the one order they have before them: theirs because the order names their organisation, or it is as if
// it were not there. Writes nothing.
import type { FastifyRequest } from 'fastify';
import { decide } from '../../../core/access/decide.ts';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import { parseReference } from '../../../core/fhir/references.ts';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import type { StatementWho } from '../../../core/ledger/statement.ts';
import { ApiError } from '../../errors.ts';
import { agentFamily } from '../../http/agent-family.ts';
import type { PersonActor } from '../../http/actor.ts';
import type { Deps } from '../../http/deps.ts';
import { requirePerson } from '../../http/require-person.ts';
import type { LabKind, LabOrder, StandingOrder } from '../../storage/lab-orders.ts';
import { findLabOrder, findStandingOrder } from '../../storage/lab-orders.ts';
import type { Member } from '../../storage/members.ts';
import { listMemberships } from '../../storage/members.ts';
import { lockOrder } from '../../storage/persons-orders.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { RequestContext } from '../asker.ts';
import { fhirBase } from '../known-writes.ts';
import { recordLook } from '../looks.ts';

export interface AtLaboratory {
  readonly actor: PersonActor;
  readonly places: readonly (Member & { role: LabKind })[];
}

export interface AtOrder {
  readonly actor: PersonActor;
  readonly place: Member & { role: LabKind };
  readonly standing: StandingOrder;
  readonly order: Resource & { readonly id: string };
  readonly patient: Resource;
  /** Absent while nobody took it on. */
  readonly work: LabOrder | undefined;
}

export const orderNotThere = () =>
  new ApiError(404, 'not-found', 'There is no such order, or it is not addressed to you.');
export const orderOver = () =>
  new ApiError(409, 'order-over', 'This order is not at this step any more. Load it again.');

export const orderCancelled = () =>
  new ApiError(409, 'order-cancelled', 'This order was cancelled: there is nothing more to do.');

export const resultIn = () =>
  new ApiError(
    409,
    'order-result-in',
    'A result of this order is in, or waits for its signature: it cannot be cancelled any more.',
  );

/** In a transaction that goes on with an order: nobody cancels it until commit. */
export async function requireNotCancelled(
  client: Queryable,
  patientId: string,
  orderId: string,
): Promise<void> {
  const standing = await lockOrder(client, patientId, orderId);
  if (standing === undefined || isCancelled(parseJson(standing.content) as Resource)) throw orderCancelled();
}

/** Throws 403 `laboratory-only`. */
export async function requireLaboratory(deps: Deps, request: FastifyRequest): Promise<AtLaboratory> {
  const actor = requirePerson(request);
  const members = await listMemberships(deps.db.pool, actor.accountId);
  const places = members.filter(
    (one): one is Member & { role: LabKind } => one.role === 'laboratory' || one.role === 'radiology',
  );
  if (places.length === 0)
    throw new ApiError(403, 'laboratory-only', 'This is for those who work at a laboratory or in radiology.');
  return { actor, places };
}

/** Organisations that an order is addressed to. */
export function addressees(deps: Deps, order: Resource): string[] {
  const performers = Array.isArray(order['performer']) ? order['performer'] : [];
  return performers.flatMap((one: JsonValue) => {
    const text = isJsonObject(one) && typeof one['reference'] === 'string' ? one['reference'] : '';
    const reference = parseReference(text, fhirBase(deps));
    return reference.kind === 'local' && reference.type === 'Organization' ? [reference.id] : [];
  });
}

/** The order of this address. Throws 404, and leaves an entry of the refusal where it is somebody else's. */
export async function requireOrder(deps: Deps, request: FastifyRequest): Promise<AtOrder> {
  const { actor, places } = await requireLaboratory(deps, request);
  const { id } = request.params as { id: string };
  const standing = /^[A-Za-z0-9\-.]{1,64}$/.test(id) ? await findStandingOrder(deps.db.pool, id) : undefined;
  if (!standing) throw orderNotThere();
  const order = parseJson(standing.content) as Resource & { id: string };
  const work = await findLabOrder(deps.db.pool, standing.patientId, order.id);
  const named = addressees(deps, order);
  // What a laboratory took on stays its own, also where the order was readdressed since.
  const mine =
    work !== undefined && work.state !== 'declined'
      ? places.find(({ organizationId }) => organizationId === work.organizationId)
      : places.find(({ organizationId }) => named.includes(organizationId));
  const place = mine;
  if (!place) {
    await recordLook(deps, labContext(actor, request, standing.patientId, order.id, []), standing.patientId, {
      event: 'read',
      basis: 'not-yours',
      outcome: 'refused',
      on: { type: 'ServiceRequest', id: order.id },
    });
    throw orderNotThere();
  }
  const own = work?.organizationId === place.organizationId ? work : undefined;
  // Whom it was of is of no use to a laboratory that has not begun.
  if (own === undefined && isCancelled(order)) throw orderNotThere();
  const patient: Resource =
    standing.patient === null ? { resourceType: 'Patient' } : (parseJson(standing.patient) as Resource);
  return { actor, place, standing, order, patient, work: own };
}

export const whoAtLaboratory = (actor: PersonActor): StatementWho => ({
  role: 'professional',
  account: actor.accountId,
  ...(actor.name ? { name: actor.name } : {}),
});

/** As whom a laboratory writes: what is named here, and nothing else. */
export function labContext(
  actor: PersonActor,
  request: FastifyRequest,
  patientId: string,
  orderId: string,
  writes: readonly string[],
): RequestContext {
  const agent = agentFamily(request.headers['user-agent']);
  return writerContext(whoAtLaboratory(actor), agent, patientId, orderId, writes);
}

export function writerContext(
  who: StatementWho,
  agent: string,
  patientId: string,
  orderId: string,
  writes: readonly string[],
): RequestContext {
  return {
    asker: { kind: 'laboratory', patientId, order: `ServiceRequest/${orderId}`, writes },
    who,
    author: 'organization',
    agent,
    purpose: 'TREAT',
  };
}

/** The decision before a laboratory looks at an order, by what it is to see. */
export function mayLook(context: RequestContext, patientId: string, orderId: string): boolean {
  return (
    decide(context.asker, 'read', { patientId, resourceType: 'ServiceRequest', resourceId: orderId })
      .allowed &&
    decide(context.asker, 'read', { patientId, resourceType: 'Patient', resourceId: patientId }).allowed
  );
}

const reasonUrl = 'http://hl7.org/fhir/StructureDefinition/request-statusReason';
const extensionsOf = (order: Resource): JsonValue[] =>
  Array.isArray(order['extension']) ? order['extension'] : [];
const isReason = (one: JsonValue): boolean => isJsonObject(one) && one['url'] === reasonUrl;

/** Why an order stands as it does, as R4 says it. */
export const statusReason = (text: string): JsonObject => ({
  url: reasonUrl,
  valueCodeableConcept: { text },
});
export const withoutReason = (order: Resource): JsonValue[] =>
  extensionsOf(order).filter((one) => !isReason(one));

export function reasonCancelled(order: Resource): string | undefined {
  const found = extensionsOf(order).find(isReason);
  const value = isJsonObject(found) ? found['valueCodeableConcept'] : undefined;
  const text = isJsonObject(value) ? value['text'] : undefined;
  return typeof text === 'string' ? text.slice(0, 500) : undefined;
}

/** Cancelled by whoever may: nothing is to be done any more. */
export const isCancelled = ({ status }: Resource): boolean =>
  status === 'revoked' || status === 'entered-in-error';

/** Words of a code, for people. */
export function codeWords(resource: Resource): string {
  const { code } = resource;
  if (!isJsonObject(code)) return '';
  if (typeof code['text'] === 'string') return code['text'];
  const [first] = Array.isArray(code['coding']) ? code['coding'] : [];
  return isJsonObject(first) && typeof first['display'] === 'string' ? first['display'] : '';
}
