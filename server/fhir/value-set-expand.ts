// ValueSet/$expand: the codes of a value set, in pages, narrowed by words. What is too long for one answer or cannot be
// known is refused and says why.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { JsonObject } from '../../core/fhir/types.ts';
import { expandValueSet, requireValueSet, type ExpandedCode } from '../../core/fhir/terminology/expand.ts';
import { valueSetOfResource, type ValueSet } from '../../core/fhir/terminology/value-set.ts';
import { plainText } from '../../core/record/code-lists/code-list.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { fhirJson } from './answer.ts';
import { requireContext } from './asker.ts';
import { requireValid } from './body.ts';
import { readOperationInput, type OperationInput } from './operation-input.ts';
import { findAskedInstance, recordDefinitionsRead, requireTerminologyAsker } from './terminology-asked.ts';
import { answered, loadTerminology } from './terminology-source.ts';

/** Codes in one answer; more are given in pages. */
export const expansionPageLimit = 1000;

const takes = {
  url: 'text',
  valueSet: 'resource',
  valueSetVersion: 'text',
  filter: 'text',
  offset: 'integer',
  count: 'integer',
  activeOnly: 'boolean',
  excludeNested: 'boolean',
} as const;

export const valueSetExpand = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const rule = requireTerminologyAsker(context, 'ValueSet');
  const input = readOperationInput(request, takes);
  const asked = await findAskedInstance(deps, context, request, 'ValueSet');
  const given = asked ?? input.resource('valueSet');
  const url = input.text('url');
  if ((given === undefined) === (url === undefined))
    throw fhirError(400, 'required', 'Name one value set: by url, by id, or as a resource.', 'http.url');
  if (asked === undefined && given !== undefined) requireValueSetResource(given);
  const own = given === undefined ? undefined : valueSetOfResource(given);
  const source = await loadTerminology(
    deps.db.pool,
    own === undefined ? { urls: [url ?? ''] } : { valueSets: [own] },
  );
  await recordDefinitionsRead(deps, context, rule, source);
  const { valueSet, codes } = answered(() => {
    const found = own ?? requireValueSet(source, url ?? '');
    requireVersion(found, input);
    return { valueSet: found, codes: expandValueSet(source, found) };
  });
  const chosen = narrowed(codes, input);
  const offset = input.number('offset') ?? 0;
  const count = input.number('count');
  if (count === undefined && chosen.length - offset > expansionPageLimit)
    throw fhirError(
      422,
      'too-costly',
      `This value set has ${chosen.length} codes: ask for them in pages, by offset and count, or narrow them by filter.`,
      'http.count',
    );
  const page = chosen.slice(offset, offset + Math.min(count ?? expansionPageLimit, expansionPageLimit));
  const body = expansionResource(valueSet, chosen.length, offset, page, input, new Date(deps.now()));
  return reply.type(fhirJson).send(canonicalJson(body));
};

function requireValueSetResource(resource: JsonObject): void {
  if (resource['resourceType'] !== 'ValueSet')
    throw fhirError(400, 'value', 'The parameter valueSet is a ValueSet.', 'Parameters.parameter');
  requireValid({ ...resource, resourceType: 'ValueSet' });
}

function requireVersion(valueSet: ValueSet, input: OperationInput): void {
  const version = input.text('valueSetVersion') ?? input.text('url')?.split('|')[1];
  if (version !== undefined && valueSet.version !== version)
    throw fhirError(404, 'not-found', 'This version of the value set is not known here.', 'http.url');
}

function narrowed(codes: readonly ExpandedCode[], input: OperationInput): readonly ExpandedCode[] {
  const active = input.flag('activeOnly') === true ? codes.filter((one) => !one.inactive) : codes;
  const words = plainText(input.text('filter') ?? '')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return active;
  return active.filter((one) => {
    const text = plainText(`${one.code} ${one.display ?? ''}`);
    return words.every((word) => text.includes(word));
  });
}

function expansionResource(
  valueSet: ValueSet,
  total: number,
  offset: number,
  page: readonly ExpandedCode[],
  input: OperationInput,
  now: Date,
): JsonObject {
  const said = (name: string, type: string, value: string | number | boolean | undefined): JsonObject[] =>
    value === undefined ? [] : [{ name, [`value${type}`]: value }];
  const parameter = [
    ...said('filter', 'String', input.text('filter')),
    ...said('offset', 'Integer', input.number('offset')),
    ...said('count', 'Integer', input.number('count')),
    ...said('activeOnly', 'Boolean', input.flag('activeOnly')),
    ...said('excludeNested', 'Boolean', input.flag('excludeNested')),
  ];
  return {
    resourceType: 'ValueSet',
    ...(valueSet.url === '' ? {} : { url: valueSet.url }),
    ...(valueSet.version === undefined ? {} : { version: valueSet.version }),
    ...(valueSet.name === undefined ? {} : { name: valueSet.name }),
    ...(valueSet.title === undefined ? {} : { title: valueSet.title }),
    status: 'active',
    expansion: {
      timestamp: now.toISOString(),
      total,
      offset,
      ...(parameter.length > 0 ? { parameter } : {}),
      ...(page.length > 0 ? { contains: page.map(containsElement) } : {}),
    },
  };
}

function containsElement(one: ExpandedCode): JsonObject {
  return {
    system: one.system,
    ...(one.abstract ? { abstract: true } : {}),
    ...(one.inactive ? { inactive: true } : {}),
    code: one.code,
    ...(one.display === undefined ? {} : { display: one.display }),
  };
}
