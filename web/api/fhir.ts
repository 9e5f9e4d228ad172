// The FHIR R4 API of the own server: read, search, create, update. The types of resources are the caller's.
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { get, request, send } from './client.ts';
import type { Answer, RequestOptions } from './client.ts';

export const FHIR_BASE = '/fhir/R4';

type OfType<Type extends Resource['resourceType']> = Extract<Resource, { resourceType: Type }>;

function address(type: string, id?: string): string {
  return id === undefined ? `${FHIR_BASE}/${type}` : `${FHIR_BASE}/${type}/${encodeURIComponent(id)}`;
}

/** One resource with its ETag, to change it later under If-Match. */
export async function readResource<Type extends Resource['resourceType']>(
  type: Type,
  id: string,
  options: RequestOptions = {},
): Promise<Answer<OfType<Type>>> {
  return request<OfType<Type>>('GET', address(type, id), { triesAfterNoConnection: 1, ...options });
}

/** All matches of a search, following `next` links up to `limit` resources. Included resources come too. */
export async function searchResources<Type extends Resource['resourceType']>(
  type: Type,
  parameters: Readonly<Record<string, string>>,
  options: RequestOptions & { readonly limit?: number } = {},
): Promise<readonly OfType<Type>[]> {
  const found: OfType<Type>[] = [];
  let next: string | undefined = `${address(type)}?${new URLSearchParams(parameters).toString()}`;
  while (next !== undefined && found.length < (options.limit ?? 1000)) {
    const bundle: Bundle = await get<Bundle>(next, options);
    for (const entry of bundle.entry ?? []) {
      if (entry.resource?.resourceType === type) found.push(entry.resource as OfType<Type>);
    }
    next = nextAddress(bundle);
  }
  return found;
}

function nextAddress(bundle: Bundle): string | undefined {
  const url = bundle.link?.find((link) => link.relation === 'next')?.url;
  if (url === undefined) return undefined;
  const parsed = new URL(url, location.href);
  return `${parsed.pathname}${parsed.search}`;
}

/** Stores a new resource; the answer has the id the server gave it and the entry of the log it became. */
export async function createResource<Type extends Resource['resourceType']>(
  resource: OfType<Type>,
  options: RequestOptions = {},
): Promise<Answer<OfType<Type>>> {
  return request<OfType<Type>>('POST', address(resource.resourceType), { ...options, body: resource });
}

/** Stores the next version. Without `ifMatch` it would overwrite what somebody else wrote, so it is required. */
export async function updateResource<Type extends Resource['resourceType']>(
  resource: OfType<Type> & { id: string },
  ifMatch: string,
  options: RequestOptions = {},
): Promise<Answer<OfType<Type>>> {
  return request<OfType<Type>>('PUT', address(resource.resourceType, resource.id), {
    ...options,
    ifMatch,
    body: resource,
  });
}

/** Removes a resource from the current record; its versions stay in the history. */
export async function deleteResource(type: string, id: string, options: RequestOptions = {}): Promise<void> {
  await send<OperationOutcome | undefined>('DELETE', address(type, id), undefined, options);
}

/** Several writes that succeed or fail together. */
export async function transact(bundle: Bundle, options: RequestOptions = {}): Promise<Bundle> {
  return send<Bundle>('POST', FHIR_BASE, bundle, options);
}
