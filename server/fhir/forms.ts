// Forms: which there are, one as a Questionnaire, and a filled one, stored together with all it says, in one transaction.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { partialDate } from '../../core/record/elements.ts';
import { extract, sealedAs } from '../../core/forms/extract.ts';
import type { Form } from '../../core/forms/form.ts';
import { formUrl } from '../../core/forms/form.ts';
import { questionnaireOf } from '../../core/forms/questionnaire.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { ApiError } from '../errors.ts';
import { patientNamed } from '../http/acting-for.ts';
import type { Deps } from '../http/deps.ts';
import { requirePerson } from '../http/require-person.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { applyWrites } from './apply-writes.ts';
import { requireContext } from './asker.ts';
import { readResource } from './body.ts';
import { shippedForms } from './shipped-forms.ts';
import type { WriteOperation } from './write-requests.ts';

/** `GET /api/forms`: what can be filled in, and by whom. */
export const listForms = async (request: FastifyRequest) => {
  requireContext(request);
  return [...(await shippedForms()).values()].map(({ id, version, words: [en, hi], audience }) => ({
    id,
    version,
    title: { en, hi },
    audience,
  }));
};

async function requireForm(request: FastifyRequest): Promise<Form> {
  const { form: id } = request.params as { form: string };
  const form = (await shippedForms()).get(id);
  if (form === undefined) throw new ApiError(404, 'not-found', 'There is no such form.');
  return form;
}

/** `GET /api/forms/:form`: a FHIR Questionnaire. */
export const getForm = async (request: FastifyRequest, reply: FastifyReply) => {
  requireContext(request);
  return reply
    .type('application/fhir+json; charset=utf-8')
    .send(JSON.stringify(questionnaireOf(await requireForm(request))));
};

export const formByteLimit = 1024 * 1024;

/** `POST /api/forms/:form?patient=`, a QuestionnaireResponse: 201 `{ response, resources }`. All of it is stored, or nothing. */
export const postForm = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const actor = requirePerson(request);
  const form = await requireForm(request);
  const patientId = patientNamed(request, actor);
  if (form.audience === 'clinician' && patientId === actor.patientId)
    throw new ApiError(403, 'forbidden', 'This form is filled in by a clinician.');
  const nowMs = deps.now();
  const now = new Date(nowMs).toISOString();
  const sent = readResource(request);
  if (sent.resourceType !== 'QuestionnaireResponse')
    throw new ApiError(422, 'form-wrong', 'A QuestionnaireResponse is expected. Nothing was saved.');
  const { id: _id, subject: _subject, meta: _meta, authored, ...given } = sent;
  const response: Resource = {
    ...given,
    resourceType: 'QuestionnaireResponse',
    questionnaire: `${formUrl(form.id)}|${form.version}`,
    status: 'completed',
    subject: { reference: `Patient/${patientId}` },
    authored: partialDate(authored) === undefined ? now : (authored as string),
  };
  const newUrl = () => `urn:uuid:${uuidV7(nowMs, deps.randomBytes)}`;
  const responseUrl = newUrl();
  const { problems, extracted } = extract(form, response, {
    patientId,
    now,
    authored: response['authored'] as string,
    response: responseUrl,
    newUrl,
  });
  if (problems.length > 0)
    throw new ApiError(422, 'form-wrong', 'Some answers cannot be right. Nothing was saved.', {
      fields: problems.slice(0, 100).map(({ linkId, code }) => ({ field: linkId, code })),
    });
  const all = [
    { fullUrl: responseUrl, resource: form.sealed ? sealedAs(response, form.sealed) : response },
    ...extracted,
  ];
  const operations = all.map(({ fullUrl, resource }, i): WriteOperation => ({
    method: 'create',
    type: resource.resourceType,
    id: uuidV7(nowMs, deps.randomBytes),
    resource,
    fullUrl,
    at: `Bundle.entry[${i}]`,
  }));
  const [first, ...rest] = await applyWrites(deps, context, operations);
  return reply
    .code(201)
    .header('ledger-entry', first?.entryId ?? '')
    .send({
      response: `QuestionnaireResponse/${first?.id ?? ''}`,
      resources: rest.map(({ type, id }) => `${type}/${id}`),
    });
};
