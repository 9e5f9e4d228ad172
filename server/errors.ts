// The only place that turns an error into an answer. Rooms throw named errors with a stable code; nothing here or there quotes a person's data.
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An error that a client may be told about. `fields` name what is wrong, never its value. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly { field: string; code: string }[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    title: string,
    extra: { fields?: readonly { field: string; code: string }[]; headers?: Record<string, string> } = {},
  ) {
    super(title);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.fields = extra.fields ?? [];
    this.headers = extra.headers ?? {};
  }
}

export interface OutcomeIssue {
  severity: 'fatal' | 'error' | 'warning' | 'information';
  /** FHIR issue-type code. */
  code: string;
  diagnostics: string;
  /** The rule that says so, where it has an id of its own. */
  details?: { coding: { system: string; code: string; display: string }[]; text: string };
  expression?: string[];
}

/** A refusal on a FHIR route, answered as an OperationOutcome. */
export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly OutcomeIssue[];
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, issues: readonly OutcomeIssue[], headers: Record<string, string> = {}) {
    super(issues[0]?.code ?? 'exception');
    this.name = 'FhirError';
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

export function fhirError(status: number, code: string, diagnostics: string, expression?: string): FhirError {
  return new FhirError(status, [
    { severity: 'error', code, diagnostics, ...(expression ? { expression: [expression] } : {}) },
  ]);
}

/** A refusal on an OAuth route (RFC 6749, section 5.2). */
export class OauthError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, description: string, headers: Record<string, string> = {}) {
    super(description);
    this.name = 'OauthError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

const isOauth = (url: string) => url.startsWith('/oauth/');
const isFhir = (url: string) => url.startsWith('/fhir/');

/** Statuses for errors of lower storeys, by their stable code. */
const statusByCode: Record<string, [number, string, string]> = {
  'version-conflict': [
    409,
    'conflict',
    'Somebody changed this first. Nothing was saved. Load it again and repeat your change.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too-long', 'This is larger than the server accepts. Nothing was saved.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'not-supported', 'This kind of content is not accepted here.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'structure', 'The request has no body.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'structure', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'structure', 'The length of the body is not what was announced.'],
  'scan-unavailable': [
    503,
    'transient',
    'What looks for malware cannot be reached right now. Nothing was saved. Try again shortly.',
  ],
  'file-store': [503, 'transient', 'The store of files cannot be reached right now. Try again shortly.'],
  'database-unavailable': [
    503,
    'transient',
    'The record cannot be reached right now. Nothing was saved. Try again shortly.',
  ],
};

/** No room: of the database, of the file system, of this account on it. */
const diskFull = new Set(['53100', 'ENOSPC', 'EDQUOT']);

const databaseDown = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '53300',
]);
// The last two: still in each other's way after several tries.
const databaseSlow = new Set(['57014', '55P03', '40001', '40P01']);

interface Answer {
  status: number;
  code: string;
  title: string;
  fields?: readonly { field: string; code: string }[];
  headers?: Readonly<Record<string, string>>;
}

