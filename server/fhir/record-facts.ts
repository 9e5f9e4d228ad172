// What the person's own pages are made of: all of the record that facts are read from, and no thousand measurements. As $everything is
// answered and decided, in pages, each one look.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { safetyTypes } from '../../core/access/authority.ts';
import { bodyObservationCodes, factTypes, statedObservationCodes } from '../../core/record/fact-types.ts';
import { patientNamed } from '../http/acting-for.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import type { CompartmentRow } from '../storage/everything-store.ts';
import { listObservationsOf } from '../storage/everything-store.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { readPlace } from './everything-request.ts';
import { recordLook } from './looks.ts';
import { answerPage, readableBy, readJoined, readPage, readReferred } from './patient-everything.ts';
import { requireReadable } from './read.ts';
import { requireId } from './resource-types.ts';
import { sealedKnownTo } from './sealed-known.ts';

const usualCount = 500;
const mostStated = 200;
/** Some of the newest may be nobody's word, or in another unit. */
const newestOfBody = 20;

export const recordFactsQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    patient: { type: 'string', minLength: 1, maxLength: 64 },
    _count: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' },
    after: { type: 'string', maxLength: 200 },
  },
} as const;

/** `GET /api/facts?patient=&_count=&after=`: a Bundle of type searchset, with a link to the next page. */
export const recordFacts = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const id = patientNamed(request, requirePerson(request));
  requireId(id);
  const { after, _count } = request.query as { after?: string; _count?: string };
  const asking = requireContext(request);
  const asked = {
    startMs: undefined,
    endMs: undefined,
    sinceMs: undefined,
    types: factTypes,
    count: _count === undefined ? usualCount : Number(_count),
    viewOf: undefined,
    after: readPlace(after),
    given: [['patient', id]] as const,
  };
  const { rule, context } = await requireReadable(deps, asking, 'Patient', id);
  const isFirst = after === undefined;
  const { found: stated, next } = await readPage(deps, context, asked, id);
  const found = isFirst ? [...stated, ...(await observations(deps, context, id))] : stated;
  const referred = await readReferred(deps, context, { ...asked, types: [] }, found);
  await recordLook(deps, context, id, {
    event: 'everything',
    basis: rule,
    on: { type: 'Patient', id },
    shown: [...found, ...referred],
  });
  // What cannot be told apart from their own once it is read as one record stays on the card's page and on the chart.
  const dangers = { ...asked, types: factTypes.filter((type) => safetyTypes.has(type)) };
  const joined = isFirst ? await readJoined(deps, asking, dangers, id) : [];
  const sealed = isFirst ? await sealedKnownTo(deps, context, id) : [];
  return answerPage(deps, reply, '/api/facts', asked, { found, referred, joined, next, sealed });
};

async function observations(deps: Deps, context: RequestContext, id: string): Promise<CompartmentRow[]> {
  const lists = await Promise.all([
    listObservationsOf(deps.db.asks, id, statedObservationCodes, mostStated),
    ...bodyObservationCodes.map((codes) => listObservationsOf(deps.db.asks, id, codes, newestOfBody)),
  ]);
  return lists.flat().filter(readableBy(context));
}
