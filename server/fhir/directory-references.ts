// The directory entries that stored texts refer to: clinicians, places, organisations and medicines, which are in nobody's record but make
// one readable. Found in the text itself, without reading it as JSON.

/** Types that $everything and exports bring along although they lie outside a person's compartment. */
export const directoryTypes: readonly string[] = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'Medication',
  'Device',
];

// Canonical text has no white space, and a quote inside a text is always escaped: this finds references and nothing else.
const pattern = new RegExp(`"reference":"(${directoryTypes.join('|')})/([A-Za-z0-9.-]{1,64})[/"]`, 'g');

/** `Type/id` of each, once, in the order met; at most `limit`. */
export function directoryReferencesIn(
  texts: readonly string[],
  limit: number,
): { resourceType: string; resourceId: string }[] {
  const found = new Map<string, { resourceType: string; resourceId: string }>();
  for (const text of texts)
    for (const [, resourceType = '', resourceId = ''] of text.matchAll(pattern)) {
      if (found.size >= limit) return [...found.values()];
      found.set(`${resourceType}/${resourceId}`, { resourceType, resourceId });
    }
  return [...found.values()];
}
