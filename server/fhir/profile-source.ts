// Profiles for $validate: those that are shipped, then those that were loaded into the directory, with the profiles and
// value sets that they name in their turn.
import { profileOf, namedByProfile, withoutVersion, type Profile } from '../../core/fhir/profiles/profile.ts';
import { shippedProfile } from '../../core/fhir/profiles/shipped.ts';
import type { ProfileSources } from '../../core/fhir/profiles/validate-profile.ts';
import { isJsonObject, parseJson } from '../../core/fhir/json.ts';
import { findCanonicals, type StoredCanonical } from '../storage/canonical-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import { loadTerminology } from './terminology-source.ts';

export interface LoadedProfiles extends ProfileSources {
  /** What of the directory was read for it. */
  readonly read: readonly StoredCanonical[];
}

const maxRounds = 6;
const maxLoaded = 200;
const plainType = /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/[A-Z][A-Za-z]+$/;

export async function loadProfiles(db: Queryable, urls: readonly string[]): Promise<LoadedProfiles> {
  const profiles = new Map<string, Profile>();
  const valueSets = new Set<string>();
  const asked = new Set<string>();
  const read: StoredCanonical[] = [];
  let wanted = urls.map(withoutVersion);
  for (let round = 0; round < maxRounds && wanted.length > 0; round += 1) {
    const found: Profile[] = [];
    const missing: string[] = [];
    for (const url of wanted) {
      if (asked.has(url) || plainType.test(url)) continue;
      asked.add(url);
      const shipped = shippedProfile(url);
      if (shipped === undefined) missing.push(url);
      else found.push(shipped);
    }
    const stored = await findCanonicals(
      db,
      missing
        .slice(0, Math.max(0, maxLoaded - read.length))
        .map((url) => ({ type: 'StructureDefinition', url })),
    );
    for (const one of stored) {
      read.push(one);
      const definition = parseJson(one.content);
      const profile = isJsonObject(definition) ? profileOf(definition) : undefined;
      if (profile !== undefined) found.push(profile);
    }
    wanted = [];
    for (const profile of found) {
      profiles.set(profile.url, profile);
      const named = namedByProfile(profile);
      for (const url of named.valueSets) valueSets.add(url);
      wanted.push(...named.profiles);
    }
  }
  const terminology = await loadTerminology(db, { urls: [...valueSets] });
  return {
    read: [...read, ...terminology.read],
    terminology,
    findProfile: (url) => profiles.get(withoutVersion(url)),
  };
}
