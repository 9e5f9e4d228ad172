// Whether a resource is what a profile wants of it, beyond what R4 wants of its type: how often, of which type, with which
// value or code, in which slice. References are followed inside the document or resource that is judged.

import { compilePath, holdsTrue } from '../fhirpath/compile.ts';
import { childItems, PathNotSupportedError, same, type PathItem } from '../fhirpath/path-values.ts';
import { isJsonObject } from '../json.ts';
import type { TerminologySource } from '../terminology/expand.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { maxIssues, type ValidationIssue } from '../validate.ts';
import { targetsOf, typeOf } from './reference-targets.ts';
import { codesFit, fits, issue, judgeCodes } from './judge-values.ts';
import type { Discriminator, Profile, ProfileNode } from './profile.ts';

export interface ProfileSources {
  readonly findProfile: (url: string) => Profile | undefined;
  readonly terminology: TerminologySource;
}

interface Run extends ProfileSources {
  readonly root: JsonObject;
  /** What a reference leads to, by full URL and by `Type/id`. */
  readonly targets: ReadonlyMap<string, JsonObject>;
  readonly judged: Map<JsonObject, Map<string, ValidationIssue[]>>;
  readonly unknownProfiles: Set<string>;
  steps: number;
}

/** Comparisons of one resource with one profile; a document that needs more is refused, not followed for ever. */
const maxSteps = 20_000;

const plainType = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/[A-Z][A-Za-z]+$/;

/** @param resource already sound FHIR R4; the answer says nothing about that */
export function validateProfile(
  resource: JsonObject,
  profile: Profile,
  sources: ProfileSources,
): ValidationIssue[] {
  const run: Run = {
    ...sources,
    root: resource,
    targets: targetsOf(resource),
    judged: new Map(),
    unknownProfiles: new Set(),
    steps: 0,
  };
  const issues = judge(run, resource, profile, typeOf(resource));
  const unknown = [...run.unknownProfiles]
    .sort()
    .map((url) =>
      issue(
        'information',
        'not-supported',
        'profile-unknown',
        `Not judged by a profile not known here: ${url}`,
        'Resource',
      ),
    );
  return [...issues, ...unknown].slice(0, maxIssues);
}

function resolve(run: Run, reference: JsonValue): JsonObject | undefined {
  const address = isJsonObject(reference) ? reference['reference'] : undefined;
  return typeof address === 'string' ? run.targets.get(address.replace(/\/_history\/[^/]+$/, '')) : undefined;
}

/** The issues of a resource or element against a profile; asked again, the same list. */
function judge(run: Run, value: JsonObject, profile: Profile, path: string): ValidationIssue[] {
  const known = run.judged.get(value) ?? new Map<string, ValidationIssue[]>();
  run.judged.set(value, known);
  const before = known.get(profile.url);
  if (before !== undefined) return before;
  const issues: ValidationIssue[] = [];
  // Stands as conforming while it is judged: resources refer to each other in circles.
  known.set(profile.url, issues);
  run.steps += 1;
  if (run.steps > maxSteps) {
    issues.push(
      issue('error', 'too-costly', 'profile-too-costly', 'Too much to compare with the profile.', path),
    );
    return issues;
  }
  const type = value['resourceType'];
  if (typeof type === 'string' && type !== profile.type)
    issues.push(issue('error', 'structure', 'profile-type', `The profile is for ${profile.type}.`, path));
  else {
    judgeNode(run, { value }, profile.root, path, issues);
    const base = profile.baseDefinition;
    const further = base === undefined || plainType.test(base) ? undefined : knownProfile(run, base);
    if (further !== undefined) issues.push(...judge(run, value, further, path));
  }
  return issues;
}

function judgeNode(
  run: Run,
  item: PathItem,
  node: ProfileNode,
  path: string,
  issues: ValidationIssue[],
): void {
  judgeValue(run, item, node, path, issues);
  for (const child of node.children) judgeChild(run, item.value, child, path, issues);
}

function judgeValue(
  run: Run,
  item: PathItem,
  node: ProfileNode,
  path: string,
  issues: ValidationIssue[],
): void {
  const { value } = item;
  if (node.fixed !== undefined && !same(value, node.fixed))
    issues.push(issue('error', 'value', 'profile-fixed', 'The profile fixes another value here.', path));
  if (node.pattern !== undefined && !fits(value, node.pattern))
    issues.push(issue('error', 'value', 'profile-pattern', 'The profile wants other content here.', path));
  judgeTypes(run, item, node, path, issues);
  if (node.requiredValueSet !== undefined)
    judgeCodes(run.terminology, value, node.requiredValueSet, path, issues);
  for (const { key, severity, human, expression } of node.invariants) {
    try {
      const context = { root: run.root, resolve: (reference: JsonObject) => resolve(run, reference) };
      if (!holdsTrue(compilePath(expression), item, context))
        issues.push(issue(severity, 'invariant', key, human, path));
    } catch (error) {
      if (!(error instanceof PathNotSupportedError)) throw error;
      issues.push(
        issue('information', 'not-supported', key, 'This rule of the profile cannot be judged here.', path),
      );
    }
  }
}

