// Whether a resource is sound FHIR R4: structure, cardinality, types, required codes, references, invariants.
// Says what is wrong and where, never what a value was. Decides nothing about business rules or access.

import { invariantsOf } from './invariants.ts';
import { codingKey } from './codings.ts';
import { isJsonObject } from './json.ts';
import type { Issue } from './outcome.ts';
import { problems, type ProblemKey } from './problems.ts';
import { parseReference } from './references.ts';
import { isResourceType } from './resource-types.ts';
import { type ElementRule, findStructure, type Structure } from './structures.ts';
import type { JsonObject, JsonValue } from './types.ts';

/** After this many issues no more are listed; the resource is refused anyway. */
export const maxIssues = 100;

const maxDepth = 100;

export type ValidationIssue = Issue & {
  /** FHIRPath of the element, like `Patient.contact[0].name`; the parent's for an element that does not exist. */
  readonly expression: string;
};

/** One resource that is not contained in another: what its `#id` references can reach. */
interface Scope {
  readonly resource: JsonObject;
  readonly containedIds: Map<string, string>;
  readonly localTargets: Set<string>;
  readonly unresolved: { id: string; expression: string }[];
  /** Ids of contained resources that refer to the resource they are in. */
  readonly backReferrers: Set<string>;
  containedId: string | undefined;
}

interface Run {
  readonly issues: ValidationIssue[];
  readonly path: (string | number)[];
  scope: Scope;
}

/**
 * Validates any R4 resource, Bundles and Parameters with the resources inside them. An empty list means sound.
 * Never throws, whatever the value is. Warnings do not forbid storing.
 */
export function validateResource(value: JsonValue): ValidationIssue[] {
  const run: Run = { issues: [], path: [], scope: newScope({}) };
  checkRootResource(run, value);
  return run.issues;
}

function newScope(resource: JsonObject): Scope {
  return {
    resource,
    containedIds: new Map(),
    localTargets: new Set(),
    unresolved: [],
    backReferrers: new Set(),
    containedId: undefined,
  };
}

function report(run: Run, key: ProblemKey): void {
  const [code, diagnostics] = problems[key];
  reportAt(run, {
    severity: 'error',
    code,
    messageKey: key,
    diagnostics,
    expression: expressionOf(run.path),
  });
}

function reportAt(run: Run, issue: ValidationIssue): void {
  if (run.issues.length < maxIssues) run.issues.push(issue);
}

function expressionOf(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  return text === '' ? 'Resource' : text;
}

/** Reports about a child of the place where the walk is. */
function reportChild(run: Run, child: string | number, key: ProblemKey): void {
  run.path.push(child);
  report(run, key);
  run.path.pop();
}

function checkRootResource(run: Run, value: JsonValue): void {
  const outer = run.scope;
  run.scope = newScope(isJsonObject(value) ? value : {});
  checkResource(run, value);
  const scope = run.scope;
  for (const { id, expression } of scope.unresolved) {
    if (id === '' || scope.containedIds.has(id)) continue;
    const [code, diagnostics] = problems['reference-not-contained'];
    reportAt(run, {
      severity: 'error',
      code,
      messageKey: 'reference-not-contained',
      diagnostics,
      expression,
    });
  }
  for (const [id, expression] of scope.containedIds) {
    if (scope.localTargets.has(id) || scope.backReferrers.has(id)) continue;
    const [code, diagnostics] = problems['contained-unused'];
    reportAt(run, { severity: 'error', code, messageKey: 'contained-unused', diagnostics, expression });
  }
  run.scope = outer;
}

function checkResource(run: Run, value: JsonValue): void {
  const resourceType = isJsonObject(value) ? value['resourceType'] : undefined;
  if (!isJsonObject(value) || typeof resourceType !== 'string') {
    report(run, 'resource-type-missing');
    return;
  }
  const structure = isResourceType(resourceType) ? findStructure(resourceType) : undefined;
  if (structure === undefined) {
    report(run, 'resource-type-unknown');
    return;
  }
  const root = run.path.length === 0;
  if (root) run.path.push(resourceType);
  checkObject(run, value, structure);
  if (root) run.path.pop();
}

