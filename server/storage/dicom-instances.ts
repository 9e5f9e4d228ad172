// Rows of DICOM instances: which file each is, and what of its header a search asks for. Decides nothing: whoever reads here has asked
// first whether the ImagingStudy may be seen.
import type { Queryable } from './queryable.ts';

/** How the pixels of a file lie. */
export interface PixelsOfInstance {
  readonly transferSyntax: string;
  readonly offset: number;
  /** Null: in fragments, one after another. */
  readonly length: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly planar: boolean;
  readonly frames: number;
  readonly slope: number;
  readonly intercept: number;
  readonly center?: number;
  readonly width?: number;
}

export interface DicomInstance {
  patientId: string;
  studyUid: string;
  seriesUid: string;
  sopUid: string;
  fileId: string;
  imagingStudyId: string;
  modality: string;
  studyDate: string | null;
  accession: string | null;
  patientName: string | null;
  seriesNumber: number | null;
  instanceNumber: number | null;
  /** DICOM JSON. */
  header: string;
  pixels: PixelsOfInstance | null;
}

const columns = `patient_id as "patientId", study_uid as "studyUid", series_uid as "seriesUid", sop_uid as "sopUid", file_id as "fileId",
  imaging_study_id as "imagingStudyId", modality, study_date as "studyDate", accession, patient_name as "patientName",
  series_number as "seriesNumber", instance_number as "instanceNumber", header, pixels`;

export async function insertInstances(client: Queryable, instances: readonly DicomInstance[]): Promise<void> {
  await client.query({
    name: 'insert-dicom-instances',
    text: `insert into dicom_instance select * from json_to_recordset($1::json) as i (patient_id text, study_uid text, series_uid text,
             sop_uid text, file_id text, imaging_study_id text, modality text, study_date text, accession text, patient_name text,
             series_number int, instance_number int, header text, pixels jsonb)`,
    values: [
      JSON.stringify(
        instances.map((one) => ({
          patient_id: one.patientId,
          study_uid: one.studyUid,
          series_uid: one.seriesUid,
          sop_uid: one.sopUid,
          file_id: one.fileId,
          imaging_study_id: one.imagingStudyId,
          modality: one.modality,
          study_date: one.studyDate,
          accession: one.accession,
          patient_name: one.patientName,
          series_number: one.seriesNumber,
          instance_number: one.instanceNumber,
          header: one.header,
          pixels: one.pixels,
        })),
      ),
    ],
  });
}

/** Of those of these UIDs that are in the record: what their files hash to. */
export async function findInstanceDigests(
  db: Queryable,
  patientId: string,
  sopUids: readonly string[],
): Promise<Map<string, Buffer>> {
  const { rows } = await db.query({
    name: 'find-instance-digests',
    text: `select i.sop_uid as "sopUid", f.sha256 from dicom_instance i join stored_file f using (file_id)
            where i.patient_id = $1 and i.sop_uid = any($2::text[])`,
    values: [patientId, sopUids],
  });
  return new Map((rows as { sopUid: string; sha256: Buffer }[]).map((one) => [one.sopUid, one.sha256]));
}

export interface StudyPlace {
  patientId: string;
  imagingStudyId: string;
}

/** In which records a study is; rarely more than one, at most 50. */
export async function findStudyPlaces(db: Queryable, studyUid: string): Promise<StudyPlace[]> {
  const { rows } = await db.query({
    name: 'find-study-places',
    text: `select distinct patient_id as "patientId", imaging_study_id as "imagingStudyId" from dicom_instance where study_uid = $1 order by 1 limit 50`,
    values: [studyUid],
  });
  return rows as StudyPlace[];
}

export interface StudyFilter {
  /** Undefined: everybody's. */
  patientIds?: readonly string[];
  studyUid?: string;
  dateFrom?: string;
  dateTo?: string;
  accession?: string;
  modality?: string;
  /** With `%` for whatever stands there. */
  patientName?: string;
}

