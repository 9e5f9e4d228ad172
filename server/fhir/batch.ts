// batch Bundles: each entry is a request of its own through the server's own door, so that it is judged exactly as it would be alone.
import type { FastifyRequest, InjectOptions } from 'fastify';
import { canonicalJson } from '../../core/fhir/json.ts';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { FhirAnswer } from './answer.ts';
import { bundleText } from './answer.ts';
import type { EntryMethod, EntryRequest } from './bundle-entries.ts';
import { entriesOf, patchOf, readEntry } from './bundle-entries.ts';
import { entryText } from './entry-answer.ts';
import { jsonPatchType } from './patch.ts';
import { returnPreference } from './prefer.ts';

/** How many entries are under way at a time. */
const atOnce = 8;
const mostAnswerBytes = 64 * 1024 * 1024;
/** FHIR R4 (RESTful API, transactions): what is read is read after what is written. */
const order: readonly (readonly EntryMethod[])[] = [['DELETE'], ['POST'], ['PUT', 'PATCH'], ['GET', 'HEAD']];
/** What says who asks and from where goes along with each entry. */
const passedOn = ['authorization', 'cookie', 'origin', 'sec-fetch-site', 'user-agent'] as const;

/** The text of the batch-response. */
export async function runBatch(deps: Deps, request: FastifyRequest, bundle: Resource): Promise<string> {
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const entries = entriesOf(bundle);
  const answers: string[] = [];
  let bytes = 0;
  const answerEntry = async (index: number, entry: EntryRequest | FhirError): Promise<void> => {
    const answer =
      entry instanceof FhirError
        ? failure(entry)
        : bytes > mostAnswerBytes
          ? failure(
              fhirError(413, 'too-costly', 'The answers to this batch are too long; ask for less at once.'),
            )
          : await ask(request, entry);
    bytes += answer.body?.length ?? 0;
    answers[index] = entryText(base, answer);
  };
  const read = entries.map((entry, index) => readOrError(entry, index, base));
  await eachOf(
    [...read.entries()].filter(([, one]) => one instanceof FhirError),
    ([index, one]) => answerEntry(index, one),
  );
  for (const methods of order) {
    const now = [...read.entries()].filter(
      (pair): pair is [number, EntryRequest] =>
        !(pair[1] instanceof FhirError) && methods.includes(pair[1].method),
    );
    // Requests are independent of each other, and many at once share one trip to the disk.
    await eachOf(now, ([index, one]) => answerEntry(index, one));
  }
  return bundleText('batch-response', {}, answers);
}

async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
}

function readOrError(entry: JsonValue, index: number, base: string): EntryRequest | FhirError {
  try {
    const read = readEntry(entry, index, base);
    if (read.path === '' && read.method !== 'GET')
      throw fhirError(400, 'not-supported', 'A batch holds no batch.', `${read.at}.request.url`);
    return read;
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
}

function failure({ status, issues }: FhirError): FhirAnswer {
  return { status, headers: {}, body: JSON.stringify({ resourceType: 'OperationOutcome', issue: issues }) };
}

async function ask(request: FastifyRequest, entry: EntryRequest): Promise<FhirAnswer> {
  const headers: Record<string, string> = { accept: 'application/fhir+json' };
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const conditions = {
    'if-match': entry.ifMatch,
    'if-none-match': entry.ifNoneMatch,
    'if-modified-since': entry.ifModifiedSince && new Date(entry.ifModifiedSince).toUTCString(),
    'if-none-exist': entry.ifNoneExist,
  };
  for (const [name, value] of Object.entries(conditions)) if (value !== undefined) headers[name] = value;
  const handling = /\bhandling=(strict|lenient)\b/.exec(String(request.headers.prefer ?? ''))?.[0];
  headers['prefer'] = [`return=${returnPreference(request) ?? 'minimal'}`, handling]
    .filter(Boolean)
    .join(', ');
  let payload: string | undefined;
  try {
    payload = bodyOf(entry, headers);
  } catch (error) {
    if (error instanceof FhirError) return failure(error);
    throw error;
  }
  const options: InjectOptions = {
    method: entry.method,
    url: `/fhir/R4/${entry.path}${entry.query === '' ? '' : `?${entry.query}`}`,
    headers,
    remoteAddress: request.ip,
    ...(payload === undefined ? {} : { payload }),
  };
  const answer = await request.server.inject(options);
  const said: Record<string, string> = {};
  for (const name of ['location', 'etag', 'last-modified', 'ledger-entry']) {
    const value = answer.headers[name];
    if (typeof value === 'string') said[name] = value;
  }
  const body = entry.method === 'HEAD' ? '' : answer.payload;
  return { status: answer.statusCode, headers: said, ...(body === '' ? {} : { body }) };
}

function bodyOf(entry: EntryRequest, headers: Record<string, string>): string | undefined {
  if (entry.method === 'GET' || entry.method === 'HEAD' || entry.method === 'DELETE') return undefined;
  headers['content-type'] = 'application/fhir+json';
  if (entry.method === 'PATCH') {
    const patch = patchOf(entry);
    if (patch.kind === 'json') {
      headers['content-type'] = jsonPatchType;
      return canonicalJson(patch.operations);
    }
  }
  return entry.resource === undefined ? undefined : canonicalJson(entry.resource);
}
