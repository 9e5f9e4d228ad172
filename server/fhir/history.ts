// Histories of an instance, of a type, of everything one may see: newest first, deletions included, in pages.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide, personOf } from '../../core/access/decide.ts';
import { dateRange } from '../../core/fhir/dates.ts';
import { mayBelongToPerson } from '../../core/fhir/compartment.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { literalReferences } from '../../core/fhir/references.ts';
import { resourceTypes } from '../../core/fhir/resource-types.ts';
import type { Subset } from '../../core/fhir/subset.ts';
import type { Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import type { HistoryCursor, HistoryQuery, HistoryScope } from '../storage/history-store.ts';
import { listHistory } from '../storage/history-store.ts';
import type { StoredVersion } from '../storage/resource-store.ts';
import type { FhirAnswer } from './answer.ts';
import { bundleText, sendAnswer } from './answer.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { decideOn } from './authorise.ts';
import { recordLook, recordLooksAtPeople } from './looks.ts';
import { requireQuery, viewOf, viewText } from './prefer.ts';
import { requireReadable } from './read.ts';
import { requireScope } from './require-scope.ts';
import { requireId, requireType } from './resource-types.ts';

const defaultCount = 50;
const countLimit = 100;
const parameters = ['_count', '_since', '_at', '_list', '_page', '_summary', '_elements'];

interface Asked {
  type?: string;
  id?: string;
}

export const history = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const query = requireQuery(request, parameters);
  return sendAnswer(reply, await historyAnswer(deps, context, request.params as Asked, query));
};

/** What a history answers, whoever carries it: the door, or an entry of a Bundle. */
export async function historyAnswer(
  deps: Deps,
  asking: RequestContext,
  { type, id }: Asked,
  query: Readonly<Record<string, string>>,
): Promise<FhirAnswer> {
  if (type !== undefined) requireType(type);
  if (id !== undefined) requireId(id);
  const view = type === undefined ? undefined : viewOf(query, type);
  const count = readCount(query['_count']);
  const { scope, rule, total, context } = await openHistory(deps, asking, type, id);
  const among = query['_list'] === undefined ? undefined : await listedIn(deps, context, query['_list']);
  const filtered = ['_since', '_at', '_list'].some((name) => query[name] !== undefined);
  const asked = {
    scope,
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    ...readTimes(query),
    ...(among === undefined ? {} : { among }),
    ...(query['_page'] === undefined ? {} : { after: readPage(query['_page']) }),
    limit: count + 1,
  };
  const found = await listHistory(deps.db.pool, asked);
  const page = found.slice(0, count);
  // Each version is decided on by what it says: an earlier one may have been sealed.
  const shown = page.filter(
    (one) => (one.deleted && context.asker.kind !== 'app') || decideOn(context, 'read', one).allowed,
  );
  const path = [type, id, '_history'].filter((part) => part !== undefined).join('/');
  if (type !== undefined && id !== undefined && 'records' in scope)
    await recordLook(deps, context, scope.records[0] ?? '', {
      event: 'history',
      basis: rule,
      on: { type, id },
      shown,
    });
  else {
    const home = homeOf(context.asker);
    await recordLooksAtPeople(deps, context, shown, { event: 'history', basis: rule, query: path }, home);
  }
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const kept = Object.entries(query).filter(([name]) => name !== '_page');
  const address = (more: [string, string][]): string => {
    const text = new URLSearchParams([...kept, ...more]).toString();
    return `${base}/${path}${text === '' ? '' : `?${text}`}`;
  };
  const link = [
    { relation: 'self', url: address(query['_page'] === undefined ? [] : [['_page', query['_page']]]) },
  ];
  const last = page.at(-1);
  if (found.length > count && last) link.push({ relation: 'next', url: address([['_page', pageOf(last)]]) });
  const body = bundleText(
    'history',
    { ...(total === undefined || filtered ? {} : { total }), link },
    shown.map((version) => historyEntry(base, version, view)),
  );
  return { status: 200, headers: {}, body };
}

