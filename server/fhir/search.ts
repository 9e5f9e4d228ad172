// Search of one type inside what the asker may read: the decision is the scope of the statement, not a filter on its answer.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import type { SearchQuery } from '../../core/fhir/search-query.ts';
import { parseSearch, SearchError } from '../../core/fhir/search-query.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import { searchResources } from '../storage/search-store.ts';
import { bundleText, fhirJson } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { requireType } from './resource-types.ts';

const defaultCount = 50;
const offsetLimit = 10_000;

export const search = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const type = requireType((request.params as { type: string }).type);
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const pairs = [...new URLSearchParams(queryOf(request.url))];
  const offset = readOffset(pairs.find(([name]) => name === '_offset')?.[1]);
  const query = readQuery(
    type,
    pairs.filter(([name]) => name !== '_offset'),
    base,
  );
  const { scope, rule } = scopeOf(context, type);
  const limit = query.count ?? defaultCount;
  const { found, total } = await searchResources(deps.db.pool, scope, query, limit, offset);
  const [patientId = ''] = scope;
  await recordLook(deps, context, patientId, {
    event: 'search',
    basis: rule,
    query: `${type}?${[...new Set(pairs.map(([name]) => name))].join('&')}`,
    shown: found,
  });
  const self = new URLSearchParams(pairs).toString();
  const link = [{ relation: 'self', url: `${base}/${type}${self ? `?${self}` : ''}` }];
  const after = offset + found.length;
  if (found.length > 0 && after < total && after <= offsetLimit) {
    const next = new URLSearchParams([
      ...pairs.filter(([name]) => name !== '_offset'),
      ['_offset', String(after)],
    ]);
    link.push({ relation: 'next', url: `${base}/${type}?${next.toString()}` });
  }
  const entries = found.map(
    (v) =>
      `{"fullUrl":${JSON.stringify(`${base}/${type}/${v.resourceId}`)},"resource":${v.content},"search":{"mode":"match"}}`,
  );
  return reply
    .type(fhirJson)
    .send(bundleText('searchset', { total, link }, query.summary === 'count' ? [] : entries));
};

/** Everything after the first question mark: a second one is part of a value. */
function queryOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start + 1);
}

function readOffset(value: string | undefined): number {
  if (value === undefined) return 0;
  const offset = /^[0-9]{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(offset <= offsetLimit))
    throw fhirError(
      400,
      'value',
      `Paging goes up to ${offsetLimit} entries; narrow the search.`,
      'http._offset',
    );
  return offset;
}

function readQuery(type: string, pairs: [string, string][], base: string): SearchQuery {
  try {
    const query = parseSearch(type, pairs, base);
    if (query.elements)
      throw fhirError(400, 'not-supported', 'This is not offered here: _elements.', 'http._elements');
    if (query.summary && query.summary !== 'count' && query.summary !== 'false')
      throw fhirError(400, 'not-supported', 'Only _summary=count is offered here.', 'http._summary');
    return query;
  } catch (error) {
    if (!(error instanceof SearchError)) throw error;
    const code = /not-supported|unknown/.test(error.code) ? 'not-supported' : 'value';
    throw fhirError(
      400,
      code,
      `The search is not understood: ${error.message}.`,
      `http.${error.parameter || 'query'}`,
    );
  }
}

/** A person searches their own record, or the directory for types that live there. */
function scopeOf(context: RequestContext, type: string): { scope: string[]; rule: string } {
  const own = context.asker.kind === 'person' ? context.asker.patientId : undefined;
  const directory = decide(context.asker, 'read', { patientId: '', resourceType: type });
  if (directory.allowed) return { scope: [''], rule: directory.rule };
  const record =
    own === undefined ? directory : decide(context.asker, 'read', { patientId: own, resourceType: type });
  if (!record.allowed || own === undefined) throw fhirError(403, 'forbidden', 'You may not search this.');
  return { scope: [own], rule: record.rule };
}
