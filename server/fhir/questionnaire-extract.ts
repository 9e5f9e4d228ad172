// QuestionnaireResponse/$extract (SDC): what a filled form says, as a transaction Bundle that can be posted. Stores nothing.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { extract } from '../../core/forms/extract.ts';
import { canonicalJson, parseJson } from '../../core/fhir/json.ts';
import { parseReference } from '../../core/fhir/references.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { objectAt, partialDate, textAt } from '../../core/record/elements.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { fhirJson } from './answer.ts';
import { requireContext } from './asker.ts';
import { asResource, requireValid } from './body.ts';
import { recordLook } from './looks.ts';
import { readOperationInput } from './operation-input.ts';
import { readJson } from './body.ts';
import { requireReadable } from './read.ts';
import { requireId } from './resource-types.ts';
import { shippedForms } from './shipped-forms.ts';

/** Of the response in the body (by itself, or as `questionnaire-response` of Parameters), or of the one that is named. */
export const questionnaireExtract = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { id } = request.params as { id?: string };
  if (id === undefined) return answer(deps, reply, readResponse(request), newUrlOf(deps)());
  requireId(id);
  readOperationInput(request, {});
  const type = 'QuestionnaireResponse';
  const { found, rule, context: reading } = await requireReadable(deps, context, type, id);
  if (found.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
  await recordLook(deps, reading, found.patientId, {
    event: 'read',
    basis: rule,
    on: { type, id, version: found.version },
  });
  return answer(deps, reply, parseJson(found.content) as Resource, `${type}/${id}`);
};

function readResponse(request: FastifyRequest): Resource {
  if (request.method === 'GET')
    throw fhirError(400, 'required', 'Send the response in the body, or name one that is stored.');
  const sent = asResource(readJson(request));
  if (sent.resourceType === 'QuestionnaireResponse') {
    requireValid(sent);
    return sent;
  }
  const input = readOperationInput(request, { 'questionnaire-response': 'resource' });
  const response = input.resource('questionnaire-response');
  if (response?.resourceType !== 'QuestionnaireResponse')
    throw fhirError(400, 'required', 'A QuestionnaireResponse is needed.', 'Parameters.parameter');
  return response;
}

const newUrlOf = (deps: Deps) => (): string => `urn:uuid:${uuidV7(deps.now(), deps.randomBytes)}`;

async function answer(deps: Deps, reply: FastifyReply, sent: Resource, named: string): Promise<FastifyReply> {
  const canonical = textAt(sent, 'questionnaire')?.split('|')[0] ?? '';
  const form = (await shippedForms()).get(/^urn:medallion:form:([a-z0-9-]+)$/.exec(canonical)?.[1] ?? '');
  if (form === undefined)
    throw fhirError(
      422,
      'not-supported',
      'This is of no form that comes with the server.',
      'QuestionnaireResponse.questionnaire',
    );
  const reference = parseReference(
    textAt(objectAt(sent, 'subject'), 'reference') ?? '',
    `${deps.config.publicUrl}/fhir/R4`,
  );
  if (reference.kind !== 'local' || reference.type !== 'Patient')
    throw fhirError(
      422,
      'required',
      'The response must say whom it is about.',
      'QuestionnaireResponse.subject',
    );
  const authored = partialDate(sent['authored']) === undefined ? undefined : textAt(sent, 'authored');
  const { problems, extracted } = extract(form, sent, {
    patientId: reference.id,
    now: new Date(deps.now()).toISOString(),
    ...(authored === undefined ? {} : { authored }),
    response: named,
    newUrl: newUrlOf(deps),
  });
  if (problems.length > 0)
    throw new FhirError(
      422,
      problems.slice(0, 100).map(({ linkId, code }) => ({
        severity: 'error',
        code: 'value',
        diagnostics: `An answer is not as the form asks: ${code}.`,
        expression: [
          /^[a-z0-9-]+$/.test(linkId)
            ? `QuestionnaireResponse.descendants().where(linkId='${linkId}')`
            : 'QuestionnaireResponse.item',
        ],
      })),
    );
  // What is not stored yet goes along, so that the others can name it.
  const response = named.startsWith('urn:') ? [{ fullUrl: named, resource: sent }] : [];
  return reply.type(fhirJson).send(
    canonicalJson({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [...response, ...extracted].map(({ fullUrl, resource }) => ({
        fullUrl,
        resource,
        request: { method: 'POST', url: resource.resourceType },
      })),
    }),
  );
}
