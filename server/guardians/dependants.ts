// A child comes to be in the platform: a record with no sign-in of its own, looked after by whoever made it. Several people may stand
// behind one family's phone this way.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import type { Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import { whoFor } from '../http/acting-for.ts';
import { readName } from '../http/person-name.ts';
import { requireProof } from '../http/require-person.ts';
import { preparePerson } from '../storage/create-person.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV4 } from '../http/random-id.ts';
import { beginGuardianship, majorityOf } from './begin-guardianship.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import { agentOf, bodyLimit, note, relationships, take } from './guardians-room.ts';

interface DependantBody {
  name: string;
  birthDate: string;
  gender?: string;
  relationship: string;
  country?: string;
}

/** `POST /api/dependants`: 201 `{ patient: { id, uhid, name }, guardian, endsAt }`. */
export function postDependant(room: GuardiansRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'birthDate', 'relationship'],
        properties: {
          name: { type: 'string', maxLength: 1000 },
          birthDate: { type: 'string', maxLength: 10 },
          gender: { type: 'string', enum: ['male', 'female', 'other', 'unknown'] },
          relationship: { type: 'string', enum: [...relationships] },
          country: { type: 'string', pattern: '^[A-Z]{2}$' },
        },
      },
    },
    async handler(request, reply) {
      const actor = requireProof(request, room.now());
      const body = request.body as DependantBody;
      const name = readName(body.name);
      const nowMs = room.now();
      const resource: Resource = {
        resourceType: 'Patient',
        active: true,
        name: [{ text: name }],
        birthDate: body.birthDate,
        ...(body.gender === undefined ? {} : { gender: body.gender }),
        ...(body.country === undefined ? {} : { address: [{ country: body.country }] }),
      };
      const majorityMs = majorityOf(resource);
      const wrong = (code: string, title: string) =>
        new ApiError(422, 'birth-date-wrong', title, { fields: [{ field: 'birthDate', code }] });
      if (majorityMs === undefined)
        throw wrong('not-a-date', 'The birth date is a whole day, like 2017-05-31.');
      if (body.birthDate > new Date(nowMs + 14 * 3_600_000).toISOString().slice(0, 10))
        throw wrong('future', 'This day has not come yet.');
      if (majorityMs <= nowMs)
        throw wrong('of-age', 'Somebody of age signs up themself, or is enrolled at a desk.');
      await take(room, 'dependant-add', actor.accountId);
      const patientId = uuidV4(room.randomBytes);
      const by = { who: whoFor(actor, patientId), basis: 'guardian', agent: agentOf(request) } as const;
      const done = await inTransaction(room.db.pool, async (client) => {
        const { uhid, version } = await preparePerson(
          client,
          { ...by, resource, patientId, author: 'guardian' },
          room,
        );
        const begun = await beginGuardianship(client, room, {
          patientId,
          holder: actor,
          level: 'manage',
          relationship: body.relationship,
          evidence: 'parent',
          documentId: undefined,
          untilMs: undefined,
          majorityAtMs: majorityMs,
          by: { ...by, author: 'guardian' },
        });
        const entryId = await note(client, room, request, {
          ...by,
          patientId,
          event: 'dependant-add',
          detail: { relationship: body.relationship },
          versions: [version, begun.version],
          tell: begun.tell,
        });
        return { uhid, entryId, ...begun };
      });
      return reply
        .code(201)
        .header('ledger-entry', done.entryId)
        .send({
          patient: { id: patientId, uhid: done.uhid, name },
          guardian: done.authorityId,
          endsAt: new Date(majorityMs),
        });
    },
  };
}
