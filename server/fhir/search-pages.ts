// Links to further pages: sealed, so that nobody can read, change or make one, and bound to who asked. A link gives no right:
// whoever follows it is decided on anew.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { NamedValue } from '../../core/fhir/search-query.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import { fhirError } from '../errors.ts';
import type { Deps } from '../http/deps.ts';
import { findSearchPageKey } from '../storage/search-page-key.ts';
import type { SearchCursor } from '../storage/search-store.ts';

export interface SearchPageLink {
  /** Path below the base that was asked: `Observation`, `Patient/1/Observation`, or nothing. */
  readonly path: string;
  readonly pairs: readonly NamedValue[];
  readonly lenient: boolean;
  readonly after: SearchCursor;
  readonly total: number | undefined;
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
/** Longest link that servers and proxies pass on. */
const linkLimit = 6000;
const inflatedLimit = 64 * 1024;

export async function sealPageLink(deps: Deps, who: StatementWho, link: SearchPageLink): Promise<string> {
  const key = await findSearchPageKey(deps.db.pool, deps.randomBytes);
  const nonce = deps.randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(boundTo(who)));
  const text = deflateRawSync(JSON.stringify(link));
  const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  const written = sealed.toString('base64url');
  if (written.length > linkLimit)
    throw fhirError(
      400,
      'too-costly',
      'This search is too long to be paged. Ask for fewer values.',
      'http.query',
    );
  return written;
}

/** Throws FhirError 400 for anything but a link that this server gave to this asker. */
export async function openPageLink(deps: Deps, who: StatementWho, written: string): Promise<SearchPageLink> {
  try {
    const key = await findSearchPageKey(deps.db.pool, deps.randomBytes);
    const sealed = Buffer.from(written.slice(0, linkLimit), 'base64url');
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceLength), {
      authTagLength: tagLength,
    })
      .setAAD(Buffer.from(boundTo(who)))
      .setAuthTag(sealed.subarray(-tagLength));
    const text = Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()]);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this server
    return JSON.parse(
      inflateRawSync(text, { maxOutputLength: inflatedLimit }).toString('utf8'),
    ) as SearchPageLink;
  } catch (error) {
    if (isDatabaseError(error)) throw error;
    throw fhirError(400, 'value', 'This link to a page was not given to you. Search again.', 'http._page');
  }
}

function boundTo({ role, account, reference, app }: StatementWho): string {
  return JSON.stringify([role, account ?? '', reference ?? '', app?.client ?? '']);
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && 'severity' in error;
}
