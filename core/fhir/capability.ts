// What this FHIR room can do, as data for a CapabilityStatement: the types and the search parameters of each.

import { resourceTypes } from './resource-types.ts';
import { searchParametersOf } from './search-parameters.ts';

export interface CapableType {
  readonly resourceType: string;
  readonly searchParameters: readonly { readonly name: string; readonly type: string }[];
}

const storeParameters = [
  { name: '_id', type: 'token' },
  { name: '_lastUpdated', type: 'date' },
];

/** @param types the types to tell about; all of R4 by default */
export function capableTypes(types: readonly string[] = resourceTypes): CapableType[] {
  return types.map((resourceType) => ({
    resourceType,
    searchParameters: [
      ...storeParameters,
      ...[...searchParametersOf(resourceType).values()].map(({ name, kind }) => ({ name, type: kind })),
    ],
  }));
}
