// Files on their way into a record by tus 1.0.0: begun, asked how far they are, sent piece by piece, taken back; and their receipts.
import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { get, request } from './client.ts';
import { useLastingMutation } from './lasting-mutation.ts';

export interface FileOutcome {
  readonly name?: string;
  readonly outcome: 'stored' | 'there-already' | 'refused';
  readonly reason?: string;
  /** `Type/id`; of a record that one may not read as well. */
  readonly resource?: string;
  readonly contentType?: string;
  /** Parts of the person's identity in which an image differs from the record. */
  readonly differs?: readonly string[];
  readonly identityDiffers?: true;
}

export interface ReceiptLine {
  readonly id: string;
  readonly title: string;
  readonly state: 'open' | 'received' | 'waiting-for-scan' | 'done' | 'refused';
  readonly bytes: number;
  readonly received: number;
  readonly createdAt: string;
  readonly receivedAt?: string;
  readonly sha256?: string;
  /** Id of the entry of the log. */
  readonly entry?: string;
  readonly refusal?: string;
  /** Whether this server looks for malware at all. */
  readonly scanned: boolean;
  readonly counts: { readonly stored: number; readonly thereAlready: number; readonly refused: number };
}
export interface Receipt extends ReceiptLine {
  readonly files: readonly FileOutcome[];
}

const UPLOADS = ['uploads'] as const;
const TUS = { 'tus-resumable': '1.0.0' };
const CHUNK = 'application/offset+octet-stream';
/** The server stops reading a request after half a minute, and may take as long again to say what became of it. */
const PIECE_TIMEOUT_MS = 50_000;

const place = (id: string): string => `/api/uploads/${encodeURIComponent(id)}`;

/** What this account sent, the newest first; at most a hundred. */
export const receiptsQuery = queryOptions({
  queryKey: UPLOADS,
  queryFn: async ({ signal }) =>
    (await get<{ readonly uploads: readonly ReceiptLine[] }>('/api/uploads', { signal })).uploads,
});

const isUnderWay = (receipt: ReceiptLine | undefined): boolean =>
  receipt?.state === 'received' || receipt?.state === 'waiting-for-scan';

export function receiptQuery(id: string) {
  return queryOptions({
    queryKey: [...UPLOADS, id],
    queryFn: ({ signal }) => get<Receipt>(place(id), { signal }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? 3000 : false),
  });
}

export const receiptOf = (id: string, signal: AbortSignal): Promise<Receipt> =>
  get<Receipt>(place(id), { signal });

export interface NewUpload {
  readonly bytes: number;
  readonly title: string;
  readonly kind?: string | undefined;
  /** Number of the order that it answers. */
  readonly accession?: string | undefined;
  /** The day that is on it. */
  readonly date?: string | undefined;
  /** `1`: the pictures in the archive are the pages of one document. */
  readonly pages?: string | undefined;
  /** Whose record: by the number on their card, or one that one looks after; else the own one. */
  readonly uhid?: string | undefined;
  readonly patient?: string | undefined;
}

/** Gives back its id. */
export async function beginUpload({ bytes, ...about }: NewUpload, signal: AbortSignal): Promise<string> {
  const metadata = Object.entries(about)
    .filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '')
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',');
  const { location = '' } = await request('POST', '/api/uploads', {
    headers: { ...TUS, 'upload-length': String(bytes), 'upload-metadata': metadata },
    signal,
  });
  return location.split('/').at(-1) ?? '';
}

/** How many bytes the server has for certain. */
export async function offsetOf(id: string, signal: AbortSignal): Promise<number> {
  const { headers } = await request('HEAD', place(id), { headers: TUS, signal });
  return Number(headers.get('upload-offset'));
}

/** Gives back how many bytes the server has then. */
export async function sendPiece(
  id: string,
  offset: number,
  piece: Blob,
  signal: AbortSignal,
): Promise<number> {
  const { headers } = await request('PATCH', place(id), {
    body: piece,
    contentType: CHUNK,
    headers: { ...TUS, 'upload-offset': String(offset) },
    timeoutMs: PIECE_TIMEOUT_MS,
    signal,
  });
  return Number(headers.get('upload-offset'));
}

/** Takes back what is not whole. */
export function useDropUpload() {
  const queries = useQueryClient();
  return useLastingMutation({
    mutationFn: (id: string) => request('DELETE', place(id), { headers: TUS }),
    onSettled: () => queries.invalidateQueries({ queryKey: UPLOADS }),
  });
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
