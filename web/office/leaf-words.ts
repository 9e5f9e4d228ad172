// Where a value stands in an entry, in words that an officer reads: "What it is, code 2, name". A path without words is still readable.
import { useTranslation } from 'react-i18next';
import type { office } from '../i18n/en/office.ts';

type Element =
  Extract<keyof typeof office, `element.${string}`> extends `element.${infer Name}` ? Name : never;

/** Elements that have words of their own: those that entries of people carry most. */
const KNOWN: ReadonlySet<string> = new Set<Element>([
  'code',
  'text',
  'coding',
  'display',
  'status',
  'clinicalStatus',
  'verificationStatus',
  'category',
  'type',
  'criticality',
  'severity',
  'reaction',
  'manifestation',
  'substance',
  'onsetDateTime',
  'abatementDateTime',
  'recordedDate',
  'effectiveDateTime',
  'effectivePeriod',
  'authoredOn',
  'issued',
  'date',
  'start',
  'end',
  'valueQuantity',
  'valueString',
  'valueCodeableConcept',
  'value',
  'unit',
  'referenceRange',
  'low',
  'high',
  'interpretation',
  'component',
  'note',
  'medicationCodeableConcept',
  'dosageInstruction',
  'dosage',
  'doseAndRate',
  'doseQuantity',
  'route',
  'timing',
  'repeat',
  'frequency',
  'period',
  'periodUnit',
  'vaccineCode',
  'occurrenceDateTime',
  'lotNumber',
  'performer',
  'performedDateTime',
  'name',
  'given',
  'family',
  'birthDate',
  'gender',
  'telecom',
  'address',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
  'use',
  'title',
  'description',
  'conclusion',
  'reasonCode',
  'bodySite',
  'identifier',
  'content',
  'attachment',
  'contentType',
  'language',
  'communication',
]);
const isKnown = (name: string): name is Element => KNOWN.has(name);

/** "valueDateTime" as "value date time". */
export const spelled = (name: string): string =>
  name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );

/**
 * The words of each path, in its order. A place in a list is named from the second on: most lists have one.
 * @param path as leaves.ts gives it: `name.0.given.1`
 */
export function useLeafWords(): (path: string) => string {
  const { t } = useTranslation('office');
  return (path) => {
    const words: string[] = [];
    for (const part of path.split('.')) {
      const place = /^\d+$/.test(part) ? Number(part) + 1 : undefined;
      if (place === undefined) words.push(isKnown(part) ? t(`element.${part}`) : spelled(part));
      else if (place > 1) words.push(`${words.pop() ?? ''} ${place}`);
    }
    return words.join(', ');
  };
}
