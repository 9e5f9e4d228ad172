// What a DocumentReference names of this server's files, or holds itself.
import { queryOptions } from '@tanstack/react-query';
import type { Attachment, DocumentReference } from '@medplum/fhirtypes';
import { get, request } from './client.ts';
import { FHIR_BASE } from './fhir.ts';

/** One of `address` and `inline` is there. */
export interface PaperFile {
  readonly key: string;
  readonly title: string;
  readonly contentType: string;
  readonly sizeBytes: number | undefined;
  /** Where it lies. */
  readonly address?: string;
  /** What stands in the entry itself, as base64. */
  readonly inline?: string;
}

export interface Paper {
  readonly title: string | undefined;
  readonly files: readonly PaperFile[];
  /** As it stands in the record. */
  readonly document: DocumentReference;
}

/** As many pages as one document may have. */
const MOST_FILES = 40;
const LONGEST_MS = 120_000;

/** The path of a file of this server, whichever origin it was stored under. */
function ownPath(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url, location.href)) return undefined;
  const { pathname } = new URL(url, location.href);
  return pathname.startsWith('/api/files/') ? pathname : undefined;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

function fileOf(attachment: Attachment, title: string, key: string): readonly PaperFile[] {
  const about = {
    title: attachment.title ?? title,
    contentType: attachment.contentType ?? '',
    sizeBytes: attachment.size,
  };
  const address = ownPath(attachment.url);
  if (address !== undefined) return [{ ...about, key: address, address }];
  const { data } = attachment;
  if (data === undefined) return [];
  return [{ ...about, key, sizeBytes: (data.length * 3) / 4, inline: data }];
}

export function paperQuery(id: string) {
  return queryOptions({
    queryKey: ['papers', id],
    queryFn: async ({ signal }): Promise<Paper> => {
      const document = await get<DocumentReference>(
        `${FHIR_BASE}/DocumentReference/${encodeURIComponent(id)}`,
        { signal },
      );
      const title = document.description ?? document.type?.text ?? document.type?.coding?.[0]?.display;
      return {
        title,
        document,
        files: document.content
          .slice(0, MOST_FILES)
          .flatMap(({ attachment }, at) => fileOf(attachment, title ?? '', `${id}/${at}`)),
      };
    },
    staleTime: Infinity,
  });
}

/** What is in a file: one look, kept while the page is open. */
export function paperBytesQuery({ key, address, inline }: PaperFile) {
  return queryOptions({
    queryKey: ['papers', 'bytes', key],
    queryFn: async ({ signal }): Promise<Uint8Array<ArrayBuffer>> =>
      inline === undefined
        ? (
            await request<Uint8Array<ArrayBuffer>>('GET', address ?? '', {
              accept: '*/*',
              asBytes: true,
              timeoutMs: LONGEST_MS,
              signal,
            })
          ).data
        : bytesOf(inline),
    staleTime: Infinity,
    gcTime: 0,
  });
}