/** Whose versions may be shown. One resource is judged as when it is read, a list as when it is searched. */
async function openHistory(
  deps: Deps,
  context: RequestContext,
  type: string | undefined,
  id: string | undefined,
): Promise<{ scope: HistoryScope; rule: string; total?: number; context: RequestContext }> {
  if (type !== undefined && id !== undefined) {
    const { found, rule, context: inRecord } = await requireReadable(deps, context, type, id);
    // In somebody else's record, and to an app, a total would tell how many versions are kept from them.
    const { asker } = inRecord;
    const other =
      asker.kind === 'app' ||
      (asker.kind === 'person' && found.patientId !== '' && found.patientId !== asker.patientId);
    return {
      scope: { records: [found.patientId] },
      rule,
      ...(other ? {} : { total: found.version }),
      context: inRecord,
    };
  }
  const { asker } = context;
  if (asker.kind === 'client') {
    await requireScope(deps, context, 'search', type ?? '*');
    const { rule } = decide(asker, 'search', { patientId: '', resourceType: type ?? '*' });
    return { scope: { types: type === undefined ? resourceTypes : [type], everywhere: true }, rule, context };
  }
  if (asker.kind === 'app') await requireScope(deps, context, 'search', type ?? '*');
  const home = homeOf(asker);
  const records = personOf(asker) ? [home, ...(type === undefined ? [] : [''])] : [''];
  const open = records
    .map((patientId) => ({
      patientId,
      ...decide(asker, 'search', { patientId, resourceType: type ?? 'Patient' }),
    }))
    .filter(({ allowed }) => allowed);
  const [first] = open;
  if (first === undefined) throw fhirError(403, 'forbidden', 'You may not see this history.');
  const inScope = open.map(({ patientId }) => patientId);
  const directory = type !== undefined && !mayBelongToPerson(type) && inScope.includes('');
  return {
    scope: directory ? { types: [type], everywhere: false } : { records: inScope },
    rule: first.rule,
    context,
  };
}

/** The record of a person; of an app the one that it was opened for. */
function homeOf(asker: RequestContext['asker']): string {
  return (asker.kind === 'app' ? asker.inContext : undefined) ?? personOf(asker)?.patientId ?? '';
}

function readCount(text: string | undefined): number {
  if (text === undefined) return defaultCount;
  if (!/^\d{1,9}$/.test(text)) throw fhirError(400, 'value', '_count is a whole number.', 'http._count');
  return Math.min(Number(text), countLimit);
}

function readTimes(query: Readonly<Record<string, string>>): Pick<HistoryQuery, 'sinceMs' | 'at'> {
  const range = (name: string) => {
    const text = query[name];
    if (text === undefined) return undefined;
    const found = dateRange(text.replace(' ', '+'));
    if (found === undefined)
      throw fhirError(
        400,
        'value',
        `${name} is a date or an instant, such as 2026-01-31T10:00:00Z.`,
        `http.${name}`,
      );
    return found;
  };
  const since = range('_since');
  const at = range('_at');
  return { ...(since ? { sinceMs: since.lowMs } : {}), ...(at ? { at } : {}) };
}

/** The resources that a List names, when the asker may read the List. */
async function listedIn(
  deps: Deps,
  context: RequestContext,
  id: string,
): Promise<readonly { type: string; id: string }[]> {
  if (id.startsWith('$'))
    throw fhirError(400, 'not-supported', 'Only stored Lists are offered, no functional ones.', 'http._list');
  const { found } = await requireReadable(deps, context, 'List', requireId(id));
  if (found.deleted) throw fhirError(410, 'deleted', 'This List was deleted.', 'http._list');
  const list = parseJson(found.content) as Resource;
  return literalReferences(list, `${deps.config.publicUrl}/fhir/R4`)
    .filter(({ expression }) => /^List\.entry\[\d+\]\.item$/.test(expression))
    .map(({ type, id: listed }) => ({ type, id: listed }));
}

const pageOf = ({ lastUpdated, resourceType, resourceId, version }: StoredVersion): string =>
  Buffer.from(`${lastUpdated.getTime()} ${resourceType} ${resourceId} ${version}`).toString('base64url');

/** Says only where to go on; what may be seen is decided anew at every page. */
function readPage(text: string): HistoryCursor {
  const [, ms, type, id, version] =
    /^(\d{1,15}) ([A-Za-z]{1,64}) ([A-Za-z0-9\-.]{1,64}) (\d{1,9})$/.exec(
      text.length > 300 ? '' : Buffer.from(text, 'base64url').toString('latin1'),
    ) ?? [];
  if (type === undefined || id === undefined)
    throw fhirError(400, 'value', 'A link to a page is followed as it was given.', 'http._page');
  return { ms: Number(ms), type, id, version: Number(version) };
}

function historyEntry(base: string, version: StoredVersion, view: Subset | undefined): string {
  const url = `${version.resourceType}/${version.resourceId}`;
  const method = version.deleted ? 'DELETE' : version.version === 1 ? 'POST' : 'PUT';
  const head = JSON.stringify({
    fullUrl: `${base}/${url}`,
    request: { method, url: method === 'POST' ? version.resourceType : url },
    response: {
      status: method === 'POST' ? '201' : method === 'DELETE' ? '204' : '200',
      etag: `W/"${version.version}"`,
      lastModified: version.lastUpdated.toISOString(),
    },
  });
  return version.deleted ? head : `${head.slice(0, -1)},"resource":${viewText(version.content, view)}}`;
}
