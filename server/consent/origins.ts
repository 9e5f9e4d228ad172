// Where an entry came from, version by version: author, place, the permission that let it be written, when, and whether it was late. As
// plain facts for the pages and as FHIR Provenance, both from what was recorded at the time.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { isSealed } from '../../core/access/categories.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { provenanceOf } from '../../core/ledger/provenance.ts';
import type { Statement } from '../../core/ledger/statement.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import type { EntryOrigin } from '../storage/entry-origins.ts';
import { listOrigins } from '../storage/entry-origins.ts';
import { findResource } from '../storage/resource-store.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';
import { requireStanding } from './standing.ts';

/** `GET /api/origins?entry=Type/id`, by the person or a guardian who shares: the newest version first. */
export function getOrigins(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const { entry } = request.query as { entry?: unknown };
      const [, type, id] =
        (typeof entry === 'string' && /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})$/.exec(entry)) || [];
      if (type === undefined || id === undefined)
        throw new ApiError(400, 'invalid', 'entry is the type and the id of an entry.');
      const { patientId, decision, who } = await requireStanding(
        room,
        request,
        'share',
        patientNamed(request, actor),
      );
      const own = decision.rule === 'self';
      const found = await findResource(room.db.pool, type, id);
      const hidden =
        !found ||
        found.patientId !== patientId ||
        (!own && (found.deleted || isSealed(parseJson(found.content) as Resource)));
      if (hidden) throw new ApiError(404, 'not-found', 'There is no such entry, or it is not yours.');
      const origins = await listOrigins(room.db.pool, patientId, type, id);
      await room.entries.store(
        sealEntry(
          patientId,
          {
            event: 'history',
            outcome: 'done',
            who,
            basis: decision.rule,
            purpose: own ? 'PATRQT' : 'FAMRQT',
            on: { type, id },
            agent: agentFamily(request.headers['user-agent']),
          },
          room,
        ),
      );
      return origins.map((one) => shown(one, type, id));
    },
  };
}

function shown(one: EntryOrigin, type: string, id: string) {
  const { version, entryId, recordedAt } = one;
  if (one.statement === null) return { version, entry: entryId, at: recordedAt, erased: true };
  const statement = JSON.parse(one.statement) as Statement;
  const { event, who, basis, detail } = statement;
  const consent =
    one.consentId === null
      ? undefined
      : `Consent/${one.consentId}${one.consentVersion === null ? '' : `/_history/${one.consentVersion}`}`;
  return {
    version,
    entry: entryId,
    at: recordedAt,
    event,
    author: { role: who.role, ...(who.name === undefined ? {} : { name: who.name }) },
    ...(one.organization === null ? {} : { place: one.organization }),
    rule: basis,
    ...(consent === undefined
      ? {}
      : { permission: { consent, basis: one.authorityBasis, startsAt: one.startsAt, endsAt: one.endsAt } }),
    // Written after the time to write was over, and taken in by the person.
    late: detail?.['amendment'] !== undefined,
    provenance: provenanceOf({
      target: { type, id, version },
      statement,
      ...(consent === undefined ? {} : { consent }),
      ...(one.organization === null ? {} : { organization: { name: one.organization } }),
    }),
  };
}
