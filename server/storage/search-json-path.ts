// A path of a search parameter as jsonpath, for the few things that only the resource itself holds.
import type { SearchPath } from '../../core/fhir/search-parameters.ts';

/** What is compared of a value that is not plain text. */
const withinType: Readonly<Record<string, string>> = {
  CodeableConcept: '.coding[*].code',
  Coding: '.code',
  Identifier: '.value',
  ContactPoint: '.value',
  Reference: '.reference',
  Resource: '.id',
};

/** Names come from the R4 definitions, never from a request. */
export function jsonPath({ steps, type }: SearchPath): string {
  if (type === 'deceased') return 'exists($.deceasedDateTime) || $.deceasedBoolean == true';
  const written = steps.map(({ property, filter, index }) => {
    const which = index === undefined ? '[*]' : `[${index}]`;
    const only = filter === undefined ? '' : ` ? (@."${filter.property}" == "${filter.value}")`;
    return `."${property}"${which}${only}`;
  });
  return `$${written.join('')}${withinType[type] ?? ''}`;
}
