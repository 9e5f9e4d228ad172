// A stream of bytes as the lines of an import, each judged as far as it can be alone: JSON, a resource, whose record it is in.
import { ownersOf } from '../../../core/fhir/compartment.ts';
import { isResourceId } from '../../../core/fhir/ids.ts';
import { isJsonObject, parseJson } from '../../../core/fhir/json.ts';
import { isResourceType } from '../../../core/fhir/resource-types.ts';
import type { JsonValue, Resource } from '../../../core/fhir/types.ts';
import { fhirError } from '../../errors.ts';
import type { NewLine } from '../../storage/bulk-lines.ts';

export const longestLineBytes = 4 * 1024 * 1024;
export const mostBytes = 1024 ** 3;
export const mostLines = 2_000_000;

/** Splits at line feeds; throws 413 for a line or a whole that is too long, 400 for bytes that are no UTF-8. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > mostBytes) throw tooLong('An import has at most one gibibyte.');
    const parts = (rest + decode(decoder, chunk)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestLineBytes) throw tooLong('A line has at most four mebibytes.');
    yield* parts;
  }
  rest += decode(decoder);
  if (rest !== '') yield rest;
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw fhirError(400, 'structure', 'The lines are not UTF-8 text. Nothing was stored.');
  }
}

const tooLong = (text: string) => fhirError(413, 'too-long', `${text} Nothing was stored.`);

/** What a line says of itself; with a `reason` when it cannot be taken in. */
export function judgeLine(
  text: string,
  at: Pick<NewLine, 'lineNumber' | 'file' | 'fileLine' | 'newId'>,
  ownBase: string,
): NewLine {
  const unknown = { ...at, resourceType: null, sourceId: null, owner: '', content: '' };
  if (text.length > longestLineBytes)
    return { ...unknown, reason: 'The line is longer than four mebibytes.' };
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    return { ...unknown, reason: `The line is not valid JSON: ${(error as Error).message}.` };
  }
  const type = isJsonObject(value) ? value['resourceType'] : undefined;
  if (!isJsonObject(value) || typeof type !== 'string' || !isResourceType(type))
    return { ...unknown, reason: 'The line is not a FHIR R4 resource.' };
  const resource = value as Resource;
  const { id } = resource;
  const line = { ...unknown, resourceType: type };
  if (id !== undefined && !isResourceId(id)) return { ...line, reason: 'The id is not one of FHIR.' };
  const sourceId = typeof id === 'string' ? id : null;
  const owners = ownersOf(resource, sourceId ?? at.newId, ownBase);
  if (owners === 'nobody') return { ...line, sourceId, content: text };
  const [owner] = owners;
  if (owner === undefined || owners.length > 1)
    return {
      ...line,
      sourceId,
      reason:
        owner === undefined
          ? 'This must say whose record it belongs to.'
          : 'This names more than one person: a resource belongs to one record.',
    };
  return { ...line, sourceId, owner, content: text };
}
