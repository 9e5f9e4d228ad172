// The only fetch of the web app. Turns every answer that is not a success into one kind of error.
// Knows addresses only as they are given; never repeats a write by itself.

import { addressFor } from './acting.ts';

export interface FieldErrors {
  readonly [field: string]: string;
}

/**
 * What went wrong, in one shape: RFC 9457 problem details, a FHIR OperationOutcome, or no answer at all.
 * `status` is 0 when there was no answer; `code` is then `no-connection` or `timeout`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** Field name to the code of what is wrong with it, or FHIR expression to the server's words about it. */
  readonly fieldErrors: FieldErrors;
  readonly retryAfterSeconds: number | undefined;
  /** Other members of the problem, for instance the least length of a password. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(problem: {
    status: number;
    code: string;
    title: string;
    fieldErrors?: FieldErrors;
    retryAfterSeconds?: number | undefined;
    facts?: Readonly<Record<string, unknown>>;
  }) {
    super(`${problem.status} ${problem.code}`);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.fieldErrors = problem.fieldErrors ?? {};
    this.retryAfterSeconds = problem.retryAfterSeconds;
    this.facts = problem.facts ?? {};
  }
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  /** Sent as JSON, unless it is a Blob or FormData, which goes as it is. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** The version a change is based on, as the server gave it in `ETag`. */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default 15 seconds. */
  readonly timeoutMs?: number;
  /**
   * Tries again this many times, but only after a failure without any answer from the network. For writes give it
   * only where doing it twice is the same as once.
   */
  readonly triesAfterNoConnection?: number;
  readonly accept?: string;
  /** What a protocol wants beside all this. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Give the body as bytes, whatever its type: `Uint8Array`. */
  readonly asBytes?: boolean;
  /** Give the body's exact text, even where it is JSON: for what is hashed. */
  readonly asText?: boolean;
}

export interface Answer<Data> {
  readonly data: Data;
  readonly status: number;
  readonly etag: string | undefined;
  readonly location: string | undefined;
  /** Id of the entry of the log that this write became. */
  readonly ledgerEntry: string | undefined;
  readonly headers: Headers;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const PAUSE_MS = 800;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readFieldErrors(errors: unknown): FieldErrors {
  if (isRecord(errors)) {
    return Object.fromEntries(
      Object.entries(errors).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
  if (!Array.isArray(errors)) return {};
  return Object.fromEntries(
    errors.filter(isRecord).flatMap((each) => {
      const field = text(each['field']) ?? text(each['pointer']) ?? text(each['name']);
      const words = text(each['code']) ?? text(each['message']) ?? text(each['detail']);
      return field === undefined || words === undefined ? [] : [[field.replace(/^[#/]+/, ''), words]];
    }),
  );
}

function readOutcome(outcome: Record<string, unknown>): {
  code: string;
  title: string;
  fieldErrors: FieldErrors;
} {
  const issues = Array.isArray(outcome['issue']) ? outcome['issue'].filter(isRecord) : [];
  const words = (issue: Record<string, unknown>): string | undefined =>
    (isRecord(issue['details']) ? text(issue['details']['text']) : undefined) ?? text(issue['diagnostics']);
  const first = issues[0];
  const fieldErrors = Object.fromEntries(
    issues.flatMap((issue) => {
      const expression: unknown = Array.isArray(issue['expression']) ? issue['expression'][0] : undefined;
      const said = words(issue);
      return typeof expression === 'string' && said !== undefined ? [[expression, said]] : [];
    }),
  );
  return {
    code: (first && text(first['code'])) ?? 'unknown',
    title: (first && words(first)) ?? '',
    fieldErrors,
  };
}

/** Reads the body of an answer that is not a success. Exported for its tests. */
export function readProblem(status: number, body: unknown, retryAfter: string | null): ApiError {
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
  if (isRecord(body) && body['resourceType'] === 'OperationOutcome') {
    return new ApiError({ status, ...readOutcome(body), retryAfterSeconds: seconds, facts: body });
  }
  const problem = isRecord(body) ? body : {};
  return new ApiError({
    status,
    code: text(problem['code']) ?? 'unknown',
    title: text(problem['title']) ?? '',
    fieldErrors: readFieldErrors(problem['fields'] ?? problem['errors']),
    retryAfterSeconds: seconds,
    facts: problem,
  });
}

async function readBody(
  response: Response,
  { asText = false, asBytes = false }: RequestOptions,
): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 204 || response.status === 304) return undefined;
  if (response.ok && (asBytes || type === 'application/octet-stream'))
    return new Uint8Array(await response.arrayBuffer());
  if (/\bjson\b/.test(type) && !(asText && response.ok)) {
    return response.json().catch(() => undefined);
  }
  return response.text();
}

async function fetchOnce(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const { body } = options;
  const isRaw = body instanceof Blob || body instanceof FormData;
  const isFhir = path.startsWith('/fhir/');
  const headers = new Headers({
    accept: options.accept ?? (isFhir ? 'application/fhir+json' : 'application/json'),
    ...options.headers,
  });
  if (options.contentType !== undefined) headers.set('content-type', options.contentType);
  else if (body !== undefined && !isRaw) {
    headers.set('content-type', isFhir ? 'application/fhir+json' : 'application/json');
  }
  if (options.ifMatch !== undefined) headers.set('if-match', options.ifMatch);
  try {
    return await fetch(addressFor(path), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]),
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const code = timeout.aborted ? 'timeout' : 'no-connection';
    throw new ApiError({ status: 0, code, title: '' });
  }
}

/**
 * One request. Resolves with the parsed body (JSON, or text for other types) and the headers that matter.
 * `Data` is what the caller knows the server answers at this address. Throws ApiError.
 */
export async function request<Data>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<Answer<Data>> {
  let triesLeft = options.triesAfterNoConnection ?? 0;
  for (;;) {
    try {
      const response = await fetchOnce(method, path, options);
      const body = await readBody(response, options);
      if (!response.ok) throw readProblem(response.status, body, response.headers.get('retry-after'));
      return {
        data: body as Data,
        status: response.status,
        etag: response.headers.get('etag') ?? undefined,
        location: response.headers.get('location') ?? undefined,
        ledgerEntry: response.headers.get('ledger-entry') ?? undefined,
        headers: response.headers,
      };
    } catch (error) {
      if (triesLeft === 0 || !(error instanceof ApiError) || error.code !== 'no-connection') throw error;
      triesLeft -= 1;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}

/** GET and only the body. Reads may be repeated, so one lost connection is forgiven. */
export async function get<Data>(path: string, options: RequestOptions = {}): Promise<Data> {
  return (await request<Data>('GET', path, { triesAfterNoConnection: 1, ...options })).data;
}

/** POST, PUT, PATCH or DELETE, and only the body of the answer. */
export async function send<Data = undefined>(
  method: Exclude<Method, 'GET'>,
  path: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<Data> {
  return (await request<Data>(method, path, body === undefined ? options : { ...options, body })).data;
}
