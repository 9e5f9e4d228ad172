// $validate: whether a resource would be stored, and whether it is what a profile wants. 200 whatever is found; an error only
// where nothing could be judged.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { hasErrors, operationOutcome, type Issue } from '../../core/fhir/outcome.ts';
import { withoutVersion } from '../../core/fhir/profiles/profile.ts';
import { validateProfile } from '../../core/fhir/profiles/validate-profile.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import { validateResource } from '../../core/fhir/validate.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { fhirJson } from './answer.ts';
import { requireContext, type RequestContext } from './asker.ts';
import { asResource, readJson } from './body.ts';
import { recordLook } from './looks.ts';
import { OperationInput, readOperationInput, readParameters } from './operation-input.ts';
import { loadProfiles } from './profile-source.ts';
import { notFound, requireReadable } from './read.ts';
import { requireId, requireType } from './resource-types.ts';

const takes = { mode: 'text', profile: 'text', resource: 'resource' } as const;
const modes = new Set(['create', 'update', 'delete', 'profile']);
/** Profiles judged for one resource: the one asked for and those that it claims. */
const maxProfiles = 10;

export const validate = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  const { type, id } = request.params as { type?: string; id?: string };
  if (type !== undefined) requireType(type);
  if (id !== undefined) requireId(id);
  const { input, sent } = readRequest(request, type);
  const mode = input.text('mode');
  if (mode !== undefined && !modes.has(mode))
    throw fhirError(400, 'value', 'mode is create, update, delete or profile.', 'http.mode');
  const standing =
    id === undefined || type === undefined ? undefined : await findStanding(deps, context, type, id);
  if (mode === 'delete') {
    if (standing === undefined)
      throw fhirError(
        400,
        'required',
        'Whether something can be deleted is asked of one resource, by its id.',
      );
    return reply.type(fhirJson).send(JSON.stringify(operationOutcome([])));
  }
  const resource = sent ?? standing;
  if (resource === undefined)
    throw fhirError(
      400,
      'required',
      'Send the resource, or name one that stands by its id.',
      'http.resource',
    );
  const issues: Issue[] = [...validateResource(resource), ...placeIssues(resource, type, id, mode)];
  const asked = input.text('profile');
  if (!hasErrors(issues)) issues.push(...(await profileIssues(deps, context, resource, asked)));
  return reply.type(fhirJson).send(JSON.stringify(operationOutcome(issues)));
};

/** Parameters with the resource in them, or the resource itself with mode and profile in the address. */
function readRequest(
  request: FastifyRequest,
  type: string | undefined,
): { input: OperationInput; sent: JsonValue | undefined } {
  if (request.method !== 'POST') return { input: readOperationInput(request, takes), sent: undefined };
  const values = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    if (name === '_format' || name === '_pretty') continue;
    if ((name !== 'mode' && name !== 'profile') || typeof value !== 'string')
      throw fhirError(400, 'not-supported', 'This operation takes mode and profile here.', `http.${name}`);
    values.set(name, value);
  }
  const body = asResource(readJson(request));
  if (body.resourceType !== 'Parameters' || (type === 'Parameters' && !carriesResource(body)))
    return { input: new OperationInput(values), sent: body };
  const input = readParameters(body, takes, values);
  return { input, sent: input.resource('resource') };
}

function carriesResource(parameters: Resource): boolean {
  const list = Array.isArray(parameters['parameter']) ? parameters['parameter'] : [];
  return list.some(
    (one) => typeof one === 'object' && one !== null && 'name' in one && one['name'] === 'resource',
  );
}

async function findStanding(
  deps: Deps,
  context: RequestContext,
  type: string,
  id: string,
): Promise<Resource> {
  const { found, rule } = await requireReadable(deps, context, type, id);
  if (found.deleted) throw fhirError(410, 'deleted', 'This resource was deleted.');
  await recordLook(deps, context, found.patientId, {
    event: 'read',
    basis: rule,
    on: { type, id, version: found.version },
  });
  const resource = parseJson(found.content);
  if (!isResource(resource)) throw notFound();
  return resource;
}

/** What would be refused of a write for where it is sent. */
function placeIssues(
  value: JsonValue,
  type: string | undefined,
  id: string | undefined,
  mode: string | undefined,
): Issue[] {
  if (!isResource(value)) return [];
  const issue = (messageKey: string, diagnostics: string, expression: string): Issue => ({
    severity: 'error',
    code: 'invalid',
    messageKey,
    diagnostics,
    expression,
  });
  if (type !== undefined && value.resourceType !== type)
    return [issue('type-mismatch', 'The resource is of another type than the address.', 'Resource')];
  if (id !== undefined && mode !== 'create' && value['id'] !== id)
    return [
      issue(
        'id-mismatch',
        'The id in the resource is not the one in the address.',
        `${value.resourceType}.id`,
      ),
    ];
  return [];
}

async function profileIssues(
  deps: Deps,
  context: RequestContext,
  value: JsonValue,
  asked: string | undefined,
): Promise<Issue[]> {
  if (!isResource(value)) return [];
  const { meta } = value;
  const claims = typeof meta === 'object' && meta !== null && 'profile' in meta ? meta['profile'] : undefined;
  const claimed = Array.isArray(claims) ? claims.filter((one): one is string => typeof one === 'string') : [];
  const urls = [...new Set([...(asked === undefined ? [] : [asked]), ...claimed].map(withoutVersion))];
  if (urls.length === 0) return [];
  const { allowed, rule } = decide(context.asker, 'read', {
    patientId: '',
    resourceType: 'StructureDefinition',
  });
  const sources = await loadProfiles(deps.db.pool, allowed ? urls.slice(0, maxProfiles) : []);
  if (sources.read.length > 0)
    await recordLook(deps, context, '', { event: 'search', basis: rule, query: 'url', shown: sources.read });
  return urls.slice(0, maxProfiles).flatMap((url): Issue[] => {
    const profile = sources.findProfile(url);
    if (profile !== undefined) return validateProfile(value, profile, sources);
    const wanted = asked !== undefined && withoutVersion(asked) === url;
    return [
      {
        severity: wanted ? 'error' : 'information',
        code: 'not-supported',
        messageKey: 'profile-unknown',
        diagnostics: wanted
          ? 'The profile asked for is not known here.'
          : 'A profile that the resource claims is not known here, so it was not judged by it.',
        expression: `${value.resourceType}.meta.profile`,
      },
    ];
  });
}
