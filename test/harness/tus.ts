// A sender of files by tus 1.0.0, one request at a time, so that a test decides what is sent and where it breaks off.
import assert from 'node:assert/strict';
import type { Answer, Client } from './client.ts';

export const chunkType = 'application/offset+octet-stream';
const spoken = { 'tus-resumable': '1.0.0' };

export const metadataOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');

export function beginUpload(
  client: Client,
  length: number,
  fields: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const metadata = metadataOf(fields);
  return client.call('POST', '/api/uploads', {
    headers: {
      ...spoken,
      'upload-length': String(length),
      ...(metadata === '' ? {} : { 'upload-metadata': metadata }),
      ...headers,
    },
  });
}

export function sendChunk(
  client: Client,
  path: string,
  offset: number,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return client.call('PATCH', path, {
    body: bytes,
    headers: { ...spoken, 'upload-offset': String(offset), 'content-type': chunkType, ...headers },
  });
}

export interface Receipt {
  id: string;
  state: string;
  title: string;
  bytes: number;
  received: number;
  sha256?: string;
  entry?: string;
  refusal?: string;
  scanned: boolean;
  counts: { stored: number; thereAlready: number; refused: number };
  files: {
    name?: string;
    outcome: string;
    reason?: string;
    resource?: string;
    contentType?: string;
    differs?: string[];
    identityDiffers?: boolean;
  }[];
}

export const pathOf = (answer: Answer): string => new URL(answer.headers.get('location') ?? '').pathname;

/** Sends a whole file and gives back its receipt. */
export async function upload(
  client: Client,
  bytes: Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): Promise<Receipt> {
  const begun = await beginUpload(client, bytes.length, fields);
  assert.equal(begun.status, 201, begun.text);
  const path = pathOf(begun);
  const sent = await sendChunk(client, path, 0, bytes);
  assert.equal(sent.status, 204, sent.text);
  return receiptAt(client, path);
}

/** As it is once nothing more becomes of it. */
export async function receiptAt(client: Client, path: string): Promise<Receipt> {
  for (;;) {
    const answer = await client.get(path);
    assert.equal(answer.status, 200, answer.text);
    const receipt = answer.json<Receipt>();
    if (receipt.state !== 'received') return receipt;
  }
}
