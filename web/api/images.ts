// Images of a study by DICOMweb: its series, the headers of one, and frames. Each request is a look that the record's log keeps, so
// nothing is fetched that is not looked at.
import { queryOptions } from '@tanstack/react-query';
import { get, request } from './client.ts';

/** Of DICOM JSON what is read here. */
export type Header = Readonly<
  Record<string, { readonly vr?: string; readonly Value?: readonly unknown[] } | undefined>
>;

const ROOT = '/dicom-web';
const MOST_SERIES = 200;
/** As many as the server gives at a time. */
const PAGE = 200;
/** What is seen first, and of what is scrolled past. */
const PREVIEW_PIXELS = 512;
/** Explicit little endian: what the page reads without a decoder of its own. */
export const PLAIN_SYNTAX = '1.2.840.10008.1.2.1';

const seriesPlace = (study: string, series: string): string =>
  `${ROOT}/studies/${encodeURIComponent(study)}/series/${encodeURIComponent(series)}`;

export interface FrameAddress {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** From 1. */
  readonly frame: number;
}

const framePlace = ({ study, series, instance, frame }: FrameAddress): string =>
  `${seriesPlace(study, series)}/instances/${encodeURIComponent(instance)}/frames/${frame}`;

/** A picture of a frame as the server draws it. */
export function renderedAddress(
  of: FrameAddress,
  {
    most,
    window,
  }: { readonly most: number; readonly window?: { readonly center: number; readonly width: number } },
): string {
  const drawn = window === undefined ? '' : `&window=${window.center.toFixed(1)},${window.width.toFixed(1)}`;
  return `${framePlace(of)}/rendered?viewport=${most},${most}&quality=85${drawn}`;
}

export const previewAddress = (of: FrameAddress): string => renderedAddress(of, { most: PREVIEW_PIXELS });

export function seriesQuery(study: string) {
  return queryOptions({
    queryKey: ['images', study],
    queryFn: ({ signal }) =>
      get<readonly Header[]>(
        `${ROOT}/studies/${encodeURIComponent(study)}/series?limit=${MOST_SERIES}&includefield=StudyDescription,StudyDate`,
        { signal, accept: 'application/dicom+json' },
      ),
    staleTime: Infinity,
  });
}

const instancesPage = (
  study: string,
  series: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  signal: AbortSignal,
) =>
  get<readonly Header[] | undefined>(
    `${seriesPlace(study, series)}/instances?offset=${offset}&limit=${limit}`,
    { signal, accept: 'application/dicom+json', timeoutMs: 60_000 },
  ).then((page) => page ?? []);

/** One image of a series, so that something is seen before the others are known. */
export function oneImageQuery(study: string, series: string, offset: number) {
  return queryOptions({
    queryKey: ['images', study, series, offset],
    queryFn: ({ signal }) => instancesPage(study, series, { offset, limit: 1 }, signal),
    staleTime: Infinity,
  });
}

/** What is needed to draw and measure each image of a series. */
export function headersQuery(study: string, series: string, images: number) {
  return queryOptions({
    queryKey: ['images', study, series],
    queryFn: async ({ signal }) => {
      const pages = Array.from({ length: Math.ceil(images / PAGE) }, (_, page) =>
        instancesPage(study, series, { offset: page * PAGE, limit: PAGE }, signal),
      );
      return (await Promise.all(pages)).flat();
    },
    staleTime: Infinity,
  });
}

/** The stored values of a frame, one after another. Throws ApiError. */
export async function frameBytes(of: FrameAddress, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const { data, headers } = await request<Uint8Array<ArrayBuffer>>('GET', framePlace(of), {
    accept: `multipart/related; type="application/octet-stream"; transfer-syntax=${PLAIN_SYNTAX}`,
    asBytes: true,
    timeoutMs: 60_000,
    signal,
  });
  return onlyPart(data, headers.get('content-type') ?? '');
}

/** The body of the one part of a multipart answer. */
export function onlyPart(whole: Uint8Array<ArrayBuffer>, contentType: string): Uint8Array<ArrayBuffer> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1] ?? '';
  const head = new TextDecoder('latin1').decode(whole.subarray(0, 1024));
  const begin = head.indexOf('\r\n\r\n') + 4;
  const end = whole.length - `\r\n--${boundary}--\r\n`.length;
  const tail = new TextDecoder('latin1').decode(whole.subarray(end));
  if (begin < 4 || !tail.startsWith(`\r\n--${boundary}--`)) throw new TypeError('not one part');
  return whole.subarray(begin, end);
}

/** Why a picture was not drawn: asked once more, for its reason. */
export async function whyNotDrawn(address: string): Promise<unknown> {
  try {
    await request('GET', address, { accept: 'image/*', asBytes: true });
    return undefined;
  } catch (error) {
    return error;
  }
}