function judgeTypes(
  run: Run,
  item: PathItem,
  node: ProfileNode,
  path: string,
  issues: ValidationIssue[],
): void {
  const { value, type } = item;
  if (node.types.length === 0) return;
  const ofType = type === undefined ? node.types : node.types.filter((one) => sameType(one.code, type));
  if (ofType.length === 0) {
    issues.push(
      issue('error', 'structure', 'profile-type', 'The profile does not allow this type here.', path),
    );
    return;
  }
  if (!isJsonObject(value)) return;
  const profiles = ofType.flatMap((one) => one.profiles);
  if (profiles.length > 0 && ofType.every((one) => one.profiles.length > 0)) {
    const own = value['resourceType'];
    const found = profiles.flatMap((url) => knownProfile(run, url) ?? []);
    if (
      found.length === profiles.length &&
      !found.some((profile) => judge(run, value, profile, path).length === 0)
    ) {
      const [best] = found.filter((profile) => own === undefined || profile.type === own);
      const reasons = best === undefined ? [] : judge(run, value, best, path);
      issues.push(
        ...(reasons.length > 0
          ? reasons
          : [
              issue(
                'error',
                'structure',
                'profile-type',
                'The profile wants another kind of resource here.',
                path,
              ),
            ]),
      );
    }
  }
  if (typeof value['reference'] === 'string')
    judgeTarget(
      run,
      value,
      ofType.flatMap((one) => one.targetProfiles),
      path,
      issues,
    );
}

function judgeTarget(
  run: Run,
  reference: JsonObject,
  targets: readonly string[],
  path: string,
  issues: ValidationIssue[],
): void {
  const target = resolve(run, reference);
  if (targets.length === 0 || target === undefined) return;
  if (!targets.some((url) => conforms(run, target, url) !== false))
    issues.push(
      issue(
        'error',
        'value',
        'profile-target',
        'The profile wants another kind of resource to be named here.',
        path,
      ),
    );
}

/** Undefined where the profile is not known here. */
function conforms(run: Run, resource: JsonObject, url: string): boolean | undefined {
  const base = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/([A-Z][A-Za-z]+)$/.exec(url)?.[1];
  if (base !== undefined)
    return base === 'Resource' || base === 'DomainResource' || base === resource['resourceType'];
  const profile = knownProfile(run, url);
  if (profile === undefined) return undefined;
  return !judge(run, resource, profile, typeOf(resource)).some((one) => one.severity === 'error');
}

function knownProfile(run: Run, url: string): Profile | undefined {
  const profile = run.findProfile(url);
  if (
    profile === undefined &&
    !/^http:\/\/hl7\.org\/fhir\/StructureDefinition\/(?:[A-Z][A-Za-z]+|vitalsigns)$/.test(url)
  )
    run.unknownProfiles.add(url);
  return profile;
}

function sameType(code: string, type: string): boolean {
  return code === type || (code === 'string' && type === 'String');
}

function judgeChild(
  run: Run,
  holder: JsonValue,
  node: ProfileNode,
  path: string,
  issues: ValidationIssue[],
): void {
  const items = childItems(holder, node.name);
  const place = `${path}.${node.name}`;
  count(items.length, node, place, issues);
  const many = isJsonObject(holder) && Array.isArray(holder[node.name] ?? holder[`_${node.name}`]);
  const pathOf = (i: number): string => (many ? `${place}[${i}]` : place);
  for (const [i, item] of items.entries()) judgeNode(run, item, node, pathOf(i), issues);
  if (node.slices.length > 0) judgeSlices(run, items, node, place, pathOf, issues);
}

function count(found: number, node: ProfileNode, place: string, issues: ValidationIssue[]): void {
  const name = node.sliceName === undefined ? '' : ` (${node.sliceName})`;
  if (found < node.min)
    issues.push(
      issue('error', 'required', 'profile-min', `The profile wants at least ${node.min} here${name}.`, place),
    );
  if (found > node.max)
    issues.push(
      issue(
        'error',
        'structure',
        'profile-max',
        `The profile allows at most ${node.max} here${name}.`,
        place,
      ),
    );
}

