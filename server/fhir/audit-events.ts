// AuditEvent over FHIR. For a person: their own entries, rendered from the rows that the log commits to; nothing is stored beside
// them. For a program: what programs reported of their own systems, kept as any resource is, and never part of that trail.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditEventOf } from '../../core/fhir/audit-event.ts';
import { canonicalJson } from '../../core/fhir/json.ts';
import { decide, personOf } from '../../core/access/decide.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { findEntry, listEntries } from '../storage/entries.ts';
import { bundleText, fhirJson } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { isProgram } from './client-references.ts';
import { history } from './history.ts';
import { read } from './read.ts';
import { formOf, search } from './search.ts';
import { create } from './write.ts';

const entryIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const countLimit = 200;

function requireOwnRecord(context: RequestContext): { patientId: string; rule: string } {
  const patientId = personOf(context.asker)?.patientId ?? '';
  const decision = decide(context.asker, 'read', { patientId, resourceType: 'AuditEvent' });
  if (!decision.allowed || patientId === '') throw fhirError(403, 'forbidden', 'You may not search this.');
  return { patientId, rule: decision.rule };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** The address says the type in words, where the common handlers read it from. */
export const ofAuditEvents =
  (handler: Handler): Handler =>
  (request, reply) => {
    request.params = { ...(request.params as object), type: 'AuditEvent' };
    return handler(request, reply);
  };

/** What a program reports of its own system: kept as it came, never changed. */
export const reportAuditEvent = (deps: Deps): Handler => ofAuditEvents(create(deps));

export const auditEventHistory = (deps: Deps): Handler => ofAuditEvents(history(deps));

export const readAuditEvent = (deps: Deps): Handler => {
  const readStored = ofAuditEvents(read(deps));
  return async (request, reply) => {
    const context = requireContext(request);
    return isProgram(context)
      ? readStored(request, reply)
      : ((await readOwnEntry(deps, context, request, reply)) ?? readStored(request, reply));
  };
};

async function readOwnEntry(
  deps: Deps,
  context: RequestContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { id } = request.params as { id: string };
  const { patientId, rule } = requireOwnRecord(context);
  const entry = entryIdPattern.test(id) ? await findEntry(deps.db.pool, patientId, id) : undefined;
  const event = entry && auditEventOf({ ...entry, patientId, server: deps.config.publicUrl });
  if (!event) return undefined;
  await recordLook(deps, context, patientId, { event: 'looks', basis: rule, on: { type: 'AuditEvent', id } });
  return reply.type(fhirJson).header('etag', 'W/"1"').send(canonicalJson(event));
}

/** By address or by form. */
export const searchAuditEvents = (deps: Deps): Handler => {
  const searchStored = ofAuditEvents(search(deps));
  return async (request, reply) => {
    const context = requireContext(request);
    return isProgram(context)
      ? searchStored(request, reply)
      : searchOwnEntries(deps, context, request, reply);
  };
};

/** `AuditEvent?patient=…&_count=…`, newest first; `_before` is the id after which the next page goes on. */
async function searchOwnEntries(
  deps: Deps,
  context: RequestContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = { ...(request.query as object), ...Object.fromEntries(new URLSearchParams(formOf(request))) };
  const { patient, _count = '50', _before, ...unknown } = asked as Record<string, unknown>;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined)
    throw fhirError(400, 'not-supported', 'AuditEvent is searched by patient and _count here.', 'http.query');
  const { patientId, rule } = requireOwnRecord(context);
  const count =
    typeof _count === 'string' && /^[1-9][0-9]{0,5}$/.test(_count)
      ? Math.min(Number(_count), countLimit)
      : undefined;
  if (count === undefined) throw fhirError(400, 'value', '_count is a whole number from 1.', 'http._count');
  if (_before !== undefined && !(typeof _before === 'string' && entryIdPattern.test(_before)))
    throw fhirError(400, 'value', '_before is an id.', 'http._before');
  const own = patient === undefined || patient === patientId || patient === `Patient/${patientId}`;
  const found = own ? await listEntries(deps.db.pool, patientId, count + 1, _before) : [];
  const shown = found.slice(0, count);
  await recordLook(deps, context, patientId, { event: 'looks', basis: rule, query: 'AuditEvent?patient' });
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const link = [{ relation: 'self', url: `${base}/AuditEvent?_count=${count}` }];
  const last = shown.at(-1);
  if (found.length > count && last)
    link.push({ relation: 'next', url: `${base}/AuditEvent?_count=${count}&_before=${last.entryId}` });
  const entries = shown.flatMap((entry) => {
    const event = auditEventOf({ ...entry, patientId, server: deps.config.publicUrl });
    return event
      ? [
          `{"fullUrl":${JSON.stringify(`${base}/AuditEvent/${entry.entryId}`)},"resource":${canonicalJson(event)},"search":{"mode":"match"}}`,
        ]
      : [];
  });
  return reply.type(fhirJson).send(bundleText('searchset', { link }, entries));
}
