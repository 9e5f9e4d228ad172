// DeviceUseStatement, implanted Device and "pacemaker in situ" findings to implants.
// Devices that are merely used (a meter, a wheelchair) are not implants unless a statement of use says so.

import { findEntry, plainWords } from './code-lists/code-list.ts';
import { implants, type ImplantEntry } from './code-lists/implants.ts';
import type { JsonObject } from '../fhir/types.ts';
import { nciThesaurus } from './code-systems.ts';
import {
  codedText,
  codesOf,
  firstDate,
  noteText,
  objectAt,
  objectsAt,
  optional,
  statusCode,
  textAt,
} from './elements.ts';
import type { Code, CodedText, Fact, Implant, MriSafety, Section } from './facts.ts';
import { noneKnownIn, saysNothing } from './none-known.ts';
import { fact, factResource, readSource } from './read-source.ts';
import { resolve, resourcesOf, type RecordIndex } from './record-index.ts';
import { sameThing, section, sortFacts, withoutDoubles, type Denial } from './section-building.ts';

export function readImplants(index: RecordIndex): Section<Implant> {
  const facts: Fact<Implant>[] = [];
  const denials: Denial[] = [];
  const stated = new Set<JsonObject>();
  for (const resource of resourcesOf(index, 'DeviceUseStatement')) {
    const device = resolve(index, resource, objectAt(resource, 'device'));
    if (device !== undefined) stated.add(device);
    const status = statusCode(resource, 'status') ?? 'active';
    if (status !== 'active' && status !== 'intended') continue;
    const concept = deviceConcept(device) ?? displayOf(objectAt(resource, 'device'));
    if (concept === undefined) continue;
    if (noneKnownIn(concept.codes).includes('implants')) {
      denials.push({ source: readSource(index, resource), resource: factResource(resource) });
    } else if (!saysNothing(concept.codes, concept.text)) {
      const since = firstDate(resource, ['timingPeriod', 'timingDateTime']);
      facts.push(fact(index, resource, implantOf(concept, device, since, noteText(resource))));
    }
  }
  for (const resource of resourcesOf(index, 'Device')) {
    const status = statusCode(resource, 'status') ?? 'active';
    if (stated.has(resource) || (status !== 'active' && status !== 'unknown')) continue;
    const concept = deviceConcept(resource);
    if (concept === undefined || implantEntry(concept) === undefined) continue;
    const since = firstDate(resource, ['manufactureDate']);
    facts.push(fact(index, resource, implantOf(concept, resource, since, noteText(resource))));
  }
  for (const resource of resourcesOf(index, 'Condition')) {
    const clinical = statusCode(resource, 'clinicalStatus') ?? 'active';
    const verification = statusCode(resource, 'verificationStatus');
    const concept = codedText(objectAt(resource, 'code'));
    if (concept === undefined || !isImplantFinding(concept.codes) || clinical !== 'active') continue;
    if (verification === 'entered-in-error' || verification === 'refuted') continue;
    const name = implantEntry(concept)?.en ?? concept.text;
    const since = firstDate(resource, ['onsetDateTime', 'onsetPeriod']);
    facts.push(fact(index, resource, implantOf({ ...concept, text: name }, undefined, since, undefined)));
  }
  const once = withoutDoubles(
    facts,
    (value) =>
      `${sameThing(implantEntry({ text: value.kind, codes: value.codes })?.id, value.codes, value.kind)}|${value.model ?? ''}`,
  );
  return section(sortFacts(once, dangerOf), denials);
}

const findings = new Set(['441509002', '119551000119102', '441769002']);

/** "Cardiac pacemaker in situ": a finding that tells of an implant. */
export function isImplantFinding(codes: readonly Code[]): boolean {
  return codes.some((code) => findings.has(code.code));
}

/** The entry of the implant list, by code, exact name, or by its name within a longer one. */
export function implantEntry(concept: CodedText): ImplantEntry | undefined {
  const exact = findEntry(implants, concept.codes, concept.text);
  if (exact !== undefined) return exact;
  const words = ` ${plainWords(concept.text).join(' ')} `;
  return implants.find((entry) =>
    [entry.en, ...entry.aliases].some((name) => {
      const sought = plainWords(name).join(' ');
      return sought.length > 3 && words.includes(` ${sought} `);
    }),
  );
}

function deviceConcept(device: JsonObject | undefined): CodedText | undefined {
  if (device === undefined) return undefined;
  const type = codedText(objectAt(device, 'type'));
  if (type !== undefined) return type;
  const name = textAt(objectsAt(device, 'deviceName')[0], 'name');
  return name === undefined ? undefined : { text: name, codes: [] };
}

function displayOf(reference: JsonObject | undefined): CodedText | undefined {
  const display = textAt(reference, 'display');
  return display === undefined ? undefined : { text: display, codes: [] };
}

function implantOf(
  concept: CodedText,
  device: JsonObject | undefined,
  since: string | undefined,
  note: string | undefined,
): Implant {
  const model =
    [textAt(device, 'manufacturer'), textAt(device, 'modelNumber')]
      .filter((part) => part !== undefined)
      .join(' ') || undefined;
  return {
    kind: concept.text,
    codes: concept.codes,
    ...optional('since', since),
    mri: mriSafety(device) ?? implantEntry(concept)?.defaultMri ?? 'unknown',
    ...optional('model', model),
    ...optional('note', note),
  };
}

const mriCodes: ReadonlyMap<string, MriSafety> = new Map([
  ['C106045', 'safe'],
  ['C106046', 'conditional'],
  ['C106047', 'unsafe'],
  ['C113844', 'unknown'],
]);

function mriSafety(device: JsonObject | undefined): MriSafety | undefined {
  for (const safety of objectsAt(device, 'safety')) {
    for (const code of codesOf(safety)) {
      const known = code.system === nciThesaurus ? mriCodes.get(code.code) : undefined;
      if (known !== undefined) return known;
    }
    const text = codedText(safety)?.text ?? '';
    if (/unsafe/iu.test(text)) return 'unsafe';
    if (/conditional/iu.test(text)) return 'conditional';
    if (/safe/iu.test(text)) return 'safe';
  }
  return undefined;
}

function dangerOf(implant: Implant): number {
  if (implantEntry({ text: implant.kind, codes: implant.codes })?.critical === true) return 0;
  return implant.mri === 'unsafe' ? 1 : implant.mri === 'conditional' ? 2 : 3;
}
