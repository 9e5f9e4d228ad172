// What can be wrong with a resource's structure, as R4 issue codes and plain English. Holds no values of any record.

import type { IssueCode } from './outcome.ts';

export const problems = {
  'resource-type-missing': ['structure', 'A resource is a JSON object with a resourceType.'],
  'resource-type-unknown': ['structure', 'FHIR R4 has no such resource type.'],
  'too-deep': ['too-costly', 'Elements are nested too deeply.'],
  'element-unknown': ['structure', 'There is no such element here.'],
  'element-missing': ['required', 'A required element is missing.'],
  'choice-repeated': ['structure', 'This element may be given in one type only.'],
  'array-expected': ['structure', 'This element repeats and must be an array.'],
  'array-unexpected': ['structure', 'This element does not repeat and must not be an array.'],
  'array-empty': ['invalid', 'An array must not be empty.'],
  'object-expected': ['structure', 'This element must be an object.'],
  'object-empty': ['invalid', 'An element must have a value or children.'],
  'null-unexpected': ['invalid', 'Null stands only in arrays of values, beside an extension of that value.'],
  'value-of-wrong-type': ['value', 'The JSON type of this value is wrong.'],
  'siblings-of-unequal-length': [
    'structure',
    'An array of values and the array of their extensions differ in length.',
  ],
  'string-empty': ['value', 'A string must not be empty.'],
  'string-too-long': ['too-long', 'A string must not be longer than one mebibyte.'],
  'string-control-character': [
    'value',
    'A string must not contain control characters below the space, or half characters.',
  ],
  'code-malformed': ['value', 'A code has no spaces at its ends and no two in a row.'],
  'id-malformed': ['value', 'An id has 1 to 64 letters, digits, hyphens and dots.'],
  'uri-malformed': ['value', 'This is not a well-formed uri of its kind.'],
  'uri-unsafe': ['value', 'This uri could run code when followed.'],
  'base64-malformed': ['value', 'This is not base64.'],
  'date-malformed': ['value', 'This is not a date or time of its kind, or there is no such day.'],
  'time-malformed': ['value', 'This is not a time of day.'],
  'integer-malformed': ['value', 'This must be a whole number, written without point or exponent.'],
  'integer-out-of-range': ['value', 'This number is out of the range of its type.'],
  'code-unknown': ['code-invalid', 'This code is not in the required list.'],
  'concept-unknown': ['code-invalid', 'One of the codings must be from the required list.'],
  'reference-malformed': ['value', 'A reference is Type/id, #id, urn:uuid:… or an absolute URL.'],
  'reference-conditional': ['value', 'A conditional reference stands only in a transaction.'],
  'reference-type-unknown': ['value', 'The reference names a type that FHIR R4 does not have.'],
  'reference-target': ['value', 'The reference names a type that is not allowed here.'],
  'reference-not-contained': ['invariant', 'The resource contains nothing of this id.'],
  'contained-id-missing': ['required', 'A contained resource needs an id.'],
  'contained-id-repeated': ['invariant', 'Two contained resources have the same id.'],
  'contained-nested': ['invariant', 'A contained resource must not contain others.'],
  'contained-meta': ['invariant', 'A contained resource has no version, time or security label of its own.'],
  'contained-unused': [
    'invariant',
    'A contained resource must be referred to by the resource that contains it.',
  ],
  'narrative-no-div': ['invariant', 'A narrative is one div of the XHTML namespace.'],
  'narrative-malformed': ['invariant', 'A narrative must be well-formed XHTML.'],
  'narrative-unsafe': [
    'invariant',
    'A narrative has only basic formatting: no scripts, forms, frames or handlers.',
  ],
  'narrative-empty': ['invariant', 'A narrative must have some content.'],
} as const satisfies Record<string, readonly [IssueCode, string]>;

export type ProblemKey = keyof typeof problems;
