// The only reader of the environment: turns variables into one frozen, typed object or a ConfigError that names the variable.
// Must not know databases, routes or cookies; values of variables never appear in an error.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { majorityOf } from '../core/ledger/policy.ts';
import { parseVerifierKey, SIGNATURE_TYPES } from '../core/ledger/verifier-key.ts';
import type { VerifierKey } from '../core/ledger/verifier-key.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type LogLevel = (typeof logLevels)[number];
export type Mode = (typeof modes)[number];

/** Twilio credentials for text messages; all three or none. */
export interface TwilioConfig {
  readonly accountSid: string;
  readonly authToken: string;
  readonly from: string;
}

/** Who is asked to cosign each checkpoint, and how many of them make it a witnessed one. */
export interface WitnessesConfig {
  readonly threshold: number;
  readonly witnesses: readonly { readonly key: VerifierKey; readonly url: string }[];
}

/** Where roots are anchored; without an address, on the embedded local chain. */
export interface ChainConfig {
  /** May carry a key: never log it. */
  readonly rpcUrl: string | undefined;
  /** Another node, that must say the same before an anchor counts. */
  readonly secondRpcUrl: string | undefined;
  readonly privateKeyFile: string | undefined;
  /** Lower case. */
  readonly contract: string | undefined;
  /** How many blocks make an anchor certain; undefined: those that the chain itself calls final. */
  readonly confirmations: number | undefined;
  /** 0: nothing is anchored by itself. */
  readonly everyMinutes: number;
  /** More than this for a unit of gas is never offered. */
  readonly mostFeeGwei: number;
}

/** A clamd that is sent each file, or a program that is given its path. */
export type ScanConfig =
  | { readonly kind: 'clamd'; readonly host: string; readonly port: number }
  | { readonly kind: 'clamd'; readonly path: string }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] };

export interface Config {
  readonly mode: Mode;
  /** True in production: no debug routes, no demo. */
  readonly production: boolean;
  /** Set by the demo entry only, never by a variable. */
  readonly demo: boolean;
  readonly port: number;
  readonly host: string;
  /** The origin people and cards see, without a trailing slash: `https://health.example.org`. */
  readonly publicUrl: string;
  /**
   * Whether cookies carry `Secure` (and may so be named `__Host-…`). True for https, and for http on loopback,
   * which browsers treat as trustworthy: Chromium stores and sends such cookies on http://localhost and http://127.0.0.1.
   */
  readonly secureCookies: boolean;
  /** Absolute path. */
  readonly dataDir: string;
  /** Undefined: the embedded PostgreSQL under `dataDir`. Holds a password: never log it. */
  readonly databaseUrl: string | undefined;
  /** `file:` (default: the folder `files` under `dataDir`) or `s3:`. May carry a key: never log it. */
  readonly storageUrl: string;
  /** What looks for malware in what is uploaded; undefined: nothing does. */
  readonly scan: ScanConfig | undefined;
  readonly logLevel: LogLevel;
  /** How long a recovered account waits for its new password, in which the person can stop it. */
  readonly recoveryDelayHours: number;
  /** Proxies whose `X-Forwarded-*` is believed: addresses or ranges. Empty: nobody's. */
  readonly trustProxy: readonly string[];
  /** Hosts (`host` or `host:port`) that subscriptions may be delivered to although they are private or without TLS. */
  readonly subscriptionAllowHosts: readonly string[];
  /** Holds a password: never log it. */
  readonly smtpUrl: string | undefined;
  /** Whom mails are from. */
  readonly mailFrom: string;
  readonly twilio: TwilioConfig | undefined;
  readonly witnesses: WitnessesConfig;
  readonly chain: ChainConfig;
}

/** A variable that is missing or wrong. The message names it and never repeats its value, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config';
  readonly variable: string;
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.variable = variable;
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const modes = ['development', 'test', 'production'] as const;

/**
 * Reads every variable once. An empty variable counts as unset.
 * @param options.demo set by the demo entry: refused in production and beyond loopback.
 * @throws ConfigError
 */