function checkContained(run: Run, value: JsonValue): void {
  const { scope } = run;
  if (isJsonObject(value)) {
    const { id, meta } = value;
    if (typeof id !== 'string') report(run, 'contained-id-missing');
    else if (scope.containedIds.has(id)) report(run, 'contained-id-repeated');
    else scope.containedIds.set(id, expressionOf(run.path));
    if (value['contained'] !== undefined) {
      report(run, 'contained-nested');
      return;
    }
    if (isJsonObject(meta) && (meta['versionId'] ?? meta['lastUpdated'] ?? meta['security']) !== undefined)
      report(run, 'contained-meta');
    scope.containedId = typeof id === 'string' ? id : undefined;
  }
  checkResource(run, value);
  scope.containedId = undefined;
}

function checkObject(run: Run, object: JsonObject, structure: Structure): void {
  const before = run.issues.length;
  if (run.path.length > maxDepth) {
    report(run, 'too-deep');
    return;
  }
  let given = 0;
  let choices = 0;
  let children = structure.isResource ? 1 : 0;
  for (const key of Object.keys(object)) {
    const value = object[key]!;
    const rule = structure.rules.get(key);
    if (rule !== undefined) {
      const sibling = object[`_${key}`];
      if (rule.choiceBit !== 0) {
        if ((choices & rule.choiceBit) !== 0) reportChild(run, rule.element, 'choice-repeated');
        choices |= rule.choiceBit;
      }
      given |= rule.requiredBit;
      // Beside a value, an id alone is enough.
      if (key !== 'id' || structure.path === 'Element') children += 1;
      checkElement(run, rule, value, sibling);
    } else if (key === 'resourceType' && structure.isResource) continue;
    else {
      const valueRule = key.charCodeAt(0) === 0x5f ? structure.rules.get(key.slice(1)) : undefined;
      if (valueRule?.primitive === undefined) {
        report(run, 'element-unknown');
        children += 1;
        continue;
      }
      children += 1;
      given |= valueRule.requiredBit;
      if (valueRule.choiceBit !== 0 && object[valueRule.property] === undefined) {
        if ((choices & valueRule.choiceBit) !== 0) reportChild(run, valueRule.element, 'choice-repeated');
        choices |= valueRule.choiceBit;
      }
      checkSibling(run, valueRule, object[valueRule.property], value);
    }
  }
  if (children === 0) report(run, 'object-empty');
  if (given !== (1 << structure.required.length) - 1)
    for (const [i, name] of structure.required.entries())
      if ((given & (1 << i)) === 0) reportChild(run, name, 'element-missing');
  if (run.issues.length === before) checkInvariants(run, object, structure);
}

function checkInvariants(run: Run, object: JsonObject, structure: Structure): void {
  for (const { key, severity, text, holds } of invariantsOf(structure.path)) {
    if (holds(object)) continue;
    reportAt(run, {
      severity,
      code: 'invariant',
      messageKey: key,
      diagnostics: text,
      expression: expressionOf(run.path),
    });
  }
}

function checkElement(run: Run, rule: ElementRule, value: JsonValue, sibling: JsonValue | undefined): void {
  run.path.push(rule.element);
  if (!rule.many) {
    if (Array.isArray(value)) report(run, 'array-unexpected');
    else checkValue(run, rule, value);
  } else if (!Array.isArray(value)) report(run, 'array-expected');
  else if (value.length === 0) report(run, 'array-empty');
  else
    for (let i = 0; i < value.length; i += 1) {
      const item = value[i]!;
      // A null holds the place of a value that has only extensions.
      if (item === null && rule.primitive !== undefined && Array.isArray(sibling) && isJsonObject(sibling[i]))
        continue;
      run.path.push(i);
      checkValue(run, rule, item);
      run.path.pop();
    }
  run.path.pop();
}

