// The only way out to an address that somebody else named. Where a connection leads is checked on the very address it is made to, so that a
// name which changes its mind between check and connect gains nothing; redirects are never followed; answers are not read further than their status.
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../core/access/public-address.ts';

/** Why nothing was sent, or no answer came. Names no host: it may be shown to whoever gave the address. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly code = 'outbound';
  readonly reason: OutboundReason;
  constructor(reason: OutboundReason) {
    super(reason);
    this.reason = reason;
  }
}

export type OutboundReason =
  'address-malformed' | 'scheme-refused' | 'address-refused' | 'name-unknown' | 'unreachable' | 'timeout';

export interface OutboundCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutboundRules {
  /** `host` or `host:port`, in lower case, that may be reached although their address is private, and without TLS. */
  readonly allowHosts: readonly string[];
  readonly timeoutMs: number;
}

/** A URL that may be called at all, by its text alone. @throws OutboundError */
export function readOutboundUrl(text: string, allowHosts: readonly string[]): URL {
  if (text.length > 2000 || !URL.canParse(text)) throw new OutboundError('address-malformed');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundError('scheme-refused');
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new OutboundError('address-malformed');
  if (isAllowed(url, allowHosts)) return url;
  if (url.protocol !== 'https:') throw new OutboundError('scheme-refused');
  const host = bareHost(url);
  if (
    isIP(host) !== 0
      ? !isPublicAddress(host)
      : !host.includes('.') || /(^|\.)(localhost|local|internal)\.?$/.test(host)
  )
    throw new OutboundError('address-refused');
  return url;
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

function isAllowed(url: URL, allowHosts: readonly string[]): boolean {
  const host = bareHost(url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return allowHosts.some((one) => one === host || one === `${host}:${port}`);
}

/** Resolves with the status of the answer, whatever it is. @throws OutboundError */
export function callOutbound(call: OutboundCall, rules: OutboundRules): Promise<number> {
  const url = readOutboundUrl(call.url, rules.allowHosts);
  const allowed = isAllowed(url, rules.allowHosts);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const bytes = call.body === undefined ? undefined : Buffer.from(call.body, 'utf8');
  return new Promise<number>((resolve, reject) => {
    const sent = send(
      url,
      {
        method: call.method,
        headers: { ...call.headers, 'content-length': bytes?.length ?? 0, connection: 'close' },
        agent: false,
        // The whole of it, from the first packet to the status, not only its silences.
        signal: AbortSignal.timeout(rules.timeoutMs),
        ...(allowed ? {} : { lookup: publicLookup }),
      },
      (answer: IncomingMessage) => {
        resolve(answer.statusCode ?? 0);
        answer.destroy();
      },
    );
    sent.on('error', (error: Error & { code?: string }) => reject(reasonOf(error)));
    sent.end(bytes);
  });
}

function reasonOf(error: Error & { code?: string }): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return new OutboundError('timeout');
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return new OutboundError('name-unknown');
  return new OutboundError('unreachable');
}

/** As the system resolves names, less every address that is not public; one private address among them refuses the name. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? [];
    if (error || first === undefined) return done(error ?? new OutboundError('name-unknown'), []);
    if (!addresses.every(({ address }) => isPublicAddress(address)))
      return done(new OutboundError('address-refused'), []);
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};