export interface StudyRow {
  patientId: string;
  imagingStudyId: string;
  studyUid: string;
  series: number;
  instances: number;
  modalities: string[];
  /** Of one of its instances. */
  header: string;
}

/** The newest first; `after` as the last one of the page before. */
export async function listStudies(
  db: Queryable,
  filter: StudyFilter,
  page: { offset: number; limit: number },
): Promise<StudyRow[]> {
  const { rows } = await db.query({
    name: 'list-dicom-studies',
    text: `with found as (
             select patient_id, study_uid, min(imaging_study_id) as imaging_study_id, count(distinct series_uid)::int as series, count(*)::int as instances,
                    array_agg(distinct modality order by modality) as modalities, min(sop_uid) as one, max(study_date) as day
               from dicom_instance
              where ($1::text[] is null or patient_id = any($1)) and ($2::text is null or study_uid = $2)
                and ($3::text is null or study_date >= $3) and ($4::text is null or study_date <= $4)
                and ($5::text is null or accession = $5) and ($7::text is null or patient_name ilike $7)
              group by patient_id, study_uid
             having $6::text is null or bool_or(modality = $6)
              order by day desc nulls last, study_uid, patient_id offset $8 limit $9)
           select f.patient_id as "patientId", f.imaging_study_id as "imagingStudyId", f.study_uid as "studyUid", f.series, f.instances, f.modalities, i.header
             from found f join dicom_instance i on i.patient_id = f.patient_id and i.sop_uid = f.one
            order by f.day desc nulls last, f.study_uid, f.patient_id`,
    values: [
      filter.patientIds ?? null,
      filter.studyUid ?? null,
      filter.dateFrom ?? null,
      filter.dateTo ?? null,
      filter.accession ?? null,
      filter.modality ?? null,
      filter.patientName ?? null,
      page.offset,
      page.limit,
    ],
  });
  return rows as StudyRow[];
}

export interface SeriesRow {
  seriesUid: string;
  instances: number;
  header: string;
}

export async function listSeries(
  db: Queryable,
  study: { patientId: string; studyUid: string; seriesUid?: string; modality?: string },
  page: { offset: number; limit: number },
): Promise<SeriesRow[]> {
  const { rows } = await db.query({
    name: 'list-dicom-series',
    text: `with found as (
             select series_uid, count(*)::int as instances, min(sop_uid) as one, min(series_number) as number from dicom_instance
              where patient_id = $1 and study_uid = $2 and ($3::text is null or series_uid = $3) and ($4::text is null or modality = $4)
              group by series_uid order by number nulls last, series_uid offset $5 limit $6)
           select f.series_uid as "seriesUid", f.instances, i.header from found f join dicom_instance i on i.patient_id = $1 and i.sop_uid = f.one
            order by f.number nulls last, f.series_uid`,
    values: [
      study.patientId,
      study.studyUid,
      study.seriesUid ?? null,
      study.modality ?? null,
      page.offset,
      page.limit,
    ],
  });
  return rows as SeriesRow[];
}

/** In the order of series and of images in them. */
export async function listInstances(
  db: Queryable,
  study: { patientId: string; studyUid: string; seriesUid?: string; sopUid?: string },
  page: { offset: number; limit: number },
): Promise<DicomInstance[]> {
  const { rows } = await db.query({
    name: 'list-dicom-instances',
    text: `select ${columns} from dicom_instance
            where patient_id = $1 and study_uid = $2 and ($3::text is null or series_uid = $3) and ($4::text is null or sop_uid = $4)
            order by series_number nulls last, series_uid, instance_number nulls last, sop_uid offset $5 limit $6`,
    values: [
      study.patientId,
      study.studyUid,
      study.seriesUid ?? null,
      study.sopUid ?? null,
      page.offset,
      page.limit,
    ],
  });
  return rows as DicomInstance[];
}
