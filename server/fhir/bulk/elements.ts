// _elements of an export: of each resource the elements asked for, what it must have in any case, and a tag that says that more there is.
import { canonicalJson, isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import type { JsonObject } from '../../../core/fhir/types.ts';

const always = new Set(['resourceType', 'id', 'meta']);
const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/** `elements`: `code`, or `Observation.code` for that type only; for a type none is named for, the whole resource. */
export function onlyElements(text: string, elements: readonly string[]): string {
  const resource = parseJson(text) as JsonObject;
  const type = resource['resourceType'];
  const wanted = new Set(
    elements.flatMap((element) => {
      const [first = '', second] = element.split('.');
      return second === undefined ? [first] : first === type ? [second] : [];
    }),
  );
  if (wanted.size === 0) return text;
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(resource))
    if (always.has(name) || wanted.has(name.replace(/^_/, ''))) kept[name] = value;
  const meta = isJsonObject(kept['meta']) ? kept['meta'] : {};
  const tags = Array.isArray(meta['tag']) ? meta['tag'] : [];
  kept['meta'] = { ...meta, tag: [...tags, subsetted] };
  return canonicalJson(kept);
}
