-- Which stored files are DICOM instances, and what of their headers a search asks for. Computed from the files: the ImagingStudy names
-- each of them with its digest.

create table dicom_instance (
  patient_id text not null check (patient_id <> ''),
  study_uid text not null,
  series_uid text not null,
  sop_uid text not null,
  file_id text not null references stored_file (file_id) on delete cascade,
  -- Resource id of the ImagingStudy that names it: who may see that may see this.
  imaging_study_id text not null,
  modality text not null,
  study_date text,
  accession text,
  patient_name text,
  series_number int,
  instance_number int,
  -- Header as DICOM JSON, without bulk data.
  header text not null,
  -- Where the pixels lie in the file and how they are to be read; null where there are none.
  pixels jsonb,
  primary key (patient_id, sop_uid)
);
create index dicom_instance_by_study on dicom_instance (study_uid, series_uid, instance_number, sop_uid);
create index dicom_instance_by_file on dicom_instance (file_id);
