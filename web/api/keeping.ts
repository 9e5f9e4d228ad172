// Taking the record away as a file, and destroying part or all of it. Texts that prove something are kept exactly as they came.
import { useQueryClient } from '@tanstack/react-query';
import { addressFor } from './acting.ts';
import { get, request } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface SavedText {
  readonly text: string;
  readonly fileName: string;
}

/** A record with many files takes a while to arrive. */
const exportTimeoutMs = 15 * 60_000;
const eraseTimeoutMs = 60_000;

export async function fetchExport(): Promise<SavedText> {
  const text = await get<string>('/api/export', { asText: true, timeoutMs: exportTimeoutMs });
  return { text, fileName: `medallion-record-${new Date().toISOString().slice(0, 10)}.medallion.json` };
}

export type EraseTarget =
  | { readonly scope: 'person'; readonly uhid: string }
  | { readonly scope: 'resource'; readonly type: string; readonly id: string };

/** Never tried again by itself: the receipt of a whole record is given once. */
export async function eraseForGood(target: EraseTarget): Promise<SavedText> {
  const body =
    target.scope === 'person'
      ? { scope: target.scope, confirm: target.uhid }
      : { ...target, confirm: 'erase for good' };
  const answer = await request<string>('POST', '/api/erasures', {
    body,
    asText: true,
    timeoutMs: eraseTimeoutMs,
  });
  return { text: answer.data, fileName: `erasure-${answer.ledgerEntry ?? 'receipt'}.medallion-receipt.json` };
}

export function useKept(act: () => Promise<SavedText>) {
  return useLastingMutation({ mutationFn: act, onSuccess: saveAsFile });
}

/** What was erased is in no list any more. */
export function useForgetRecord(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries();
}

/** Gives the browser a file to save. */
export function saveAsFile({ text, fileName }: SavedText): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Of the own record, of the one that is acted for, or of the one that is named. */
export function recordPrintHref(language: string, patientId?: string): string {
  const named = patientId === undefined ? '' : `&patient=${encodeURIComponent(patientId)}`;
  return addressFor(`/api/record.pdf?language=${language}${named}`);
}