export function readConfig(environment: Environment, options: { readonly demo?: boolean } = {}): Config {
  const text = (variable: string) => readText(environment, variable);
  const demo = options.demo ?? false;
  const mode = readOneOf('NODE_ENV', text('NODE_ENV') ?? 'development', modes);
  const port = readPort(text('PORT') ?? '8080');
  const host = readHost(text('HOST') ?? '127.0.0.1');
  const statedUrl = text('PUBLIC_URL');
  if (statedUrl === undefined && port === 0)
    throw new ConfigError('PUBLIC_URL', 'must be set when PORT is 0');
  if (statedUrl === undefined && mode === 'production' && !isLoopback(host)) {
    throw new ConfigError(
      'PUBLIC_URL',
      'must be set in production when HOST is not loopback: cards carry it',
    );
  }
  const publicUrl = readPublicUrl(statedUrl ?? `http://localhost:${port}`);
  const publicHost = new URL(publicUrl).hostname;
  if (demo && mode === 'production')
    throw new ConfigError('NODE_ENV', 'must not be production for the demo: its passwords are public');
  if (demo && !isLoopback(publicHost))
    throw new ConfigError('PUBLIC_URL', 'must be a loopback address for the demo: its passwords are public');
  if (demo && !isLoopback(host))
    throw new ConfigError('HOST', 'must be a loopback address for the demo: its passwords are public');
  const dataDir = resolve(text('DATA_DIR') ?? (demo ? 'data-demo' : 'data'));
  return Object.freeze({
    mode,
    production: mode === 'production',
    demo,
    port,
    host,
    publicUrl,
    secureCookies: publicUrl.startsWith('https:') || isLoopback(publicHost),
    dataDir,
    databaseUrl: readUrl(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    storageUrl: readStorageUrl(environment) ?? pathToFileURL(resolve(dataDir, 'files')).href,
    scan: readScan(environment),
    logLevel: readOneOf('LOG_LEVEL', text('LOG_LEVEL') ?? 'info', logLevels),
    recoveryDelayHours: readWhole(environment, 'RECOVERY_DELAY_HOURS', 1, 720) ?? 72,
    trustProxy: Object.freeze(readTrustProxy(text('TRUST_PROXY'))),
    subscriptionAllowHosts: Object.freeze(
      readHosts('SUBSCRIPTION_ALLOW_HOSTS', text('SUBSCRIPTION_ALLOW_HOSTS')),
    ),
    smtpUrl: readUrl(environment, 'SMTP_URL', ['smtp:', 'smtps:']),
    mailFrom: text('MAIL_FROM') ?? `Medallion <no-reply@${publicHost}>`,
    twilio: readTwilio(environment),
    witnesses: Object.freeze(readWitnesses(text('WITNESSES'))),
    chain: readChain(environment),
  });
}

function readText(environment: Environment, variable: string): string | undefined {
  const value = environment[variable];
  if (value === undefined || value.trim() === '') return undefined;
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
  if (/[\u0000-\u001f\u007f]/.test(value))
    throw new ConfigError(variable, 'must not hold control characters');
  return value.trim();
}

function readOneOf<T extends string>(variable: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new ConfigError(variable, `must be one of ${allowed.join(', ')}`);
  return found;
}

function readPort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port <= 65535)) throw new ConfigError('PORT', 'must be a whole number from 0 to 65535');
  return port;
}

function readHost(value: string): string {
  if (isIP(value) === 0 && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value)) {
    throw new ConfigError('HOST', 'must be an IP address or a host name, without scheme or port');
  }
  return value;
}

