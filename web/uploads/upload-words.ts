// What became of a file and why not, in the reader's words: every code of docs/uploads.md has its own.
import { useTranslation } from 'react-i18next';
import type { uploads } from '../i18n/en/uploads.ts';

type Reason = Extract<keyof typeof uploads, `reason.${string}`>;

/** In the order of docs/uploads.md, then those of the way there. */
export const REASONS = [
  'too-many-pixels',
  'not-a-picture',
  'empty',
  'malware',
  'archive-damaged',
  'archive-encrypted',
  'archive-too-many-files',
  'archive-too-large',
  'archive-ratio',
  'archive-overlapping',
  'archive-name',
  'archive-name-twice',
  'archive-method',
  'archive-in-archive',
  'too-many-pages',
  'unreadable',
  'dicom-truncated',
  'dicom-damaged',
  'dicom-deflated',
  'dicom-encrypted',
  'dicom-directory',
  'dicom-header-too-long',
  'dicom-uid-missing',
  'dicom-uid-taken',
  'study-too-large',
  'record-refused',
  'too-long',
  'file-changed',
  'upload-expired',
  'checksum-differs',
] as const satisfies readonly (Reason extends `reason.${infer Code}` ? Code : never)[];

export function useReasonWords(): (code: string | undefined) => string {
  const { t } = useTranslation('uploads');
  return (code) => {
    const known = REASONS.find((one) => one === code);
    return t(known === undefined ? 'reason.other' : `reason.${known}`);
  };
}

/** Bytes as a person says them. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
