// transaction Bundles: ids given first, names and conditions made plain, then everything or nothing through `applyWrites`; what is
// read is read after what is written, inside the same transaction. The same address takes batches.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JsonValue, Resource } from '../../core/fhir/types.ts';
import type { Deps } from '../http/deps.ts';
import { FhirError, fhirError } from '../errors.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { SealedEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { FhirAnswer } from './answer.ts';
import { bundleText, sendAnswer } from './answer.ts';
import { applyWrites } from './apply-writes.ts';
import type { RequestContext } from './asker.ts';
import { requireContext } from './asker.ts';
import { runBatch } from './batch.ts';
import { readResource } from './body.ts';
import type { EntryRequest } from './bundle-entries.ts';
import { entriesOf, readEntry, writeOf } from './bundle-entries.ts';
import { entryText } from './entry-answer.ts';
import type { ReturnPreference } from './prefer.ts';
import { requireQuery, returnPreference } from './prefer.ts';
import { readWithin } from './read-entry.ts';
import { writeAnswer } from './write.ts';
import type { WriteOperation } from './write-requests.ts';

/** Read in one go, so that nobody waits long for it. What is larger goes through $import. */
export const transactionByteLimit = 16 * 1024 * 1024;

export interface ReadTransaction {
  /** In the order of the Bundle. */
  readonly entries: readonly EntryRequest[];
  readonly writes: readonly { readonly index: number; readonly operation: WriteOperation }[];
}

/** Reads the Bundle's entries; throws 400 with the place of the first that is wrong. */
export function readTransaction(bundle: Resource, base: string, newId: () => string): ReadTransaction {
  if (bundle.resourceType !== 'Bundle' || bundle['type'] !== 'transaction')
    throw fhirError(400, 'not-supported', 'A Bundle of type transaction is expected.', 'Bundle.type');
  const entries = entriesOf(bundle).map((entry: JsonValue, index) => readEntry(entry, index, base));
  const named = new Set<string>();
  const writes = entries.flatMap((entry, index) => {
    const operation = writeOf(entry, newId);
    if (operation === undefined) return [];
    if (entry.fullUrl !== undefined) {
      if (named.has(entry.fullUrl))
        throw fhirError(400, 'duplicate', 'Two entries have the same fullUrl.', `${entry.at}.fullUrl`);
      named.add(entry.fullUrl);
    }
    return [{ index, operation }];
  });
  return { entries, writes };
}

/** Carries out a transaction Bundle for the HTTP door. Gives the entries of the answer as JSON texts. */
async function runTransaction(
  deps: Deps,
  context: RequestContext,
  bundle: Resource,
  prefer: ReturnPreference,
): Promise<string[]> {
  const base = `${deps.config.publicUrl}/fhir/R4`;
  const { entries, writes } = readTransaction(bundle, base, () => uuidV7(deps.now(), deps.randomBytes));
  const reads = [...entries.entries()].filter(([, { method }]) => method === 'GET' || method === 'HEAD');
  const answers = new Map<number, FhirAnswer>();
  const afterwards = async (client: Queryable): Promise<readonly SealedEntry[]> => {
    const looks: SealedEntry[] = [];
    for (const [index, entry] of reads)
      answers.set(index, await placed(entry, () => readWithin(deps, client, looks, context, entry)));
    return looks;
  };
  const written = await applyWrites(
    deps,
    context,
    writes.map(({ operation }) => operation),
    reads.length === 0 ? {} : { afterwards },
  );
  for (const [i, one] of written.entries())
    answers.set(writes[i]?.index ?? -1, writeAnswer(base, one, prefer));
  return entries.map((_, index) => entryText(base, answers.get(index) ?? { status: 200, headers: {} }));
}

/** What fails inside a transaction fails all of it, and says where. */
async function placed<T>({ at }: EntryRequest, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, expression: [`${at}.request.url`] }));
    throw new FhirError(error.status, issues, { ...error.headers });
  }
}

export const transaction = (deps: Deps) => async (request: FastifyRequest, reply: FastifyReply) => {
  const context = requireContext(request);
  requireQuery(request);
  const bundle = readResource(request);
  if (bundle.resourceType === 'Bundle' && bundle['type'] === 'batch')
    return sendAnswer(reply, { status: 200, headers: {}, body: await runBatch(deps, request, bundle) });
  const entries = await runTransaction(deps, context, bundle, returnPreference(request) ?? 'minimal');
  return sendAnswer(reply, {
    status: 200,
    headers: {},
    body: bundleText('transaction-response', {}, entries),
  });
};
