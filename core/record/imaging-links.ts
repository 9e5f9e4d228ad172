// Whether a report speaks of a study: by what they name, never by the day. Pure; what is compared was found under the reader's own rights.
import type { JsonObject, Resource } from '../fhir/types.ts';
import { objectAt, objectsAt, textAt } from './elements.ts';

/** Accession number, as DICOM (0008,0050) and HL7 v2 call it; `issuer` where it is said. */
export interface Accession {
  readonly value: string;
  readonly issuer: string | undefined;
}

const numberOf = (identifier: JsonObject | undefined): Accession[] => {
  const value = textAt(identifier, 'value');
  const issuer = textAt(identifier, 'system') ?? textAt(objectAt(identifier, 'assigner'), 'display');
  return value === undefined ? [] : [{ value, issuer }];
};

const isAccession = (identifier: JsonObject | undefined): boolean =>
  objectsAt(objectAt(identifier, 'type'), 'coding').some((coding) => textAt(coding, 'code') === 'ACSN');

/** Numbers of a study or a report that are called accession numbers; of a document, also those it is related to. */
export function accessionsOf(resource: Resource): Accession[] {
  const related = objectsAt(objectAt(resource, 'context'), 'related').flatMap((one) =>
    objectsAt(one, 'identifier'),
  );
  return [...objectsAt(resource, 'identifier'), ...related].filter(isAccession).flatMap(numberOf);
}

/** Every number of an order: departments use the number on it as the accession number. */
export function numbersOfOrder(order: Resource): Accession[] {
  return objectsAt(order, 'identifier').flatMap(numberOf);
}

function idsNamed(resource: Resource, type: string): string[] {
  return [
    ...objectsAt(resource, 'basedOn'),
    ...objectsAt(resource, 'imagingStudy'),
    ...objectsAt(objectAt(resource, 'context'), 'related'),
  ].flatMap((one) => {
    const [, named, id] = /^(\w+)\/([A-Za-z0-9.-]{1,64})$/.exec(textAt(one, 'reference') ?? '') ?? [];
    return named === type && id !== undefined ? [id] : [];
  });
}

export const ordersNamed = (resource: Resource): string[] => idsNamed(resource, 'ServiceRequest');
export const studiesNamed = (report: Resource): string[] => idsNamed(report, 'ImagingStudy');

/** Two hospitals may count alike: where both say whose number it is, it is the same one's. */
const isSame = (a: Accession, b: Accession): boolean =>
  a.value === b.value && (a.issuer === undefined || b.issuer === undefined || a.issuer === b.issuer);

const meet = (some: readonly Accession[], others: readonly Accession[]): boolean =>
  some.some((one) => others.some((other) => isSame(one, other)));

/**
 * By the study that the report names, the order that both name, or an accession number that both have; the number of an order stands
 * for the order. @param orders of this record, those that were found
 */
export function belongTogether(study: Resource, report: Resource, orders: readonly Resource[]): boolean {
  if (studiesNamed(report).includes(textAt(study, 'id') ?? '')) return true;
  const [ofStudy, ofReport] = [ordersNamed(study), ordersNamed(report)];
  if (ofStudy.some((id) => ofReport.includes(id))) return true;
  const [numbers, theirs] = [accessionsOf(study), accessionsOf(report)];
  if (meet(numbers, theirs)) return true;
  return orders.some((order) => {
    const id = textAt(order, 'id') ?? '';
    const own = numbersOfOrder(order);
    return (ofReport.includes(id) && meet(numbers, own)) || (ofStudy.includes(id) && meet(theirs, own));
  });
}
