// One DICOM file on its way into a record: its bytes, and what it says of itself. Knows no record.
import type { FileSource } from '../../storage/file-store.ts';
import { stagedSource } from '../../storage/staged-files.ts';
import type { DicomFacts, DicomProblem } from './read-dicom.ts';
import { readDicom } from './read-dicom.ts';

export interface Arriving {
  readonly fileId: string;
  readonly title: string;
  readonly source: FileSource;
  readonly facts: DicomFacts;
}

/** Never throws for what is in the file. */
export async function readArriving(
  path: string,
  { fileId, title }: { readonly fileId: string; readonly title: string },
): Promise<Arriving | { problem: DicomProblem }> {
  const source = await stagedSource(path);
  const facts = await readDicom(path, source.sizeBytes);
  return typeof facts === 'string' ? { problem: facts } : { fileId, title, source, facts };
}
