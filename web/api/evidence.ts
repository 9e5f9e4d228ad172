// What the server hands over so that this device can check it: leaves, salts, statements, texts, checkpoints. Trusts none of it.
import { get, request } from './client.ts';

export interface Evidence {
  readonly leaf: string;
  readonly leafIndex: number;
  readonly seq: number;
  readonly size: number;
  /** Statement and salt are absent once the entry was erased. */
  readonly statement?: string;
  readonly salt?: string;
  readonly erasedBy?: string;
  readonly hashes: readonly string[];
}

export interface EntryAnswer {
  readonly entryId: string;
  readonly recordedAt: string;
  readonly state: 'pending' | 'logged' | 'witnessed' | 'anchored';
  readonly anchor?: { readonly block: number; readonly chainId: number; readonly local: boolean };
  readonly witnesses?: { readonly count: number; readonly of: number };
  readonly event: string;
  readonly on?: { readonly type: string; readonly id: string; readonly version?: number };
  /** Absent while the entry waits for the log. */
  readonly evidence?: Evidence;
  readonly checkpoint: string;
}

export interface ChainPage {
  readonly pseudonym: string;
  readonly size: number;
  readonly checkpoint: string;
  readonly links: readonly (Evidence & { readonly entryId: string; readonly content?: string | null })[];
  readonly next?: number;
}

/** The log's verifier key, one line of text. */
export async function readLogKey(signal?: AbortSignal): Promise<string> {
  return (await get<string>('/log/vkey', { signal, accept: 'text/plain' })).trim();
}

/** One entry of the signed-in person with its evidence. */
export async function readEntry(entryId: string, signal?: AbortSignal): Promise<EntryAnswer> {
  return get<EntryAnswer>(`/api/entries/${encodeURIComponent(entryId)}`, { signal });
}

/** The exact text of one version as stored, and the entry it became. `version` absent: what stands now. */
export async function readVersionText(
  type: string,
  id: string,
  version: string | undefined,
  signal?: AbortSignal,
): Promise<{ text: string; entryId: string | undefined }> {
  const path = `/fhir/R4/${type}/${encodeURIComponent(id)}${version === undefined ? '' : `/_history/${version}`}`;
  const { data, ledgerEntry } = await request<string>('GET', path, {
    signal,
    asText: true,
    triesAfterNoConnection: 1,
  });
  return { text: data, entryId: ledgerEntry };
}

/** The whole chain, page by page under one checkpoint. `onProgress` hears how many links have come. */
export async function readChain(
  onProgress: (links: number) => void,
  signal?: AbortSignal,
): Promise<ChainPage> {
  let page = await get<ChainPage>('/api/chain?limit=200', { signal, timeoutMs: 60_000 });
  const first = page;
  const links = [...page.links];
  onProgress(links.length);
  while (page.next !== undefined) {
    page = await get<ChainPage>(`/api/chain?limit=200&from=${page.next}&size=${first.size}`, {
      signal,
      timeoutMs: 60_000,
    });
    links.push(...page.links);
    onProgress(links.length);
  }
  return { ...first, links };
}
