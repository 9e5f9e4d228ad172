// What comes along with the hits of a search: what they name, and what names them, within what the asker may see.
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import { parseReference } from '../../core/fhir/references.ts';
import { isResource, resourceTypes } from '../../core/fhir/resource-types.ts';
import { searchLimits } from '../../core/fhir/search-error.ts';
import { valuesAlong } from '../../core/fhir/search-found.ts';
import type { SearchInclude } from '../../core/fhir/search-include.ts';
import { type SearchParameter, searchParametersOf } from '../../core/fhir/search-parameters.ts';
import { mayName } from '../../core/fhir/search-references.ts';
import type { Deps } from '../http/deps.ts';
import type { NamedResource } from '../storage/search-included.ts';
import { findNamed, findNaming } from '../storage/search-included.ts';
import type { FoundResource, SearchScope } from '../storage/search-store.ts';

export interface Included {
  readonly found: readonly FoundResource[];
  /** There was more than a page may hold. */
  readonly cut: boolean;
}

/** Nothing comes twice, and no hit comes again. */
export async function findIncluded(
  deps: Deps,
  scope: SearchScope,
  includes: readonly SearchInclude[],
  hits: readonly FoundResource[],
): Promise<Included> {
  const seen = new Set(hits.map(keyOfFound));
  const found: FoundResource[] = [];
  let cut = false;
  let newest = hits;
  const iterated = includes.filter(({ iterate }) => iterate);
  for (let round = 0; newest.length > 0 && !cut; round += 1) {
    const wanted = round === 0 ? includes : iterated;
    const next: FoundResource[] = [];
    // Beyond the last round nothing is shown, and only whether there was more is told.
    const most = round < searchLimits.includeRounds ? searchLimits.included : found.length;
    for (const include of wanted) {
      const room = most - found.length - next.length;
      const more = await along(deps, scope, include, newest, searchLimits.included + 1);
      const fresh = more.filter((one) => !seen.has(keyOfFound(one)));
      for (const one of fresh.slice(0, room)) {
        seen.add(keyOfFound(one));
        next.push(one);
      }
      cut ||= fresh.length > room || more.length > searchLimits.included;
    }
    found.push(...next);
    newest = next;
  }
  return { found, cut };
}

function keyOfFound({ resourceType, resourceId }: FoundResource): string {
  return `${resourceType}/${resourceId}`;
}

async function along(
  deps: Deps,
  scope: SearchScope,
  include: SearchInclude,
  from: readonly FoundResource[],
  limit: number,
): Promise<readonly FoundResource[]> {
  const db = deps.db.pool;
  const { direction, source, target, parameter } = include;
  if (direction === 'forward') {
    const holders = from.filter(({ resourceType }) => source === undefined || resourceType === source);
    const named = namedBy(holders, parameter, target, `${deps.config.publicUrl}/fhir/R4`);
    return named.length === 0 ? [] : findNamed(db, scope, named, limit);
  }
  const named = from.filter(({ resourceType }) => target === undefined || resourceType === target);
  if (source === undefined || parameter === undefined || named.length === 0) return [];
  const reachable = named.filter(({ resourceType }) => mayName(parameter, resourceType));
  return reachable.length === 0 ? [] : findNaming(db, scope, source, parameter, reachable, limit);
}

/** What the resources name by the parameter, or by any of theirs. */
function namedBy(
  holders: readonly FoundResource[],
  parameter: SearchParameter | undefined,
  target: string | undefined,
  ownBase: string,
): NamedResource[] {
  const named = new Map<string, NamedResource>();
  for (const { resourceType, content } of holders) {
    const resource = parseJson(content);
    if (!isResource(resource)) continue;
    const parameters = parameter === undefined ? [...searchParametersOf(resourceType).values()] : [parameter];
    for (const one of parameters) {
      if (one.kind !== 'reference') continue;
      for (const path of one.paths)
        for (const value of valuesAlong(resource, path.steps)) {
          const written = isJsonObject(value) ? value['reference'] : value;
          if (typeof written !== 'string') continue;
          if (path.type !== 'Reference') {
            // A canonical names a resource by its url, and may be of any type that the parameter allows.
            const types = target === undefined ? (one.targets ?? resourceTypes) : [target];
            named.set(`url ${written}`, { url: written.replace(/\|.*$/, ''), types });
            continue;
          }
          const reference = parseReference(written, ownBase);
          if (reference.kind !== 'local') continue;
          const { type, id } = reference;
          if (
            (target !== undefined && type !== target) ||
            (path.target !== undefined && type !== path.target)
          )
            continue;
          named.set(`${type}/${id}`, { type, id });
        }
    }
  }
  return [...named.values()];
}
