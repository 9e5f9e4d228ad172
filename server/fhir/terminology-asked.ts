// What the terminology operations have in common: who may ask, which value set or code system is meant, and the entry that
// a look into the directory leaves. Shipped definitions are part of the program and leave none.
import type { FastifyRequest } from 'fastify';
import { decide } from '../../core/access/decide.ts';
import { parseJson } from '../../core/fhir/json.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import type { Resource } from '../../core/fhir/types.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import type { RequestContext } from './asker.ts';
import { recordLook } from './looks.ts';
import { notFound, requireReadable } from './read.ts';
import { requireId } from './resource-types.ts';
import type { LoadedTerminology } from './terminology-source.ts';

export type TerminologyType = 'CodeSystem' | 'ValueSet';

/** Throws 404 like every refusal of a read: the definitions are open to whoever may look into the directory. */
export function requireTerminologyAsker(context: RequestContext, type: TerminologyType): string {
  const { allowed, rule } = decide(context.asker, 'read', { patientId: '', resourceType: type });
  if (!allowed) throw notFound();
  return rule;
}

/** The stored resource of an instance-level call; undefined where the address names no id. */
export async function findAskedInstance(
  deps: Deps,
  context: RequestContext,
  request: FastifyRequest,
  type: TerminologyType,
): Promise<Resource | undefined> {
  const { id } = request.params as { id?: string };
  if (id === undefined) return undefined;
  requireId(id);
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

/** One entry for what was read of the directory, when anything was. */
export async function recordDefinitionsRead(
  deps: Deps,
  context: RequestContext,
  rule: string,
  { read }: LoadedTerminology,
): Promise<void> {
  if (read.length === 0) return;
  await recordLook(deps, context, '', { event: 'search', basis: rule, query: 'url', shown: read });
}
