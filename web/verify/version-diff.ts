// What differs between two versions of a resource, element by element. Knows no words and no page.
import { DecimalLiteral, isJsonObject } from '../../core/fhir/json.ts';
import type { JsonValue } from '../../core/fhir/types.ts';

export interface Difference {
  /** `code.coding[0].display`. */
  readonly path: string;
  readonly was?: string;
  readonly now?: string;
}

/** Written by the server with every version: no change that anybody made. */
const ownOfServer = /^meta(\.|$)/;

function flatten(value: JsonValue | undefined, path: string, into: Map<string, string>): void {
  if (value === undefined || ownOfServer.test(path)) return;
  if (Array.isArray(value)) value.forEach((item, at) => flatten(item, `${path}[${at}]`, into));
  else if (isJsonObject(value))
    for (const [name, part] of Object.entries(value))
      flatten(part, path === '' ? name : `${path}.${name}`, into);
  else into.set(path, value instanceof DecimalLiteral ? value.text : String(value));
}

/** In the order of their paths. Before the first version there is nothing. */
export function differences(before: JsonValue | undefined, after: JsonValue | undefined): Difference[] {
  const was = new Map<string, string>();
  const now = new Map<string, string>();
  flatten(before, '', was);
  flatten(after, '', now);
  return [...new Set([...was.keys(), ...now.keys()])]
    .filter((path) => was.get(path) !== now.get(path))
    .toSorted()
    .map((path) => {
      const [former, present] = [was.get(path), now.get(path)];
      return {
        path,
        ...(former === undefined ? {} : { was: former }),
        ...(present === undefined ? {} : { now: present }),
      };
    });
}
