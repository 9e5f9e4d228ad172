// The ImagingStudy of a study as it is after more of its images came: pure. Each image is named with its file and its digest, so that
// the entry of a version commits to the bytes of all of them.
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue, Resource } from '../../../core/fhir/types.ts';
import { attachmentOf } from '../document-reference.ts';
import type { Arriving } from './arriving.ts';
import { numberIn, textIn } from './dicom-json.ts';
import type { DifferingElement } from './same-person.ts';

export const mostInstances = 5000;
const modalitySystem = 'http://dicom.nema.org/resources/ontology/DCM';

/** The same for the same study in the same record, and in no other. */
export function imagingStudyId(patientId: string, studyUid: string): string {
  return createHash('sha256').update(`${patientId}\n${studyUid}`).digest('hex').slice(0, 40);
}

/** @param before as it stands; undefined where none does */
export function withInstances(
  before: Resource | undefined,
  arriving: readonly Arriving[],
  about: {
    publicUrl: string;
    patientId: string;
    id: string;
    differs: readonly DifferingElement[];
    nowMs: number;
  },
): Resource {
  const [first] = arriving;
  if (!first) throw new TypeError('no image');
  const { header, studyUid } = first.facts;
  const series = listOf(before?.['series']);
  for (const one of arriving) addTo(series, one, about.publicUrl);
  const description = cut(textIn(header, '00081030'));
  const started = dayOf(textIn(header, '00080020'));
  const accession = cut(textIn(header, '00080050'));
  const modalities = [...new Set(series.map((one) => codeOf(one['modality'])))].filter((code) => code !== '');
  return {
    resourceType: 'ImagingStudy',
    id: about.id,
    status: 'available',
    subject: { reference: `Patient/${about.patientId}` },
    ...(started === undefined ? {} : { started }),
    ...(description === undefined ? {} : { description }),
    // What its person and others added to it stays.
    ...before,
    identifier:
      before?.['identifier'] ??
      ([
        { system: 'urn:dicom:uid', value: `urn:oid:${studyUid}` },
        ...(accession === undefined
          ? []
          : [
              {
                type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] },
                value: accession,
              },
            ]),
      ] satisfies JsonValue),
    modality: modalities.map((code) => ({ system: modalitySystem, code })),
    numberOfSeries: series.length,
    numberOfInstances: series.reduce((sum, one) => sum + listOf(one['instance']).length, 0),
    series,
    ...noteOf(before, about),
  };
}

/** That the images name somebody else is said where they are seen, once. */
function noteOf(
  before: Resource | undefined,
  { differs, nowMs }: { differs: readonly string[]; nowMs: number },
): JsonObject {
  if (differs.length === 0) return {};
  const text = `The images name a person who differs from this record in: ${differs.join(', ')}.`;
  const notes = listOf(before?.['note']);
  if (notes.some((one) => one['text'] === text)) return {};
  return { note: [...notes, { time: new Date(nowMs).toISOString(), text }] };
}

function addTo(series: JsonObject[], { facts, fileId, title, source }: Arriving, publicUrl: string): void {
  const { header, seriesUid, sopUid, sopClass, modality } = facts;
  let own = series.find((one) => one['uid'] === seriesUid);
  if (!own) {
    const number = wholeIn(header, '00200011');
    const description = cut(textIn(header, '0008103E'));
    const started = dayOf(textIn(header, '00080021'));
    own = {
      uid: seriesUid,
      ...(number === undefined ? {} : { number }),
      modality: { system: modalitySystem, code: modality },
      ...(description === undefined ? {} : { description }),
      numberOfInstances: 0,
      ...(started === undefined ? {} : { started }),
      instance: [],
    };
    series.push(own);
  }
  const number = wholeIn(header, '00200013');
  const attachment = attachmentOf({
    publicUrl,
    fileId,
    title,
    contentType: 'application/dicom',
    sizeBytes: source.sizeBytes,
    sha256: source.sha256,
  });
  const instances = listOf(own['instance']);
  instances.push({
    extension: [{ url: 'urn:medallion:file', valueAttachment: attachment }],
    uid: sopUid,
    sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${sopClass}` },
    ...(number === undefined ? {} : { number }),
  });
  own['instance'] = instances;
  own['numberOfInstances'] = instances.length;
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]).map((one) => ({ ...one })) : [];
}

function codeOf(coding: JsonValue | undefined): string {
  const code = (coding as JsonObject | undefined)?.['code'];
  return typeof code === 'string' ? code : '';
}

const wholeIn = (header: JsonObject, tag: string): number | undefined => {
  const number = numberIn(header, tag);
  return number !== undefined && Number.isInteger(number) && number >= 0 && number < 2 ** 31
    ? number
    : undefined;
};

const cut = (text: string | undefined): string | undefined => {
  const plain = text
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 200)
    // Half of a sign is none.
    .toWellFormed();
  return plain === '' ? undefined : plain;
};

/** A time of day without its zone would be a guess. */
function dayOf(date: string | undefined): string | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d{2})(\d{2})$/.exec(date ?? '') ?? [];
  const text = `${year}-${month}-${day}`;
  return year >= '1000' && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
    ? text
    : undefined;
}
