// What an organisation wrote, as its records officer sees it one entry at a time and puts it right: a new version with the reason, by the one
// path of writes; the old one stays, and the person is told.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { canonicalJson, isJsonObject, parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import { agentFamily } from '../http/agent-family.ts';
import { findCorrection, setCorrectedVersion } from '../storage/corrections.ts';
import { answerDispute } from '../storage/disputes.ts';
import type { Queryable } from '../storage/queryable.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';
import { requireKept, requireOfficer, whoOfOfficer } from './office.ts';
import { note, requireWords, take, uuid } from './request-parts.ts';

export interface OfficeRoom extends ConsentRoom {
  /** The one path of writes, opened for this one entry. */
  readonly amendEntry: (amendment: {
    patientId: string;
    resource: Resource;
    id: string;
    version: number;
    who: ReturnType<typeof whoOfOfficer>;
    agent: string;
    because: Record<string, string>;
    afterwards: (client: Queryable, version: number) => Promise<void>;
  }) => Promise<{ version: number; entryId: string }>;
}

const entryBodyLimit = 256 * 1024;

/** `GET /api/kept-entries/:type/:id`: the version that stands; the look is in the person's chain before it is shown. */
export function getKeptEntry(room: OfficeRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const office = await requireOfficer(room, request);
      const { type, id } = request.params as { type: string; id: string };
      const kept = await requireKept(room, office, type, id);
      await take(room, 'office-look', office.actor.accountId);
      await room.entries.store(
        sealEntry(
          kept.patientId,
          {
            event: 'read',
            outcome: 'done',
            who: whoOfOfficer(office.actor, kept.organizationId),
            basis: 'records-officer',
            purpose: 'HOPERAT',
            on: { type, id, version: kept.version },
            agent: agentFamily(request.headers['user-agent']),
          },
          room,
        ),
      );
      return {
        entry: `${type}/${id}`,
        version: kept.version,
        organization: kept.organization,
        // As it is stored: numbers keep their digits.
        text: kept.content,
      };
    },
  };
}

/** `POST /api/kept-entries/:type/:id {version, text, reason, case?}`: 200 `{ version }`. With `case`, that request is answered by it. */
export function postKeptEntry(room: OfficeRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit: entryBodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['version', 'text', 'reason'],
        properties: {
          version: { type: 'integer', minimum: 1 },
          text: { type: 'string', maxLength: 200_000 },
          reason: { type: 'string', maxLength: 1000 },
          case: { type: 'string', maxLength: 64 },
        },
      },
    },
    async handler(request, reply) {
      const office = await requireOfficer(room, request);
      const { type, id } = request.params as { type: string; id: string };
      const kept = await requireKept(room, office, type, id);
      const body = request.body as { version: number; text: string; reason: string; case?: string };
      const reason = requireWords(body.reason);
      const resource = requireResource(body.text);
      if (resource.resourceType !== type || resource['id'] !== id)
        throw new ApiError(422, 'resource-wrong', 'A correction is of the entry it names.');
      if (body.version === kept.version && canonicalJson(resource) === canonicalJson(kept.resource))
        throw new ApiError(422, 'nothing-changed', 'Nothing was changed.');
      const { patientId, organizationId } = kept;
      await take(room, 'office-amend', office.actor.accountId);
      const asked = body.case === undefined ? undefined : await requireAsked(room, body.case, kept);
      const who = whoOfOfficer(office.actor, organizationId);
      const written = await room.amendEntry({
        patientId,
        resource,
        id,
        version: body.version,
        who,
        agent: agentFamily(request.headers['user-agent']),
        because: { reason, ...(asked ? { case: asked.disputeId } : {}) },
        async afterwards(client, version) {
          if (asked) {
            const answered = { finding: 'wrong', answer: reason, by: office.actor.accountId } as const;
            const first = await answerDispute(client, asked, answered, room.now());
            if (!first && asked.finalFinding !== 'wrong') throw isAnswered();
            if (!(await setCorrectedVersion(client, asked, version))) throw isAnswered();
          }
          await note(client, room, request, {
            patientId,
            event: 'correction-answer',
            who,
            basis: 'records-officer',
            detail: { of: `${type}/${id}`, corrected: true, version, words: reason },
            notices: [{ patientId, kind: asked ? 'correction-answered' : 'entry-amended', detail: {} }],
          });
        },
      });
      return reply.header('ledger-entry', written.entryId).send({ version: written.version });
    },
  };
}

/** The rest of what it must be is checked where it is written. */
function requireResource(text: string): Resource {
  const wrong = () => new ApiError(422, 'resource-wrong', 'This is not a sound resource.');
  try {
    const value = parseJson(text);
    if (isJsonObject(value) && typeof value['resourceType'] === 'string') return value as Resource;
  } catch {
    throw wrong();
  }
  throw wrong();
}

const isAnswered = () => new ApiError(409, 'answered-already', 'This case was answered already.');

async function requireAsked(
  room: OfficeRoom,
  id: string,
  kept: { type: string; id: string; patientId: string },
) {
  const found = uuid.test(id) ? await findCorrection(room.db.pool, id) : undefined;
  if (
    !found ||
    found.patientId !== kept.patientId ||
    found.resourceType !== kept.type ||
    found.resourceId !== kept.id
  )
    throw new ApiError(404, 'not-found', 'There is no such case.');
  return found;
}
