// The profiles that come with the platform: those of the International Patient Summary. A profile is read when first asked for.

import type { JsonObject } from '../types.ts';
import { profileOf, type Profile } from './profile.ts';
import tables from './tables/patient-summary.json' with { type: 'json' };

const definitions = tables as unknown as Readonly<Record<string, JsonObject>>;
const profiles = new Map<string, Profile>();

export const shippedProfileUrls: readonly string[] = Object.keys(definitions);

export function shippedProfile(url: string): Profile | undefined {
  const known = profiles.get(url);
  if (known !== undefined) return known;
  const definition = Object.hasOwn(definitions, url) ? definitions[url] : undefined;
  const profile = definition && profileOf(definition);
  if (profile !== undefined) profiles.set(url, profile);
  return profile;
}
