// The reports of a study and the images of a report, found under the rights of whoever looks; what they may not see is not found.
import { queryOptions } from '@tanstack/react-query';
import type { DiagnosticReport, DocumentReference, ImagingStudy, Resource } from '@medplum/fhirtypes';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import {
  accessionsOf,
  belongTogether,
  numbersOfOrder,
  ordersNamed,
  studiesNamed,
} from '../../core/record/imaging-links.ts';
import { entryDate, entryTitle } from '../../core/record/entry-title.ts';
import { lookAt } from '../../core/record/look-at.ts';
import { searchResources } from './fhir.ts';

export interface LinkedEntry {
  readonly type: string;
  readonly id: string;
  readonly title: string | undefined;
  /** YYYY-MM-DD or less. */
  readonly date: string | undefined;
  /** What a report comes to. */
  readonly conclusion: string | undefined;
  /** DICOM number of a study. */
  readonly study: string | undefined;
}

const MOST_REPORTS = 200;
const MOST_NAMED = 20;

const core = (resource: Resource): CoreResource => resource as unknown as CoreResource;
const listOf = (values: readonly string[]): string =>
  [...new Set(values)]
    .slice(0, MOST_NAMED)
    .map((one) => one.replaceAll(/[\\,|$]/g, String.raw`\$&`))
    .join(',');

function linked(resource: DiagnosticReport | DocumentReference | ImagingStudy): LinkedEntry {
  const look = lookAt(core(resource));
  return {
    type: resource.resourceType,
    id: resource.id ?? '',
    title: entryTitle(core(resource)),
    date: entryDate(core(resource)),
    conclusion: resource.resourceType === 'DiagnosticReport' ? resource.conclusion : undefined,
    study: look?.kind === 'images' ? look.study : undefined,
  };
}

const isGood = ({ status }: DiagnosticReport | DocumentReference): boolean =>
  status !== 'entered-in-error' && status !== 'superseded' && status !== 'cancelled';

async function ordersWith(
  patient: string,
  by: { readonly _id?: string; readonly identifier?: string },
  signal: AbortSignal,
): Promise<readonly CoreResource[]> {
  const asked = Object.entries(by).filter(([, value]) => value !== '');
  const found = await Promise.all(
    asked.map(([name, value]) =>
      searchResources('ServiceRequest', { patient, [name]: value }, { signal, limit: MOST_NAMED }),
    ),
  );
  return found.flat().map(core);
}

/** Of the study with this DICOM number. */
export function reportsOfStudyQuery(uid: string) {
  return queryOptions({
    queryKey: ['imaging-links', 'study', uid],
    queryFn: async ({ signal }): Promise<readonly LinkedEntry[]> => {
      const [study] = await searchResources(
        'ImagingStudy',
        { identifier: `urn:dicom:uid|urn:oid:${uid}` },
        { signal, limit: 1 },
      );
      const patient = study?.subject.reference;
      if (study === undefined || patient === undefined) return [];
      const numbers = listOf(accessionsOf(core(study)).map(({ value }) => value));
      const [orders, reports, related, numbered] = await Promise.all([
        ordersWith(patient, { _id: listOf(ordersNamed(core(study))), identifier: numbers }, signal),
        searchResources(
          'DiagnosticReport',
          { patient, _sort: '-date', _count: '200' },
          { signal, limit: MOST_REPORTS },
        ),
        searchResources(
          'DocumentReference',
          { patient, related: `ImagingStudy/${study.id ?? ''}` },
          { signal, limit: MOST_NAMED },
        ),
        numbers === ''
          ? []
          : searchResources(
              'DocumentReference',
              { patient, identifier: numbers },
              { signal, limit: MOST_NAMED },
            ),
      ]);
      const all = [...reports, ...related, ...numbered].filter(
        (one) => isGood(one) && belongTogether(core(study), core(one), orders),
      );
      return [...new Map(all.map((one) => [one.id, linked(one)])).values()];
    },
    staleTime: 60_000,
  });
}

/** Of a DiagnosticReport or a DocumentReference. */
export function imagesOfReportQuery(report: CoreResource) {
  const id = typeof report['id'] === 'string' ? report['id'] : '';
  const subject = (report['subject'] as { reference?: unknown } | undefined)?.reference;
  const patient = typeof subject === 'string' ? subject : '';
  return queryOptions({
    queryKey: ['imaging-links', 'report', report.resourceType, id],
    queryFn: async ({ signal }): Promise<readonly LinkedEntry[]> => {
      const named = ordersNamed(report);
      const orders = named.length === 0 ? [] : await ordersWith(patient, { _id: listOf(named) }, signal);
      const numbers = [...accessionsOf(report), ...orders.flatMap(numbersOfOrder)].map(({ value }) => value);
      const ways = {
        _id: listOf(studiesNamed(report)),
        basedon: listOf(named.map((one) => `ServiceRequest/${one}`)),
        identifier: listOf(numbers),
      };
      const found = await Promise.all(
        Object.entries(ways).flatMap(([name, value]) =>
          value === ''
            ? []
            : [searchResources('ImagingStudy', { patient, [name]: value }, { signal, limit: MOST_NAMED })],
        ),
      );
      const all = found.flat().filter((study) => belongTogether(core(study), report, orders));
      return [...new Map(all.map((one) => [one.id, linked(one)])).values()];
    },
    enabled: patient !== '',
    staleTime: 60_000,
  });
}
