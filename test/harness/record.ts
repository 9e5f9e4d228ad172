// A person's own device: fetches their whole record with its evidence and verifies it with nothing but the log's public key.
import assert from 'node:assert/strict';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import type { RecordEvidence, RecordLink, RecordVerification } from '../../core/ledger/verify-record.ts';
import { verifyRecord } from '../../core/ledger/verify-record.ts';
import type { Client } from './client.ts';

interface ChainPage {
  pseudonym: string;
  size: number;
  checkpoint: string;
  links: {
    entryId: string;
    leaf: string;
    leafIndex: number;
    statement?: string;
    salt?: string;
    erasedBy?: string;
    hashes: string[];
    content?: string | null;
  }[];
  next?: number;
}

/** All pages of `/api/chain`, under the checkpoint of the first. */
export async function fetchRecord(client: Client, limit = 50): Promise<RecordEvidence> {
  const links: RecordLink[] = [];
  let first: ChainPage | undefined;
  for (let from: number | undefined = 1; from !== undefined;) {
    const under: string = first === undefined ? '' : `&size=${first.size}`;
    const answer = await client.get(`/api/chain?from=${from}&limit=${limit}${under}`);
    assert.equal(answer.status, 200, answer.text);
    const page: ChainPage = answer.json<ChainPage>();
    first ??= page;
    for (const link of page.links)
      links.push({
        entryId: link.entryId,
        leafBytes: decodeBase64(link.leaf),
        leafIndex: link.leafIndex,
        inclusionProof: link.hashes.map((hash) => decodeBase64(hash)),
        ...(link.statement === undefined ? {} : { statement: link.statement }),
        ...(link.salt === undefined ? {} : { salt: decodeBase64(link.salt) }),
        ...(link.erasedBy === undefined ? {} : { erasedBy: link.erasedBy }),
        ...(link.content === undefined ? {} : { content: link.content }),
      });
    from = page.next;
  }
  assert.ok(first);
  return {
    links,
    checkpointNote: first.checkpoint,
    verifierKeys: [(await client.get('/log/vkey')).text.trim()],
    expectedPseudonym: decodeBase64(first.pseudonym),
  };
}

export async function verifyOverHttp(client: Client): Promise<RecordVerification> {
  return verifyRecord(await fetchRecord(client));
}