function judgeSlices(
  run: Run,
  items: readonly PathItem[],
  node: ProfileNode,
  place: string,
  pathOf: (i: number) => string,
  issues: ValidationIssue[],
): void {
  const found = new Map<ProfileNode, number>();
  for (const [i, item] of items.entries()) {
    const slice = node.slices.find((one) => isInSlice(run, item, one, node.discriminators));
    if (slice === undefined) {
      if (node.closed)
        issues.push(
          issue('error', 'structure', 'profile-slice', 'The profile has no place for this.', pathOf(i)),
        );
      continue;
    }
    found.set(slice, (found.get(slice) ?? 0) + 1);
    judgeNode(run, item, slice, pathOf(i), issues);
    if (slice.slices.length > 0) judgeSlices(run, [item], slice, place, () => pathOf(i), issues);
  }
  for (const slice of node.slices) {
    const number = found.get(slice) ?? 0;
    count(number, slice, place, issues);
    if (number < slice.min) explain(run, items, slice, node.discriminators, pathOf, issues);
  }
}

/** Why what looks like a missing slice is not taken for it: the issues of those of its type against its profile. */
function explain(
  run: Run,
  items: readonly PathItem[],
  slice: ProfileNode,
  discriminators: readonly Discriminator[],
  pathOf: (i: number) => string,
  issues: ValidationIssue[],
): void {
  for (const { type, path } of discriminators) {
    if (type !== 'profile') continue;
    const profiles = profilesAt(slice, path).flatMap((url) => run.findProfile(url) ?? []);
    for (const [i, item] of items.entries())
      for (const target of follow(run, item, path))
        for (const profile of profiles)
          if (isJsonObject(target.value) && target.value['resourceType'] === profile.type)
            for (const one of judge(run, target.value, profile, profile.type))
              issues.push({ ...one, expression: `${pathOf(i)}: ${one.expression}` });
  }
}

function isInSlice(
  run: Run,
  item: PathItem,
  slice: ProfileNode,
  discriminators: readonly Discriminator[],
): boolean {
  return discriminators.every(({ type, path }) => {
    const targets = follow(run, item, path);
    switch (type) {
      case 'value':
      case 'pattern': {
        const rule = nodeAt(slice, path);
        const wanted = rule?.pattern ?? rule?.fixed;
        if (wanted !== undefined) return targets.some((one) => fits(one.value, wanted));
        const valueSet = rule?.requiredValueSet;
        return (
          valueSet !== undefined &&
          targets.some((one) => codesFit(run.terminology, one.value, valueSet) === true)
        );
      }
      case 'exists':
        return (nodeAt(slice, path)?.max === 0) === (targets.length === 0);
      case 'type': {
        const types = typesAt(slice, path);
        return targets.some((one) => {
          const own = isJsonObject(one.value) ? one.value['resourceType'] : undefined;
          return types.some((code) =>
            typeof own === 'string' ? code === own : sameType(code, one.type ?? ''),
          );
        });
      }
      case 'profile': {
        const profiles = profilesAt(slice, path);
        return targets.some(
          (one) =>
            isJsonObject(one.value) &&
            profiles.some((url) => conforms(run, one.value as JsonObject, url) === true),
        );
      }
    }
    return false;
  });
}

function follow(run: Run, item: PathItem, path: string): readonly PathItem[] {
  let items: readonly PathItem[] = [item];
  for (const step of path.split('.')) {
    if (step === '$this') continue;
    items =
      step === 'resolve()'
        ? items.flatMap(({ value }) => {
            const target = resolve(run, value);
            return target === undefined ? [] : [{ value: target }];
          })
        : items.flatMap(({ value }) => [...childItems(value, step)]);
  }
  return items;
}

/** The rule of a slice at a discriminator's path. */
function nodeAt(slice: ProfileNode, path: string): ProfileNode | undefined {
  let node: ProfileNode | undefined = slice;
  for (const step of path.split('.'))
    if (step !== '$this' && step !== 'resolve()') node = node?.children.find((child) => child.name === step);
  return node;
}

function typesAt(slice: ProfileNode, path: string): string[] {
  const types = nodeAt(slice, path)?.types ?? [];
  return path.includes('resolve()')
    ? types.flatMap((type) => type.targetProfiles.map((url) => url.replace(/^.*\//, '').replace(/-.*$/, '')))
    : types.map((type) => type.code);
}

function profilesAt(slice: ProfileNode, path: string): string[] {
  const types = nodeAt(slice, path)?.types ?? [];
  return types.flatMap((type) => (path.includes('resolve()') ? type.targetProfiles : type.profiles));
}