function readPublicUrl(value: string): string {
  const wrong = (problem: string) => new ConfigError('PUBLIC_URL', problem);
  if (!URL.canParse(value)) throw wrong('must be a full address such as https://health.example.org');
  const url = new URL(value);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong('must begin with https://');
  if (url.username !== '' || url.password !== '') throw wrong('must not hold a user name or password');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || /[?#]$/.test(value)) {
    throw wrong('must be an origin only: no path, query or fragment');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw wrong(
      'must begin with https:// unless it is a loopback address: browsers refuse the sign-in cookie',
    );
  }
  return url.origin;
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}

function readUrl(environment: Environment, variable: string, schemes: readonly string[]): string | undefined {
  const value = readText(environment, variable);
  if (value === undefined) return undefined;
  if (!URL.canParse(value) || !schemes.includes(new URL(value).protocol)) {
    throw new ConfigError(variable, `must be an address that begins with ${schemes.join(' or ')}`);
  }
  return value;
}

function readTrustProxy(value: string | undefined): string[] {
  if (value === undefined || value === 'off' || value === 'false') return [];
  const proxies = value.split(',').map((part) => part.trim());
  for (const proxy of proxies) {
    const [address = '', bits, ...rest] = proxy.split('/');
    const family = isIP(address);
    const limit = family === 4 ? 32 : 128;
    // A range of zero bits would believe every stranger's X-Forwarded-For.
    const rangeHolds =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= limit);
    if (proxy !== 'loopback' && (family === 0 || !rangeHolds || rest.length > 0)) {
      throw new ConfigError(
        'TRUST_PROXY',
        'must be off, or a list of addresses, ranges (10.0.0.0/8) or loopback',
      );
    }
  }
  return proxies;
}

function readStorageUrl(environment: Environment): string | undefined {
  const value = readUrl(environment, 'STORAGE_URL', ['file:', 's3:']);
  if (value === undefined || value.startsWith('file:')) return value;
  const { host, username, password, pathname } = new URL(value);
  if (host === '' || username === '' || password === '' || !/^\/[^/]/.test(pathname))
    throw new ConfigError(
      'STORAGE_URL',
      'must be s3://<access key>:<secret>@<host>/<bucket>?region=<region>',
    );
  return value;
}

/** `tcp://host:port` or `unix:/path` of a clamd, or a command; never both. */
function readScan(environment: Environment): ScanConfig | undefined {
  const command = readText(environment, 'SCAN_COMMAND');
  const address = readUrl(environment, 'SCAN_URL', ['tcp:', 'unix:']);
  if (command !== undefined && address !== undefined)
    throw new ConfigError('SCAN_COMMAND', 'must not be set beside SCAN_URL');
  if (command !== undefined) {
    const [program = '', ...args] = command.split(/ +/);
    return { kind: 'command', command: program, args };
  }
  if (address === undefined) return undefined;
  const { protocol, hostname, port, pathname } = new URL(address);
  if (protocol === 'unix:') return { kind: 'clamd', path: pathname };
  if (hostname === '') throw new ConfigError('SCAN_URL', 'must name a host, as in tcp://127.0.0.1:3310');
  return { kind: 'clamd', host: hostname, port: port === '' ? 3310 : Number(port) };
}

/** `<key> <address>, <key> <address>`, after `<n> of` when it is not to be the majority. */
function readWitnesses(value: string | undefined): WitnessesConfig {
  if (value === undefined) return { threshold: 0, witnesses: [] };
  const wrong = (problem: string) => new ConfigError('WITNESSES', problem);
  const [, stated, list = ''] = /^(?:([1-9][0-9]?) of )?(.*)$/.exec(value) ?? [];
  const witnesses = list.split(',').map((one) => {
    const [vkey = '', url = '', ...rest] = one.trim().split(/ +/);
    const key = readCosigningKey(vkey);
    if (!key || rest.length > 0)
      throw wrong('must be a list of `<witness key> <address>`, separated by commas');
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (!address || !/^https?:$/.test(address.protocol) || address.search !== '' || address.hash !== '')
      throw wrong('must name an http(s) address, without query, behind each key');
    if (address.username !== '' || address.password !== '')
      throw wrong('must not hold a user name or password');
    return { key, url: address.href.replace(/\/+$/, '') };
  });
  if (new Set(witnesses.map(({ key }) => key.publicKey.join())).size !== witnesses.length)
    throw wrong('must name each witness once');
  const threshold = stated === undefined ? majorityOf(witnesses.length) : Number(stated);
  if (witnesses.length > 16 || threshold > witnesses.length)
    throw wrong('must name at most 16 witnesses, and not ask for more than there are');
  return { threshold, witnesses };
}

