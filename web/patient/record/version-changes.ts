// Versions of one resource as steps of a history: what each says in words, and how it differs from the one before.
// Pure: knows no page.
import type { Resource } from '../../../core/fhir/types.ts';
import { statusCode } from '../../../core/record/elements.ts';
import type { Fact, SectionId, SectionValues } from '../../../core/record/facts.ts';
import { readFacts } from '../../../core/record/read-facts.ts';
import { readSource } from '../../../core/record/read-source.ts';
import { recordIndex } from '../../../core/record/record-index.ts';
import { canSayNoneKnown } from '../../../core/record/write-facts.ts';
import type { Version } from '../../api/record.ts';
import { formatDateTime } from '../../i18n/format.ts';
import type { FactSource } from '../../ui/source.ts';
import type { Say } from '../facts/part.ts';
import { factWords, partsOf } from '../facts/parts.ts';
import { shownSource } from '../facts/record-facts.ts';

export type VersionAct = 'created' | 'changed' | 'removed' | 'removedMistake' | 'over' | 'back';

export interface LineChange {
  readonly part: string;
  readonly was?: string | undefined;
  readonly now?: string | undefined;
}

export interface VersionStep {
  readonly version: string;
  readonly act: VersionAct;
  /** What the entry was called in this version. */
  readonly title: string | undefined;
  readonly changes: readonly LineChange[];
  readonly source: FactSource | undefined;
}

type Lines = ReadonlyMap<string, string>;

/** The steps, the newest first, from versions in the same order. `others`: the person's other current resources. */
export function historyOf(
  section: SectionId,
  versions: readonly Version[],
  others: readonly Resource[],
  say: Say,
): readonly VersionStep[] {
  const read = versions.map((version) => readVersion(section, version, others, say));
  const steps = read.map((now, place): VersionStep => {
    const before = read[place + 1];
    const stoodOnce = read.slice(place + 1).some((one) => one.stands);
    return {
      version: now.version.version,
      act: actOf(now, before, stoodOnce),
      title: now.title,
      changes: now.stands ? changesBetween(before?.lines ?? new Map<string, string>(), now.lines) : [],
      source: now.source,
    };
  });
  // Patient holds several sections: a version that changed another one is no step of this one.
  const isShared = section === 'identity' || section === 'address' || section === 'contacts';
  return isShared ? steps.filter((step) => step.changes.length > 0 || step.act === 'over') : steps;
}

interface ReadVersion {
  readonly version: Version;
  readonly stands: boolean;
  readonly title: string | undefined;
  readonly lines: Lines;
  readonly source: FactSource | undefined;
}

function readVersion(
  section: SectionId,
  version: Version,
  others: readonly Resource[],
  say: Say,
): ReadVersion {
  const { resource } = version;
  if (resource === undefined)
    return { version, stands: false, title: undefined, lines: new Map(), source: undefined };
  // Names that the entry refers to (a medication, a maker) are read from the record as it is now.
  const known = others.filter((one) => one['id'] !== resource['id'] && isReferred(one));
  const state = readFacts([resource, ...known])[section];
  const own = (fact: Fact<SectionValues[SectionId]>): boolean => fact.resource.id === resource['id'];
  const facts: readonly Fact<SectionValues[SectionId]>[] =
    state.state === 'recorded' ? (state.facts as readonly Fact<SectionValues[SectionId]>[]).filter(own) : [];
  const lines = new Map<string, string>();
  let title: string | undefined;
  for (const [place, fact] of facts.entries()) {
    const parts = partsOf(section, fact.value, say);
    const words = factWords(parts);
    title ??= words.title;
    if (section === 'contacts') {
      lines.set(`${place + 1}. ${words.title}`, words.detail);
      continue;
    }
    for (const one of parts) lines.set(say.t(`part.${one.key}`), one.words);
  }
  if (state.state === 'none-known' && canSayNoneKnown(section)) {
    title = say.t(`none.${section}`);
    lines.set(say.t(`section.${section}`), title);
  }
  return { version, stands: lines.size > 0, title, lines, source: sourceOf(resource, version.at, say) };
}

const referred: ReadonlySet<string> = new Set([
  'Medication',
  'Device',
  'Organization',
  'Practitioner',
  'Patient',
]);

function isReferred(resource: Resource): boolean {
  return referred.has(resource.resourceType);
}

/** Who stored it and when exactly: a history is about storing, not about when the fact began. */
function sourceOf(resource: Resource, at: string, say: Say): FactSource {
  const source = shownSource(readSource(recordIndex([resource]), resource));
  return { ...source, on: formatDateTime(at, say.language) };
}

function actOf(now: ReadVersion, before: ReadVersion | undefined, stoodOnce: boolean): VersionAct {
  const { resource } = now.version;
  if (resource === undefined) return 'removed';
  const codes = ['verificationStatus', 'status'].map((key) => statusCode(resource, key));
  if (codes.includes('entered-in-error')) return 'removedMistake';
  if (before === undefined) return 'created';
  if (!now.stands) return before.stands ? 'over' : 'changed';
  if (before.stands) return 'changed';
  return stoodOnce ? 'back' : 'created';
}

function changesBetween(before: Lines, now: Lines): readonly LineChange[] {
  const changes: LineChange[] = [];
  for (const [part, words] of now) {
    const was = before.get(part);
    if (was !== words) changes.push({ part, was, now: words });
  }
  for (const [part, was] of before) if (!now.has(part)) changes.push({ part, was });
  return changes;
}
