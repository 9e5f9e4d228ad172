// Code systems and value sets for whoever needs them: what is shipped, then what was loaded into the directory. Also what
// search asks for `:in`, `:not-in`, `:above` and `:below`: codes as plain data, or a refusal that says what is not known.
import { parseJson } from '../../core/fhir/json.ts';
import { isResource } from '../../core/fhir/resource-types.ts';
import {
  codesAbove,
  codesBelow,
  codeSystemOfResource,
  type CodeSystem,
} from '../../core/fhir/terminology/code-system.ts';
import {
  expandValueSet,
  requireValueSet,
  requireWholeSystem,
  TerminologyError,
  withoutVersion,
  type TerminologySource,
} from '../../core/fhir/terminology/expand.ts';
import { shippedTerminology } from '../../core/fhir/terminology/shipped.ts';
import { valueSetOfResource, type ValueSet } from '../../core/fhir/terminology/value-set.ts';
import { FhirError, fhirError } from '../errors.ts';
import { findCanonicals, type StoredCanonical } from '../storage/canonical-store.ts';
import type { Queryable } from '../storage/queryable.ts';

export interface LoadedTerminology extends TerminologySource {
  /** What of the directory was read for it. */
  readonly read: readonly StoredCanonical[];
}

/** Value sets may name others, and those again others; after so many rounds the rest counts as not known. */
const maxRounds = 10;
const maxLoaded = 500;

type Wanted = { type: 'CodeSystem' | 'ValueSet'; url: string };

/**
 * Everything that the named value sets and code systems lead to. What is shipped cannot be replaced by loading another
 * under its address; of systems of which only some codes are shipped, a loaded one comes first.
 */
export async function loadTerminology(
  db: Queryable,
  start: { readonly valueSets?: readonly ValueSet[]; readonly urls?: readonly string[] },
): Promise<LoadedTerminology> {
  const codeSystems = new Map<string, CodeSystem>();
  const valueSets = new Map<string, ValueSet>();
  const read: StoredCanonical[] = [];
  const asked = new Set<string>();
  let wanted: Wanted[] = [
    ...(start.urls ?? []).flatMap((url): Wanted[] => [
      { type: 'ValueSet', url: withoutVersion(url) },
      { type: 'CodeSystem', url: withoutVersion(url) },
    ]),
    ...(start.valueSets ?? []).flatMap(namedBy),
  ];
  for (let round = 0; round < maxRounds && wanted.length > 0; round += 1) {
    const next: Wanted[] = [];
    const missing: Wanted[] = [];
    for (const one of wanted) {
      const key = `${one.type} ${one.url}`;
      if (asked.has(key)) continue;
      asked.add(key);
      const shipped = one.type === 'ValueSet' ? shippedTerminology.findValueSet(one.url) : undefined;
      if (shipped !== undefined) next.push(...namedBy(shipped));
      else if (one.type === 'ValueSet' || !isShippedWhole(one.url)) missing.push(one);
    }
    const found = await findCanonicals(db, missing.slice(0, maxLoaded - read.length));
    for (const one of found) {
      read.push(one);
      const resource = parseJson(one.content);
      if (!isResource(resource)) continue;
      if (one.resourceType === 'ValueSet') {
        const valueSet = valueSetOfResource(resource);
        valueSets.set(one.url, valueSet);
        next.push(...namedBy(valueSet));
      } else {
        const system = codeSystemOfResource(resource);
        if (system !== undefined) codeSystems.set(one.url, system);
      }
    }
    wanted = next;
  }
  return {
    read,
    findCodeSystem: (url) => codeSystems.get(url) ?? shippedTerminology.findCodeSystem(url),
    findValueSet: (url) => valueSets.get(url) ?? shippedTerminology.findValueSet(url),
  };
}

function isShippedWhole(url: string): boolean {
  const system = shippedTerminology.findCodeSystem(url);
  return system !== undefined && system.content !== 'fragment';
}

function namedBy(valueSet: ValueSet): Wanted[] {
  return [...valueSet.include, ...valueSet.exclude].flatMap((rule): Wanted[] => [
    ...(rule.system === undefined ? [] : [{ type: 'CodeSystem' as const, url: withoutVersion(rule.system) }]),
    ...rule.valueSets.map((url) => ({ type: 'ValueSet' as const, url: withoutVersion(url) })),
  ]);
}

export interface PlainCode {
  readonly system: string;
  readonly code: string;
}

/** Every code of a value set, for `:in` and `:not-in`. @throws FhirError 400, 404 or 422 that says what is not known */
export async function expandToCodes(db: Queryable, valueSet: string): Promise<PlainCode[]> {
  const source = await loadTerminology(db, { urls: [valueSet] });
  return answered(() =>
    expandValueSet(source, requireValueSet(source, valueSet)).map(({ system, code }) => ({ system, code })),
  );
}

/** A code and all that it subsumes (`below`) or that subsume it (`above`). @throws FhirError 404 or 422 */
export async function relatedCodes(
  db: Queryable,
  system: string,
  code: string,
  direction: 'above' | 'below',
): Promise<PlainCode[]> {
  const source = await loadTerminology(db, { urls: [system] });
  return answered(() => {
    const found = requireWholeSystem(source, system);
    const codes = direction === 'below' ? codesBelow(found, code) : codesAbove(found, code);
    return (codes.length === 0 ? [code] : codes).map((one) => ({ system, code: one }));
  });
}

const answers: Readonly<
  Record<TerminologyError['code'], readonly [status: number, code: string, text: string]>
> = {
  'value-set-unknown': [404, 'not-found', 'No value set of this address is known here.'],
  'code-system-unknown': [
    422,
    'not-supported',
    'The codes of a system that is needed for this are not known here.',
  ],
  'code-system-partial': [
    422,
    'not-supported',
    'Only some codes of a system that is needed for this are known here.',
  ],
  'filter-not-supported': [
    422,
    'not-supported',
    'The value set chooses codes in a way that is not understood here.',
  ],
  'expansion-too-long': [422, 'too-costly', 'The value set has more codes than can be listed.'],
  'value-set-circular': [422, 'processing', 'The value set is made of itself.'],
};

/** The answer to what cannot be known, with the address that it is about: definitions are nobody's data. */
export function terminologyRefusal(error: TerminologyError): FhirError {
  const [status, code, diagnostics] = answers[error.code];
  return fhirError(status, code, `${diagnostics} (${shownUrl(error.url)})`);
}

export function answered<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof TerminologyError ? terminologyRefusal(error) : error;
  }
}

function shownUrl(url: string): string {
  return url.replace(/[^\x21-\x7e]/g, '?').slice(0, 300);
}