function readCosigningKey(vkey: string): VerifierKey | undefined {
  try {
    const key = parseVerifierKey(vkey);
    return key.type === SIGNATURE_TYPES.cosignatureV1 ? key : undefined;
  } catch {
    return undefined;
  }
}

function readChain(environment: Environment): ChainConfig {
  const text = (variable: string) => readText(environment, variable);
  const rpcUrl = readUrl(environment, 'CHAIN_RPC_URL', ['http:', 'https:']);
  const chain = {
    rpcUrl,
    secondRpcUrl: readUrl(environment, 'CHAIN_SECOND_RPC_URL', ['http:', 'https:']),
    privateKeyFile: text('CHAIN_PRIVATE_KEY_FILE'),
    contract: text('CHAIN_CONTRACT')?.toLowerCase(),
    confirmations: readWhole(environment, 'CHAIN_CONFIRMATIONS', 1, 10_000),
    everyMinutes: readWhole(environment, 'CHAIN_EVERY_MINUTES', 0, 100_000) ?? 5,
    mostFeeGwei: readWhole(environment, 'CHAIN_MOST_FEE_GWEI', 1, 1_000_000) ?? 200,
  };
  if (chain.contract !== undefined && !/^0x[0-9a-f]{40}$/.test(chain.contract))
    throw new ConfigError('CHAIN_CONTRACT', 'must be an address: 0x and 40 hexadecimal digits');
  if (rpcUrl !== undefined && chain.privateKeyFile === undefined)
    throw new ConfigError('CHAIN_PRIVATE_KEY_FILE', 'must be set with CHAIN_RPC_URL: anchors are signed');
  if (rpcUrl === undefined) {
    for (const variable of ['CHAIN_SECOND_RPC_URL', 'CHAIN_PRIVATE_KEY_FILE', 'CHAIN_CONTRACT'])
      if (text(variable) !== undefined)
        throw new ConfigError(variable, 'must be set only with CHAIN_RPC_URL: the local chain has its own');
  }
  return Object.freeze(chain);
}

function readWhole(
  environment: Environment,
  variable: string,
  least: number,
  most: number,
): number | undefined {
  const value = readText(environment, variable);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new ConfigError(variable, `must be a whole number from ${least} to ${most}`);
  return number;
}

/** Exact hosts only: a pattern that lets in one host too many is how such lists fail. */
function readHosts(variable: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  const hosts = value.split(',').map((part) => part.trim().toLowerCase());
  if (
    !hosts.every((host) => /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:]{2,39})(:\d{1,5})?$/.test(host))
  )
    throw new ConfigError(variable, 'must be a list of hosts, each with its port or without');
  return hosts;
}

function readTwilio(environment: Environment): TwilioConfig | undefined {
  const variables = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;
  const [accountSid, authToken, from] = variables.map((variable) => readText(environment, variable));
  if (accountSid === undefined && authToken === undefined && from === undefined) return undefined;
  if (accountSid === undefined || authToken === undefined || from === undefined) {
    const missing = variables.find((variable) => readText(environment, variable) === undefined);
    throw new ConfigError(
      missing ?? variables[0],
      `must be set too: text messages need ${variables.join(', ')}`,
    );
  }
  return Object.freeze({ accountSid, authToken, from });
}
