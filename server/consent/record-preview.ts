// What a record holds of each part, before somebody is let in: counts, and the entries behind a count. Looks like any other look.
import type { RouteShorthandOptionsWithHandler } from 'fastify';
import { categories as allCategories } from '../../core/access/categories.ts';
import { parseJson } from '../../core/fhir/json.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { entryDate, entryTitle } from '../../core/record/entry-title.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import { agentFamily } from '../http/agent-family.ts';
import { requirePerson } from '../http/require-person.ts';
import { countParts, listPartEntries } from '../storage/record-parts.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import type { ConsentRoom } from './consent-room.ts';
import { requireStanding } from './standing.ts';

const mostShown = 200;

/** `GET /api/record-parts?patient=`: `[{category, open, sealed}]`. Of sealed entries only the owner hears that they exist. */
export function getRecordParts(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const standing = await requireStanding(room, request, 'share', patientNamed(request, actor));
      const own = standing.decision.rule === 'self';
      const parts = await countParts(room.db.pool, standing.patientId);
      await room.entries.store(
        sealEntry(
          standing.patientId,
          {
            event: 'search',
            outcome: 'done',
            who: standing.who,
            basis: standing.decision.rule,
            purpose: own ? 'PATRQT' : 'FAMRQT',
            query: 'parts of the record',
            agent: agentFamily(request.headers['user-agent']),
          },
          room,
        ),
      );
      return parts
        .map(({ category, open, sealed }) => ({ category, open, sealed: own ? sealed : 0 }))
        .filter(({ open, sealed }) => open + sealed > 0);
    },
  };
}

/** `GET /api/record-parts/entries?parts=results,visits&patient=`: type, id, words and day of each, at most 200. */
export function getPartEntries(room: ConsentRoom): RouteShorthandOptionsWithHandler {
  return {
    async handler(request) {
      const actor = requirePerson(request);
      const { parts } = request.query as { parts?: unknown };
      const names = typeof parts === 'string' ? parts.split(',').slice(0, allCategories.length) : [];
      const wanted = allCategories.filter((category) => names.includes(category));
      if (wanted.length === 0 || wanted.length !== new Set(names).size)
        throw new ApiError(400, 'invalid', 'parts names parts of the record, with commas between.');
      const standing = await requireStanding(room, request, 'share', patientNamed(request, actor));
      const own = standing.decision.rule === 'self';
      const found = await listPartEntries(room.db.pool, standing.patientId, {
        categories: wanted,
        sealed: own,
        limit: mostShown + 1,
      });
      const shown = found.slice(0, mostShown);
      await room.entries.store(
        sealEntry(
          standing.patientId,
          {
            event: 'search',
            outcome: 'done',
            who: standing.who,
            basis: standing.decision.rule,
            purpose: own ? 'PATRQT' : 'FAMRQT',
            query: `entries of ${wanted.join(',')}`,
            agent: agentFamily(request.headers['user-agent']),
            detail: { count: shown.length },
          },
          room,
        ),
      );
      return {
        more: found.length > shown.length,
        entries: shown.map((one) => {
          const resource = parseJson(one.content) as Resource;
          const title = entryTitle(resource);
          const date = entryDate(resource);
          return {
            type: one.resourceType,
            id: one.resourceId,
            sealed: one.sealed,
            ...(title === undefined ? {} : { title }),
            ...(date === undefined ? {} : { date }),
          };
        }),
      };
    },
  };
}
