// A late entry: what a clinician writes after the pen was gone waits until the person takes it in. It then stands under the
// clinician's name, with the pen that was lent once and the person's yes in its entry.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import { decide } from '../../core/access/decide.ts';
import { isCheckedType } from '../../core/clinical/read-record.ts';
import { ownersOf } from '../../core/fhir/compartment.ts';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import { literalReferences } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { entryTitle } from '../../core/record/entry-title.ts';
import { displayName } from '../../core/record/human-name.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import type { Amendment } from '../storage/amendments.ts';
import {
  answerAmendment,
  findAmendment,
  findFormerPen,
  insertAmendment,
  listAmendments,
} from '../storage/amendments.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { note, requireWords, take, uuid } from './request-parts.ts';
import { requireClinician, requireStanding, whoOfClinician } from './standing.ts';

/** Whoever was lent a pen within this time may still send what they forgot. */
const penSinceMs = 30 * 86_400_000;
const waitsMs = 30 * 86_400_000;
const bodyLimit = 256 * 1024;
const notThere = () => new ApiError(404, 'not-found', 'There is no such late entry.');

/** `POST /api/amendments {patient, resource, reason}`: 201 `{ id }`. */
export function postAmendment(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['patient', 'resource', 'reason'],
        properties: {
          patient: { type: 'string', minLength: 1, maxLength: 64 },
          resource: { type: 'object' },
          reason: { type: 'string', maxLength: 500 },
        },
      },
    },
    async handler(request, reply) {
      const { actor, member } = await requireClinician(room, request);
      const body = request.body as { patient: string; resource: object; reason: string };
      const reason = requireWords(body.reason);
      await take(room, 'access-by-asker', actor.accountId);
      const nowMs = room.now();
      const pen = await findFormerPen(room.db.pool, body.patient, actor.accountId, nowMs - penSinceMs);
      if (!pen)
        throw new ApiError(
          403,
          'no-grant-before',
          'Only who was allowed to write here may send a late entry.',
        );
      // Numbers keep their digits only when the text is read by the parser of the record.
      const resource = requireFitting(room, JSON.stringify(body.resource), body.patient, pen);
      const amendmentId = uuidV7(nowMs, room.randomBytes);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        await insertAmendment(client, {
          patientId: body.patient,
          amendmentId,
          authorId: actor.accountId,
          authorityId: pen.authorityId,
          resource: canonicalJson(resource),
          reason,
          proposedAtMs: nowMs,
          expiresAtMs: nowMs + waitsMs,
        });
        return note(client, room, request, {
          patientId: body.patient,
          event: 'amendment',
          who: whoOfClinician(actor, member),
          basis: 'former-edit-grant',
          detail: { amendment: amendmentId, type: resource.resourceType, authority: pen.authorityId, reason },
          notices: [{ patientId: body.patient, kind: 'amendment-sent', detail: { name: actor.name } }],
        });
      });
      return reply.code(201).header('ledger-entry', entryId).send({ id: amendmentId });
    },
  };
}

/** Throws 422: not sound, of somebody else's record, or of what the pen never covered. */
function requireFitting(
  room: ConsentRoom,
  text: string,
  patientId: string,
  pen: NonNullable<Awaited<ReturnType<typeof findFormerPen>>>,
): Resource {
  const value = parseJson(text);
  const [wrong] = validateResource(value).filter(
    ({ severity }) => severity === 'error' || severity === 'fatal',
  );
  const refused = (words: string, expression = '') =>
    new ApiError(422, 'resource-wrong', words, {
      fields: [{ field: 'resource', code: expression || 'wrong' }],
    });
  if (wrong) throw refused('This is not a sound resource.', wrong.expression);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- found sound just now
  const resource = value as Resource;
  // They are checked against the record when they are written, and only there is a reason for an exception asked for.
  if (isCheckedType(resource.resourceType))
    throw refused('A medicine is no late entry: ask for a new code and write it.');
  const base = `${room.config.publicUrl}/fhir/R4`;
  const owners = ownersOf(resource, '', base);
  const own = owners !== 'nobody' && owners.length === 1 && owners[0] === patientId;
  const others = literalReferences(resource, base).some(
    ({ type, id }) => type !== 'Patient' || id !== patientId,
  );
  if (!own || others) throw refused('A late entry speaks of this person and refers to nothing else.');
  const decision = decide(
    {
      kind: 'person',
      patientId: '-',
      authorities: [
        {
          basis: 'edit',
          id: pen.authorityId,
          patientId,
          startsAtMs: pen.startsAtMs,
          coverage: pen.coverage,
        },
      ],
    },
    'create',
    {
      patientId,
      resourceType: resource.resourceType,
      category: categoryOf(resource),
      sealed: isSealed(resource),
    },
  );
  if (!decision.allowed) throw refused('What you were allowed to write did not cover this.');
  return resource;
}

