// What an app says of itself when it is registered, made sure of: where it may be answered, what it may ask for, how it proves itself.
import { appScopeText } from '../../core/access/app-scopes.ts';
import type { StatementWho } from '../../core/ledger/statement.ts';
import type { Deps } from '../http/deps.ts';
import { hashToken } from '../http/session-cookie.ts';
import { insertApp } from '../storage/app-clients.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { isPlainScope, readAppScope, wordsOf } from './app-scopes.ts';
import { requirePublicKeys } from './public-keys.ts';

/** How many may wait for an administrator. */
const most = { waiting: 500, waitingOfOne: 10 };

export type AppProof = 'none' | 'secret' | 'key';

export interface WantedApp {
  name: string;
  about: string;
  contact: string;
  redirectUris: readonly string[];
  launchUri?: string | undefined;
  scope: string;
  proof: AppProof;
  jwks?: unknown;
  /** Chosen by the demo only. */
  clientId?: string;
}

export interface RegisteredApp {
  clientId: string;
  secret?: string;
  scope: string;
}

/** Something in what the app says of itself cannot be. `field` is ours; nothing of the value is in the message. */
export class AppProblem extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.name = 'AppProblem';
    this.field = field;
  }
}

/** @throws AppProblem */
export async function registerApp(
  deps: Deps,
  who: StatementWho,
  wanted: WantedApp,
  { registeredBy = null, approved = false }: { registeredBy?: string | null; approved?: boolean } = {},
): Promise<RegisteredApp> {
  const name = plainText('name', wanted.name, 1, 60);
  const scope = requireAppScope(deps, wanted.scope);
  const jwks = wanted.proof === 'key' ? keysOf(wanted.jwks) : null;
  const secret =
    wanted.proof === 'secret' ? Buffer.from(deps.randomBytes(32)).toString('base64url') : undefined;
  const clientId = wanted.clientId ?? `app-${Buffer.from(deps.randomBytes(10)).toString('hex')}`;
  const app = {
    clientId,
    name,
    about: plainText('about', wanted.about, 0, 500),
    contact: plainText('contact', wanted.contact, 0, 200),
    secretHash: secret === undefined ? null : hashToken(secret),
    jwks,
    scope,
    redirectUris: requireRedirects(wanted.redirectUris),
    launchUri: wanted.launchUri === undefined ? null : requireAddress('launchUri', wanted.launchUri),
    registeredBy,
  };
  const made = await insertApp(deps.db.pool, app, deps.now(), most, approved);
  if (made === 'full')
    throw new AppProblem('name', 'Too many apps wait for an administrator. Try again later.');
  if (made === 'taken') throw new AppProblem('clientId', 'This client id is taken.');
  await deps.entries.store(
    sealEntry(
      '',
      {
        event: 'app-register',
        outcome: 'done',
        who,
        basis: approved ? 'operator' : 'waits-for-administrator',
        detail: { client: clientId, app: name, scope },
      },
      deps,
    ),
  );
  return { clientId, ...(secret === undefined ? {} : { secret }), scope };
}

/** What people read: one line, without characters that rearrange it. */
function plainText(field: string, text: string, least: number, longest: number): string {
  const trimmed = text.normalize('NFC').trim();
  if (
    trimmed.length < least ||
    trimmed.length > longest ||
    /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(trimmed)
  )
    throw new AppProblem(field, `A text of ${least} to ${longest} characters is expected.`);
  return trimmed;
}

function requireAppScope(deps: Deps, text: string): string {
  const words = wordsOf(text.replaceAll(/\s+/g, ' '));
  if (words.length === 0 || words.length > 100)
    throw new AppProblem('scope', 'Name what the app may ask for.');
  const read = words.map((word) => {
    if (isPlainScope(word)) return word;
    const scope = readAppScope(deps, word);
    if (typeof scope === 'string')
      throw new AppProblem('scope', `One of the scopes cannot be given by a person (${scope}).`);
    return appScopeText(scope);
  });
  return [...new Set(read)].join(' ');
}

function keysOf(jwks: unknown): { keys: Record<string, unknown>[] } {
  try {
    return requirePublicKeys(jwks);
  } catch (error) {
    throw new AppProblem('jwks', (error as Error).message);
  }
}

function requireRedirects(uris: readonly string[]): string[] {
  if (uris.length === 0 || uris.length > 10)
    throw new AppProblem('redirectUris', 'One to ten addresses are expected.');
  return [...new Set(uris.map((uri) => requireAddress('redirectUris', uri)))];
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * An address that an app may be answered at: https; plain http on the same machine; or a scheme of its own with a dot in it (RFC 8252).
 * It is kept as it was written, because it is compared as it was written.
 */
function requireAddress(field: string, text: string): string {
  const refuse = () =>
    new AppProblem(
      field,
      'An address is https://…, http:// on this very machine, or a scheme of its own such as org.example.app:/callback.',
    );
  const url =
    text.length <= 500 && /^[\x21-\x7e]+$/.test(text) && !text.includes('\\') ? URL.parse(text) : null;
  if (!url || text.includes('#') || url.username !== '' || url.password !== '') throw refuse();
  if (url.protocol === 'https:') return text;
  if (url.protocol === 'http:' && loopback.has(url.hostname)) return text;
  const own = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:$/.test(url.protocol);
  if (own && field === 'redirectUris' && url.host === '') return text;
  throw refuse();
}
