// GET /metadata: what this server can do, made once from what really runs, and open to anybody.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { subsetOf } from '../../core/fhir/subset.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { fhirJson } from './answer.ts';
import { capabilityStatement } from './capability-statement.ts';
import type { OfferedRoutes } from './negotiate.ts';
import { requireQuery, viewOf, viewParameters } from './prefer.ts';

export const metadata = (deps: Deps, routes: OfferedRoutes) => {
  const startedAt = new Date(deps.now()).toISOString();
  let made: { statement: Resource; text: string } | undefined;
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const query = requireQuery(request, ['mode', ...viewParameters]);
    const { mode = 'full' } = query;
    if (mode === 'terminology')
      throw fhirError(400, 'not-supported', 'There is no TerminologyCapabilities here.', 'http.mode');
    if (mode !== 'full' && mode !== 'normative')
      throw fhirError(400, 'value', 'mode is full or normative.', 'http.mode');
    if (made === undefined) {
      const statement = capabilityStatement(deps.config.publicUrl, startedAt, routes) as Resource;
      made = { statement, text: JSON.stringify(statement) };
    }
    const view = viewOf(query, 'CapabilityStatement');
    return reply
      .headers({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
      .type(fhirJson)
      .send(view === undefined ? made.text : JSON.stringify(subsetOf(made.statement, view)));
  };
};