function answerOf(error: unknown): Answer {
  if (error instanceof ApiError || error instanceof OauthError) {
    return {
      status: error.status,
      code: error.code,
      title: error.message,
      ...(error instanceof ApiError ? { fields: error.fields } : {}),
      headers: error.headers,
    };
  }
  if (error instanceof FhirError) {
    const [issue] = error.issues;
    return {
      status: error.status,
      code: issue?.code === 'login' ? 'not-signed-in' : (issue?.code ?? 'exception'),
      title: issue?.diagnostics ?? 'This was refused.',
      // A rule with an id of its own is named, so that an answer to it can be given.
      fields: error.issues.flatMap(({ details, expression }) =>
        (details?.coding ?? []).map(({ code }) => ({ field: expression?.[0] ?? '', code })),
      ),
      headers: error.headers,
    };
  }
  const { code, statusCode, message, validation } = error as {
    code?: string;
    statusCode?: number;
    message?: string;
    validation?: { instancePath: string; keyword: string; params?: { missingProperty?: string } }[];
  };
  if (validation) {
    const fields = validation.map((v) => ({
      field: (v.params?.missingProperty ?? v.instancePath.slice(1).replaceAll('/', '.')) || 'body',
      code: v.keyword,
    }));
    return {
      status: 400,
      code: 'invalid',
      title: 'Something in the request is missing or of the wrong kind.',
      fields,
    };
  }
  const known = code ? statusByCode[code] : undefined;
  if (known) return { status: known[0], code: known[1], title: known[2] };
  if (code && diskFull.has(code))
    return {
      status: 507,
      code: 'no-room',
      title:
        'The server has no room left. Nothing was saved, and nothing was shown that could not be entered.',
    };
  // Where no connection came free in time, the pool says so without a code.
  if (
    (code && databaseDown.has(code)) ||
    /timeout exceeded when trying to connect|Connection terminated/.test(message ?? '')
  ) {
    return {
      status: 503,
      code: 'transient',
      title: 'The record cannot be reached right now. Nothing was saved. Try again shortly.',
      headers: { 'retry-after': '2' },
    };
  }
  if (code && databaseSlow.has(code)) {
    return {
      status: 503,
      code: 'timeout',
      title: 'This took longer than allowed and was stopped. Nothing was saved.',
      headers: { 'retry-after': '2' },
    };
  }
  if (statusCode === 429)
    return { status: 429, code: 'throttled', title: 'Too many requests. Wait a moment and try again.' };
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: 'invalid', title: 'The request could not be read.' };
  }
  return { status: 500, code: 'exception', title: 'Something went wrong on our side. Nothing was saved.' };
}

/** Fastify's error handler: problem details (RFC 9457) on `/api`, OperationOutcome on `/fhir`. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const requestId = request.id;
  if (error instanceof FhirError && isFhir(request.url)) {
    return reply
      .code(error.status)
      .headers(error.headers)
      .type('application/fhir+json; charset=utf-8')
      .send(JSON.stringify({ resourceType: 'OperationOutcome', issue: error.issues }));
  }
  const answer = answerOf(error);
  if (answer.status >= 500) {
    // Only the name, code and stack leave: a database error's message or detail may quote a row.
    const { name, code, stack } = error as { name?: string; code?: string; stack?: string };
    request.log.error(
      {
        requestId,
        name,
        code,
        at: stack
          ?.split('\n')
          .filter((line) => line.startsWith('    at '))
          .slice(0, 6),
      },
      'request failed',
    );
  }
  if (answer.headers) reply.headers(answer.headers);
  if (isFhir(request.url)) {
    return reply
      .code(answer.status)
      .type('application/fhir+json; charset=utf-8')
      .send(
        JSON.stringify({
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: fhirIssueCode(answer), diagnostics: answer.title }],
        }),
      );
  }
  if (isOauth(request.url)) {
    return reply
      .code(answer.status)
      .headers({ 'cache-control': 'no-store', pragma: 'no-cache' })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify({ error: oauthCode(error, answer), error_description: answer.title }));
  }
  return reply
    .code(answer.status)
    .type('application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: answer.title,
        status: answer.status,
        code: answer.code,
        requestId,
        ...(answer.fields?.length ? { fields: answer.fields } : {}),
      }),
    );
}

function oauthCode(error: unknown, { status }: Answer): string {
  if (error instanceof OauthError) return error.code;
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
}

function fhirIssueCode({ status, code }: Answer): string {
  const byStatus: Record<number, string> = {
    401: 'login',
    403: 'forbidden',
    404: 'not-found',
    429: 'throttled',
    507: 'no-store',
  };
  return (
    byStatus[status] ??
    (/^(conflict|too-long|not-supported|structure|transient|timeout|invalid|exception)$/.test(code)
      ? code
      : 'processing')
  );
}
