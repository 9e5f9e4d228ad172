// $validate-code of CodeSystem and ValueSet: whether a code is in it, and whether a display is one of its words.
// The answer is `result` true or false; only what cannot be known at all is an error.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson, isJsonObject } from '../../core/fhir/json.ts';
import type { JsonObject, Resource } from '../../core/fhir/types.ts';
import {
  codeSystemOfResource,
  findConcept,
  objects,
  text,
  type CodeSystem,
} from '../../core/fhir/terminology/code-system.ts';
import {
  findMember,
  requireValueSet,
  TerminologyError,
  withoutVersion,
  type TerminologySource,
} from '../../core/fhir/terminology/expand.ts';
import { valueSetOfResource } from '../../core/fhir/terminology/value-set.ts';
import { plainText } from '../../core/record/code-lists/code-list.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { fhirJson } from './answer.ts';
import { requireContext } from './asker.ts';
import { requireValid } from './body.ts';
import { parametersOutput, readOperationInput, type OperationInput } from './operation-input.ts';
import { findAskedInstance, recordDefinitionsRead, requireTerminologyAsker } from './terminology-asked.ts';
import { answered, loadTerminology } from './terminology-source.ts';

interface Asked {
  readonly system: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
}

interface Judgement {
  readonly result: boolean;
  readonly message?: string;
  readonly display?: string | undefined;
}

const valueSetTakes = {
  url: 'text',
  valueSet: 'resource',
  code: 'text',
  system: 'text',
  display: 'text',
  coding: 'Coding',
  codeableConcept: 'CodeableConcept',
} as const;

export const valueSetValidateCode = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const rule = requireTerminologyAsker(context, 'ValueSet');
  const input = readOperationInput(request, valueSetTakes);
  const given =
    (await findAskedInstance(deps, context, request, 'ValueSet')) ??
    sentResource(input, 'valueSet', 'ValueSet');
  const url = input.text('url');
  if ((given === undefined) === (url === undefined))
    throw fhirError(400, 'required', 'Name one value set: by url, by id, or as a resource.', 'http.url');
  const asked = codesAsked(input);
  const own = given === undefined ? undefined : valueSetOfResource(given);
  const source = await loadTerminology(
    deps.db.pool,
    own === undefined ? { urls: [url ?? ''] } : { valueSets: [own] },
  );
  await recordDefinitionsRead(deps, context, rule, source);
  const judged = answered(() => {
    const valueSet = own ?? requireValueSet(source, url ?? '');
    return bestOf(asked, (one) => {
      const member = findMember(source, valueSet, one.system, one.code);
      if (member === undefined) return { result: false, message: 'The code is not in the value set.' };
      return judgeDisplay(source, { ...one, system: member.system }, member.display);
    });
  });
  return reply.type(fhirJson).send(canonicalJson(judgementParameters(judged)));
};

const codeSystemTakes = {
  url: 'text',
  codeSystem: 'resource',
  code: 'text',
  version: 'text',
  display: 'text',
  coding: 'Coding',
  codeableConcept: 'CodeableConcept',
} as const;

export const codeSystemValidateCode =
  (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
    const context = requireContext(request);
    const rule = requireTerminologyAsker(context, 'CodeSystem');
    const input = readOperationInput(request, codeSystemTakes);
    const given =
      (await findAskedInstance(deps, context, request, 'CodeSystem')) ??
      sentResource(input, 'codeSystem', 'CodeSystem');
    const own = given && codeSystemOfResource(given);
    const asked = codesAsked(input);
    const url = own?.url ?? input.text('url') ?? asked[0]?.system;
    if (url === undefined)
      throw fhirError(400, 'required', 'Name one code system: by url, by id, or as a resource.', 'http.url');
    const source = await loadTerminology(deps.db.pool, { urls: [url] });
    await recordDefinitionsRead(deps, context, rule, source);
    const judged = answered(() => {
      const system = own ?? source.findCodeSystem(withoutVersion(url));
      if (system === undefined) throw new TerminologyError('code-system-unknown', url);
      const version = input.text('version');
      if (version !== undefined && version !== system.version)
        throw fhirError(
          404,
          'not-found',
          'This version of the code system is not known here.',
          'http.version',
        );
      return bestOf(asked, (one) => judgeInSystem(source, system, one));
    });
    return reply.type(fhirJson).send(canonicalJson(judgementParameters(judged)));
  };

function judgeInSystem(source: TerminologySource, system: CodeSystem, one: Asked): Judgement {
  if (one.system !== undefined && one.system !== system.url)
    return { result: false, message: 'The code is of another system.' };
  const concept = findConcept(system, one.code);
  if (concept !== undefined) return judgeDisplay(source, { ...one, system: system.url }, concept.display);
  // Of a system that is here only in part an unknown code may still be right.
  if (system.content === 'fragment') throw new TerminologyError('code-system-partial', system.url);
  return { result: false, message: 'The code is not in the code system.' };
}

function sentResource(input: OperationInput, name: string, type: string): Resource | undefined {
  const resource = input.resource(name);
  if (resource === undefined) return undefined;
  if (resource.resourceType !== type)
    throw fhirError(400, 'value', `The parameter ${name} is a ${type}.`, 'Parameters.parameter');
  requireValid(resource);
  return resource;
}

function codesAsked(input: OperationInput): readonly Asked[] {
  const coding = input.element('coding');
  const concept = input.element('codeableConcept');
  const code = input.text('code');
  const ways = [coding, concept, code].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw fhirError(400, 'required', 'Give one of code, coding and codeableConcept.', 'http.code');
  if (code !== undefined) return [{ system: input.text('system'), code, display: input.text('display') }];
  const codings = coding === undefined ? objects(concept?.['coding']) : [coding];
  const asked = codings.filter(isJsonObject).flatMap((one: JsonObject): Asked[] => {
    const itsCode = text(one['code']);
    return itsCode === undefined
      ? []
      : [{ system: text(one['system']), code: itsCode, display: text(one['display']) }];
  });
  if (asked.length === 0) throw fhirError(400, 'required', 'The coding has no code.', 'http.coding');
  return asked;
}

/** One right code is enough; else what was said of the first. What cannot be known counts only when none is right. */
function bestOf(asked: readonly Asked[], judge: (one: Asked) => Judgement): Judgement {
  let first: Judgement | undefined;
  let unknown: unknown;
  for (const one of asked) {
    try {
      const judged = judge(one);
      if (judged.result) return judged;
      first ??= judged;
    } catch (error) {
      if (!(error instanceof TerminologyError)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
  return first ?? { result: false };
}

function judgeDisplay(source: TerminologySource, asked: Asked, display: string | undefined): Judgement {
  if (asked.display === undefined) return { result: true, display };
  const concept =
    asked.system === undefined ? undefined : source.findCodeSystem(asked.system)?.concepts.get(asked.code);
  const words = [display, concept?.display, ...(concept?.designations ?? []).map((d) => text(d['value']))];
  const given = plainText(asked.display);
  if (words.some((word) => word !== undefined && plainText(word) === given)) return { result: true, display };
  if (display === undefined) return { result: true };
  return { result: false, message: 'The code is right, the display is not one of its words.', display };
}

function judgementParameters({ result, message, display }: Judgement): Resource {
  return parametersOutput([
    ['result', 'Boolean', result],
    ['message', 'String', message],
    ['display', 'String', display],
  ]);
}
