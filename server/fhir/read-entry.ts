// The reads of a transaction Bundle: on the connection that wrote, so that they see what was written, and their looks go in with it.
import type { Deps } from '../http/deps.ts';
import { fhirError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import { findResource, findResources } from '../storage/resource-store.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import type { FhirAnswer } from './answer.ts';
import type { RequestContext } from './asker.ts';
import type { EntryRequest } from './bundle-entries.ts';
import { historyAnswer } from './history.ts';
import { viewOf } from './prefer.ts';
import { readAnswer } from './read.ts';
import { searchAnswer } from './search.ts';
import { requireType } from './resource-types.ts';

/** Throws what the same read would answer alone. */
export async function readWithin(
  deps: Deps,
  client: Queryable,
  looks: SealedEntry[],
  context: RequestContext,
  entry: EntryRequest,
): Promise<FhirAnswer> {
  const inside: Deps = {
    ...deps,
    db: { ...deps.db, pool: client as Deps['db']['pool'] },
    resources: {
      find: (resourceType, resourceId) => findResource(client, resourceType, resourceId),
      findAll: (keys) => findResources(client, keys),
    },
    entries: { store: async (look) => void looks.push(look) },
  };
  const query = Object.fromEntries(new URLSearchParams(entry.query));
  const [type = '', id, history, vid] = entry.path.split('/');
  if (history === '_history' || id === '_history' || type === '_history') {
    if (vid === undefined) return historyAnswer(inside, context, historyTarget(entry.path), query);
  }
  if (id === undefined) {
    const asked = type === '' ? { path: '', type: undefined } : { path: type, type: requireType(type) };
    return searchAnswer(inside, context, asked, [...new URLSearchParams(entry.query)], false);
  }
  if (id.startsWith('$') || (history !== undefined && vid === undefined))
    throw fhirError(400, 'not-supported', 'A transaction reads resources, versions, histories and searches.');
  requireType(type);
  return readAnswer(
    inside,
    context,
    { type, id, ...(vid === undefined ? {} : { vid }) },
    {
      ifNoneMatch: entry.ifNoneMatch,
      ifModifiedSince: entry.ifModifiedSince,
    },
    viewOf(query, type),
  );
}

function historyTarget(path: string): { type?: string; id?: string } {
  const [type, id] = path.replace(/\/?_history$/, '').split('/');
  return { ...(type ? { type } : {}), ...(id ? { id } : {}) };
}
