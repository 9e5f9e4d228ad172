// Two records are parted again: both are what they were. What was written into the survivor since stays there, but for entries of their own
// organisation that an officer names: those go over to the other record as new ones, and stay readable as earlier versions where they were.
import type { FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import { literalReferences } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import type { Merge } from '../storage/merges.ts';
import { endMerge, lockPeople } from '../storage/merges.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import { isWrittenSince } from '../storage/entry-origins.ts';
import { inTransaction } from '../storage/transaction.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import { writeBatch } from '../storage/write-batch.ts';
import type { ConsentRoom } from './consent-room.ts';
import { authorOf, part } from './merge-steps.ts';
import { noteBoth, requireMerge, requireSideOrOfficer } from './merges.ts';
import type { EntryOfOffice, Office } from './office.ts';
import { requireKept } from './office.ts';
import { bodyLimit, requireWords } from './request-parts.ts';

const mostMoved = 50;
/** Their bytes and images are kept under the record they came to. */
const staysWithItsFiles = new Set(['DocumentReference', 'ImagingStudy', 'Media', 'Binary', 'Patient']);

/** `POST /api/merges/:id/undo {reason, move?, patient?}`: 200 `{ moved: { 'Type/id': 'Type/id' } }`. */
export function undoMerge(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    bodyLimit,
    schema: {
      body: {
        type: 'object',
        additionalProperties: false,
        required: ['reason'],
        properties: {
          reason: { type: 'string', maxLength: 1000 },
          patient: { type: 'string', maxLength: 64 },
          move: { type: 'array', maxItems: mostMoved, items: { type: 'string', maxLength: 130 } },
        },
      },
    },
    async handler(request, reply) {
      const found = await requireMerge(room, request);
      const by = await requireSideOrOfficer(room, request, found);
      const { reason, move = [] } = request.body as { reason: string; move?: string[] };
      const said = requireWords(reason);
      if (move.length > 0 && by.officer === undefined)
        throw new ApiError(403, 'officer-only', 'Only a records officer says where entries belong.');
      const done = await inTransaction(room.db.pool, async (client) => {
        await lockPeople(client, [found.survivorId, found.mergedId]);
        const ended = { from: 'merged', by: by.accountId, why: said, atMs: room.now() } as const;
        if (!(await endMerge(client, found.mergeId, ended))) return undefined;
        await part(client, room, found);
        const moved = new Map<string, string>();
        const versions: VersionWrite[] = [];
        for (const entry of by.officer ? new Set(move) : []) {
          const kept = await requireMovable(room, request, by.officer, found, entry);
          const pair = moveOver(room, found, kept, by.who);
          versions.push(...pair);
          moved.set(entry, `${kept.type}/${pair[1].resourceId}`);
        }
        if (versions.length > 0) await writeBatch(client, { versions });
        const entryId = await noteBoth(client, room, request, {
          merge: found,
          event: 'unmerge',
          who: by.who,
          basis: by.basis,
          detail: { reason: said, moved: moved.size },
          notice: 'merge-undone',
        });
        return { entryId, moved };
      });
      if (!done) throw new ApiError(409, 'merge-over', 'These records are not joined.');
      return reply.header('ledger-entry', done.entryId).send({ moved: Object.fromEntries(done.moved) });
    },
  };
}

/** Of the officer's own organisation, written since the records were joined, and referring to nothing but its person. Throws 422. */
async function requireMovable(
  room: ConsentRoom,
  request: FastifyRequest,
  officer: Office | undefined,
  merge: Merge,
  entry: string,
): Promise<EntryOfOffice> {
  const refused = () =>
    new ApiError(
      422,
      'not-movable',
      'Only entries of your organisation that were written since, and name nothing else, go over.',
    );
  const [, type = '', id = ''] = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/.exec(entry) ?? [];
  if (!officer || type === '' || staysWithItsFiles.has(type)) throw refused();
  const kept = await requireKept(room, officer, type, id).catch(() => {
    throw refused();
  });
  const base = `${room.config.publicUrl}/fhir/R4`;
  const namesOthers = literalReferences(kept.resource, base).some(
    (one) => one.type !== 'Patient' || one.id !== merge.survivorId,
  );
  const since = await isWrittenSince(room.db.pool, merge.survivorId, type, id, merge.mergedAt ?? new Date(0));
  if (kept.patientId !== merge.survivorId || namesOthers || !since) throw refused();
  return kept;
}

/** The end of it where it was, and its beginning where it belongs: each an entry of its own chain. */
function moveOver(
  room: ConsentRoom,
  merge: Merge,
  kept: EntryOfOffice,
  who: StatementWho,
): [VersionWrite, VersionWrite] {
  const { type, id, version, resource } = kept;
  const newId = uuidV7(room.now(), room.randomBytes);
  const text = canonicalJson(resource).replaceAll(
    `"Patient/${merge.survivorId}"`,
    `"Patient/${merge.mergedId}"`,
  );
  const common = { resourceType: type, author: authorOf(resource), who, basis: 'unmerge' };
  const ownBase = `${room.config.publicUrl}/fhir/R4`;
  const gone = prepareVersion(
    {
      ...common,
      patientId: merge.survivorId,
      resourceId: id,
      version: version + 1,
      detail: { merge: merge.mergeId, movedTo: `${type}/${newId}` },
    },
    room,
  );
  const here = prepareVersion(
    {
      ...common,
      patientId: merge.mergedId,
      resourceId: newId,
      version: 1,
      resource: parseJson(text) as Resource,
      ownBase,
      detail: { merge: merge.mergeId, movedFrom: `${type}/${id}` },
    },
    room,
  );
  return [gone, here];
}
