// The operator's hand in a test: resources of the directory under the ids that they name, through the one path of writes.
import type { Resource } from '../../core/fhir/types.ts';
import { applyWrites } from '../../server/fhir/apply-writes.ts';
import { contextOfActor } from '../../server/fhir/asker.ts';
import type { Deps } from '../../server/http/deps.ts';

export async function importDirectory(
  deps: Deps,
  resources: readonly (Record<string, unknown> & { resourceType: string; id: string })[],
): Promise<void> {
  await applyWrites(
    deps,
    contextOfActor({ kind: 'operator', name: 'operator' }, 'a program'),
    resources.map((resource) => ({
      method: 'create',
      type: resource.resourceType,
      id: resource.id,
      resource: JSON.parse(JSON.stringify(resource)) as Resource,
    })),
  );
}