/** `GET /api/amendments`: those to the own record (`?patient=`), or with `?by=me` what one sent oneself. */
export function getAmendments(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      if ((request.query as { by?: unknown }).by === 'me')
        return (await listAmendments(room.db.pool, { authorId: actor.accountId })).map((one) =>
          shown(room, one),
        );
      const patientId = patientNamed(request, actor);
      await requireStanding(room, request, 'answer', patientId);
      return (await listAmendments(room.db.pool, { patientId })).map((one) => shown(room, one));
    },
  };
}

/** `POST /api/amendments/:id/accept`: 201, the entry stands. */
export function acceptAmendment(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { found, standing } = await requireAmendment(room, request);
      const who: StatementWho = {
        role: 'professional',
        account: found.authorId,
        ...(found.practitionerId === null
          ? found.organizationId === null
            ? {}
            : { reference: `Organization/${found.organizationId}` }
          : { reference: `Practitioner/${found.practitionerId}` }),
        name: displayName(found.authorName),
      };
      const resourceId = uuidV7(room.now(), room.randomBytes);
      const resource = parseJson(found.resource) as Resource;
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerAmendment(client, found, 'accepted', room.now()))) return undefined;
        const yes = await note(client, room, request, {
          patientId: found.patientId,
          event: 'amendment-answer',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { amendment: found.amendmentId, accepted: true },
          notices: [{ patientId: found.authorPatientId, kind: 'amendment-accepted', detail: {} }],
        });
        const version = prepareVersion(
          {
            patientId: found.patientId,
            resourceType: resource.resourceType,
            resourceId,
            version: 1,
            resource,
            author: 'professional',
            who,
            basis: 'amendment',
            purpose: 'TREAT',
            agent: agentFamily(request.headers['user-agent']),
            detail: { amendment: found.amendmentId, authority: found.authorityId, acceptedBy: yes },
          },
          room,
        );
        await writeBatch(client, { versions: [version] });
        return version.entry.entryId;
      });
      if (entryId === undefined) throw isAnswered();
      return reply
        .code(201)
        .header('ledger-entry', entryId)
        .send({ resource: `${resource.resourceType}/${resourceId}` });
    },
  };
}

export function rejectAmendment(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request, reply) {
      const { found, standing } = await requireAmendment(room, request);
      const entryId = await inTransaction(room.db.pool, async (client) => {
        if (!(await answerAmendment(client, found, 'rejected', room.now()))) return undefined;
        return note(client, room, request, {
          patientId: found.patientId,
          event: 'amendment-answer',
          who: standing.who,
          basis: standing.decision.rule,
          detail: { amendment: found.amendmentId, accepted: false },
          notices: [{ patientId: found.authorPatientId, kind: 'amendment-rejected', detail: {} }],
        });
      });
      if (entryId === undefined) throw isAnswered();
      return reply.code(204).header('ledger-entry', entryId).send();
    },
  };
}

const isAnswered = () =>
  new ApiError(409, 'answered-already', 'This late entry was answered already, or it is too old.');

async function requireAmendment(room: ConsentRoom, request: FastifyRequest) {
  const { id } = request.params as { id: string };
  const found = uuid.test(id) ? await findAmendment(room.db.pool, id) : undefined;
  if (!found) throw notThere();
  const standing = await requireStanding(room, request, 'answer', found.patientId).catch((error: unknown) => {
    throw error instanceof ApiError && error.status === 404 ? notThere() : error;
  });
  return { found, standing };
}

function shown(room: ConsentRoom, one: Amendment) {
  const resource = parseJson(one.resource) as Resource;
  const title = entryTitle(resource);
  const expired = one.state === 'proposed' && one.expiresAt.getTime() <= room.now();
  return {
    id: one.amendmentId,
    author: displayName(one.authorName),
    ...(one.organization === null ? {} : { organization: one.organization }),
    type: resource.resourceType,
    ...(title === undefined ? {} : { title }),
    reason: one.reason,
    proposedAt: one.proposedAt,
    state: expired ? 'expired' : one.state,
  };
}
