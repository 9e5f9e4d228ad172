// Single values against a profile: whether a pattern is in them, whether their codes are of a list, and how an issue is told.

import { same } from '../fhirpath/path-values.ts';
import { isJsonObject } from '../json.ts';
import { findMember, TerminologyError, type TerminologySource } from '../terminology/expand.ts';
import type { JsonValue } from '../types.ts';
import type { ValidationIssue } from '../validate.ts';

/** Whether a value has in it all that the pattern says; lists may have more, in any order. */
export function fits(value: JsonValue, pattern: JsonValue): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((wanted) => value.some((one) => fits(one, wanted)));
  if (!isJsonObject(pattern)) return same(value, pattern);
  return (
    isJsonObject(value) &&
    Object.entries(pattern).every(([key, wanted]) => {
      const own = value[key];
      return own !== undefined && fits(own, wanted);
    })
  );
}

export function judgeCodes(
  source: TerminologySource,
  value: JsonValue,
  valueSet: string,
  path: string,
  issues: ValidationIssue[],
): void {
  const fit = codesFit(source, value, valueSet);
  if (fit === false)
    issues.push(
      issue(
        'error',
        'code-invalid',
        'profile-binding',
        'The profile wants a code of another list here.',
        path,
      ),
    );
  if (fit === undefined)
    issues.push(
      issue(
        'information',
        'not-supported',
        'profile-binding',
        'The codes that the profile wants here are not known.',
        path,
      ),
    );
}

/** Undefined where the value set cannot be known. A value that is absent for a stated reason has no code to judge. */
export function codesFit(source: TerminologySource, value: JsonValue, valueSet: string): boolean | undefined {
  const set = source.findValueSet(valueSet);
  if (set === undefined) return undefined;
  try {
    if (typeof value === 'string') return findMember(source, set, undefined, value) !== undefined;
    if (!isJsonObject(value)) return undefined;
    const codings = Array.isArray(value['coding']) ? value['coding'] : [value];
    return codings.some((coding) => {
      const { system, code } = isJsonObject(coding) ? coding : {};
      return (
        typeof code === 'string' &&
        findMember(source, set, typeof system === 'string' ? system : undefined, code) !== undefined
      );
    });
  } catch (error) {
    if (error instanceof TerminologyError) return undefined;
    throw error;
  }
}

export function issue(
  severity: ValidationIssue['severity'],
  code: ValidationIssue['code'],
  messageKey: string,
  diagnostics: string,
  expression: string,
): ValidationIssue {
  return { severity, code, messageKey, diagnostics, expression };
}
