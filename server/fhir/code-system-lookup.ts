// CodeSystem/$lookup and $subsumes: what a code is called, where it stands in its system, and how two codes stand to each other.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { JsonObject, JsonValue } from '../../core/fhir/types.ts';
import {
  codeSystemOfResource,
  findConcept,
  text,
  type CodeSystem,
  type Concept,
} from '../../core/fhir/terminology/code-system.ts';
import { requireWholeSystem, subsumption, TerminologyError } from '../../core/fhir/terminology/expand.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { fhirJson } from './answer.ts';
import { requireContext, type RequestContext } from './asker.ts';
import { parametersOutput, readOperationInput, type OperationInput } from './operation-input.ts';
import { findAskedInstance, recordDefinitionsRead, requireTerminologyAsker } from './terminology-asked.ts';
import { answered, loadTerminology } from './terminology-source.ts';

const lookupTakes = { code: 'text', system: 'text', version: 'text', coding: 'Coding' } as const;

export const codeSystemLookup = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const rule = requireTerminologyAsker(context, 'CodeSystem');
  const input = readOperationInput(request, lookupTakes);
  const coding = input.element('coding');
  const code = text(coding?.['code']) ?? input.text('code');
  const url = text(coding?.['system']) ?? input.text('system');
  if (code === undefined || url === undefined)
    throw fhirError(400, 'required', 'Name a code and its system, or give a coding.', 'http.code');
  const system = await findSystem(deps, context, rule, url);
  requireVersion(system, text(coding?.['version']) ?? input.text('version'));
  const concept = findConcept(system, code);
  if (concept === undefined)
    throw fhirError(404, 'not-found', 'This code is not known here in that system.', 'http.code');
  return reply.type(fhirJson).send(canonicalJson(lookupAnswer(system, concept)));
};

async function findSystem(
  deps: Deps,
  context: RequestContext,
  rule: string,
  url: string,
): Promise<CodeSystem> {
  const source = await loadTerminology(deps.db.pool, { urls: [url] });
  await recordDefinitionsRead(deps, context, rule, source);
  const [bare = '', version] = url.split('|');
  const system = source.findCodeSystem(bare);
  if (system === undefined)
    return answered(() => {
      throw new TerminologyError('code-system-unknown', url);
    });
  requireVersion(system, version);
  return system;
}

function requireVersion(system: CodeSystem, version: string | undefined): void {
  if (version !== undefined && version !== system.version)
    throw fhirError(404, 'not-found', 'This version of the code system is not known here.', 'http.version');
}

function lookupAnswer(system: CodeSystem, concept: Concept): JsonObject {
  const property = (code: string, type: string, value: JsonValue): [string, string, JsonValue] => [
    'property',
    'part',
    [
      { name: 'code', valueCode: code },
      { name: 'value', [`value${type}`]: value },
    ],
  ];
  return parametersOutput([
    ['name', 'String', system.name ?? system.url],
    ['version', 'String', system.version],
    ['display', 'String', concept.display ?? concept.code],
    ...concept.designations.map((designation): [string, string, JsonValue] => [
      'designation',
      'part',
      ['language', 'use', 'value'].flatMap((name) => {
        const value = designation[name];
        const type = name === 'language' ? 'Code' : name === 'use' ? 'Coding' : 'String';
        return value === undefined ? [] : [{ name, [`value${type}`]: value }];
      }),
    ]),
    ...(concept.definition === undefined ? [] : [property('definition', 'String', concept.definition)]),
    ...concept.parents.map((parent) => property('parent', 'Code', parent)),
    ...(system.children.get(concept.code) ?? []).map((child) => property('child', 'Code', child)),
    ...(concept.abstract ? [property('notSelectable', 'Boolean', true)] : []),
    ...(concept.inactive ? [property('inactive', 'Boolean', true)] : []),
  ]);
}

const subsumesTakes = {
  codeA: 'text',
  codeB: 'text',
  system: 'text',
  version: 'text',
  codingA: 'Coding',
  codingB: 'Coding',
} as const;

export const codeSystemSubsumes = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const rule = requireTerminologyAsker(context, 'CodeSystem');
  const input = readOperationInput(request, subsumesTakes);
  const asked = await findAskedInstance(deps, context, request, 'CodeSystem');
  const own = asked && codeSystemOfResource(asked);
  const url = own?.url ?? input.text('system') ?? text(input.element('codingA')?.['system']);
  const a = codeOf(input, 'A', url);
  const b = codeOf(input, 'B', url);
  if (url === undefined || a === undefined || b === undefined)
    throw fhirError(400, 'required', 'Name two codes of one system.', 'http.codeA');
  const system = own ?? (await findSystem(deps, context, rule, url));
  const outcome = answered(() =>
    subsumption(
      requireWholeSystem({ findCodeSystem: () => system, findValueSet: () => undefined }, url),
      a,
      b,
    ),
  );
  if (outcome === undefined)
    throw fhirError(404, 'not-found', 'One of the codes is not in that system.', 'http.codeA');
  return reply.type(fhirJson).send(canonicalJson(parametersOutput([['outcome', 'Code', outcome]])));
};

function codeOf(input: OperationInput, letter: 'A' | 'B', url: string | undefined): string | undefined {
  const coding = input.element(`coding${letter}`);
  if (coding !== undefined && coding['system'] !== url) return undefined;
  return text(coding?.['code']) ?? input.text(`code${letter}`);
}