function checkValue(run: Run, rule: ElementRule, value: JsonValue): void {
  if (value === null) report(run, 'null-unexpected');
  else if (rule.primitive !== undefined) checkPrimitive(run, rule, value, rule.primitive);
  else if (!isJsonObject(value)) report(run, 'object-expected');
  else if (rule.type === 'Resource') {
    if (rule.property === 'contained') checkContained(run, value);
    else checkRootResource(run, value);
  } else {
    const structure = findStructure(rule.type);
    if (structure === undefined) report(run, 'element-unknown');
    else {
      checkObject(run, value, structure);
      if (rule.type === 'Reference') checkReference(run, value, rule.targets);
      else if (rule.concepts !== undefined) checkConcept(run, value, rule.concepts);
    }
  }
}

function checkPrimitive(
  run: Run,
  rule: ElementRule,
  value: JsonValue,
  check: (value: JsonValue) => ProblemKey | undefined,
): void {
  const problem = check(value);
  if (problem !== undefined) report(run, problem);
  else if (typeof value !== 'string') return;
  else if (rule.codes?.has(value) === false) report(run, 'code-unknown');
  else if ((rule.type === 'uri' || rule.type === 'url' || rule.type === 'canonical') && value.startsWith('#'))
    run.scope.localTargets.add(value.slice(1));
}

/** `_given` beside `given`: ids and extensions of the values, at the same places. */
function checkSibling(run: Run, rule: ElementRule, value: JsonValue | undefined, sibling: JsonValue): void {
  run.path.push(rule.element);
  if (!rule.many) checkSiblingElement(run, sibling, value !== undefined);
  else if (!Array.isArray(sibling)) report(run, 'array-expected');
  else if (sibling.length === 0) report(run, 'array-empty');
  else if (Array.isArray(value) && value.length !== sibling.length) report(run, 'siblings-of-unequal-length');
  else
    for (let i = 0; i < sibling.length; i += 1) {
      run.path.push(i);
      if (sibling[i] !== null)
        checkSiblingElement(run, sibling[i]!, Array.isArray(value) && value[i] !== null);
      else if (!Array.isArray(value)) report(run, 'null-unexpected');
      run.path.pop();
    }
  run.path.pop();
}

function checkSiblingElement(run: Run, sibling: JsonValue, besideValue: boolean): void {
  const structure = findStructure('Element');
  if (!isJsonObject(sibling)) report(run, 'object-expected');
  else if (!besideValue && sibling['extension'] === undefined) report(run, 'object-empty');
  else if (structure !== undefined) checkObject(run, sibling, structure);
}

function checkConcept(run: Run, concept: JsonObject, allowed: ReadonlySet<string>): void {
  const codings = Array.isArray(concept['coding']) ? concept['coding'] : [];
  const known = codings.some((coding) => allowed.has(codingKey(coding) ?? ''));
  if (!known) report(run, 'concept-unknown');
}

function checkReference(run: Run, element: JsonObject, targets: ReadonlySet<string> | undefined): void {
  const text = element['reference'];
  if (typeof text !== 'string') return;
  const reference = parseReference(text);
  switch (reference.kind) {
    case 'invalid':
      reportChild(run, 'reference', 'reference-malformed');
      return;
    case 'conditional':
      reportChild(run, 'reference', 'reference-conditional');
      return;
    case 'contained':
      run.scope.unresolved.push({ id: reference.id, expression: expressionOf(run.path) });
      if (reference.id !== '') run.scope.localTargets.add(reference.id);
      else if (run.scope.containedId !== undefined) run.scope.backReferrers.add(run.scope.containedId);
      return;
    case 'local':
      if (!isResourceType(reference.type)) reportChild(run, 'reference', 'reference-type-unknown');
      else if (targets !== undefined && !targets.has(reference.type))
        reportChild(run, 'reference', 'reference-target');
      return;
    case 'foreign':
    case 'urn':
      return;
  }
}
