// OperationOutcome: the one shape in which FHIR clients are told what went wrong. Knows no HTTP status.

import type { JsonObject, Resource } from './types.ts';

/** R4 issue-type codes. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'security'
  | 'login'
  | 'unknown'
  | 'expired'
  | 'forbidden'
  | 'suppressed'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'code-invalid'
  | 'extension'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'lock-error'
  | 'no-store'
  | 'exception'
  | 'timeout'
  | 'incomplete'
  | 'throttled'
  | 'informational';

export type IssueSeverity = 'fatal' | 'error' | 'warning' | 'information';

export interface Issue {
  readonly severity: IssueSeverity;
  readonly code: IssueCode;
  /** Stable key by which a client can show the message in its own language. */
  readonly messageKey: string;
  /** English; never holds a value out of a record. */
  readonly diagnostics: string;
  /** FHIRPath of the element, like `Patient.name[0].given`. */
  readonly expression?: string;
}

const messageKeySystem = 'urn:medallion:message';

/** @param issues at least one, else the outcome says that all is well */
export function operationOutcome(issues: readonly Issue[]): Resource {
  const shown: readonly Issue[] =
    issues.length > 0
      ? issues
      : [{ severity: 'information', code: 'informational', messageKey: 'ok', diagnostics: 'No issues' }];
  return { resourceType: 'OperationOutcome', issue: shown.map(issueElement) };
}

/** An outcome of one error. */
export function errorOutcome(
  code: IssueCode,
  messageKey: string,
  diagnostics: string,
  expression?: string,
): Resource {
  return operationOutcome([
    { severity: 'error', code, messageKey, diagnostics, ...(expression === undefined ? {} : { expression }) },
  ]);
}

/** Whether the issues forbid storing: warnings and information do not. */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error' || issue.severity === 'fatal');
}

function issueElement(issue: Issue): JsonObject {
  return {
    severity: issue.severity,
    code: issue.code,
    details: { coding: [{ system: messageKeySystem, code: issue.messageKey }], text: issue.diagnostics },
    diagnostics: issue.diagnostics,
    ...(issue.expression === undefined ? {} : { expression: [issue.expression] }),
  };
}
