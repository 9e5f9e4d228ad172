// What a written Subscription sets in motion: judged before it is stored, its secrets kept under seal, its plumbing changed in the same
// transaction. Whoever writes it owns it: it hears what its last writer may read.
import type { SubscriptionChannel, SubscriptionHeader } from '../../../core/fhir/subscription.ts';
import { headerKept, readSubscription, withoutSecrets } from '../../../core/fhir/subscription.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { FhirError, fhirError } from '../../errors.ts';
import type { Deps } from '../../http/deps.ts';
import { OutboundError, readOutboundUrl } from '../../http/outbound.ts';
import type { Queryable } from '../../storage/queryable.ts';
import type { SecretKey } from '../../storage/secret-key.ts';
import { openSecretKey } from '../../storage/secret-key.ts';
import type { SubscriptionRow } from '../../storage/subscriptions.ts';
import { dropSubscription, findSubscription, putSubscription } from '../../storage/subscriptions.ts';
import type { RequestContext } from '../asker.ts';
import { readCriteria } from './criteria.ts';

/** Subscriptions that one client or person may have. */
export const mostSubscriptions = 50;

type Operation =
  | { method: 'create' | 'update'; type: string; id: string; resource: Resource }
  | { method: 'delete'; type: string; id: string };

type Alongside = (client: Queryable) => Promise<void>;

const keys = new Map<string, Promise<SecretKey>>();

export function subscriptionKey({ config }: Pick<Deps, 'config'>): Promise<SecretKey> {
  const known = keys.get(config.dataDir);
  if (known) return known;
  const opened = openSecretKey(config.dataDir, 'subscription');
  keys.set(config.dataDir, opened);
  opened.catch(() => keys.delete(config.dataDir));
  return opened;
}

/** The operations as they are to be stored, and what must happen in their transaction; undefined when no Subscription is among them. */
export async function prepareSubscriptions<T extends Operation>(
  deps: Deps,
  context: RequestContext,
  operations: readonly T[],
): Promise<{ operations: T[]; alongside: Alongside } | undefined> {
  if (!operations.some(({ type }) => type === 'Subscription')) return undefined;
  const key = await subscriptionKey(deps);
  const acts: Alongside[] = [];
  const prepared = operations.map((operation): T => {
    if (operation.type !== 'Subscription') return operation;
    const { id } = operation;
    if (operation.method === 'delete') {
      acts.push((client) => dropSubscription(client, id));
      return operation;
    }
    const { stored, row } = judge(deps, context, id, operation.resource);
    acts.push((client) => put(deps, client, key, row));
    return { ...operation, resource: stored };
  });
  const alongside: Alongside = async (client) => {
    for (const act of acts) await act(client);
  };
  return { operations: prepared, alongside };
}

interface Judged {
  stored: Resource;
  row: Omit<SubscriptionRow, 'tries' | 'sealedHeaders'> & { headers: readonly SubscriptionHeader[] };
}

function judge(deps: Deps, context: RequestContext, id: string, resource: Resource): Judged {
  const read = readSubscription(resource);
  if ('code' in read) throw fhirError(422, read.code, read.diagnostics, read.expression);
  const owner = ownerOfContext(context);
  if (owner === undefined) throw fhirError(403, 'forbidden', 'You may not subscribe.');
  const criteria = readCriteria(read.criteria, `${deps.config.publicUrl}/fhir/R4`, deps.now());
  const endpoint = requireEndpoint(deps, read.channel);
  const { asker } = context;
  return {
    stored: withoutSecrets(resource, read),
    row: {
      subscriptionId: id,
      patientId: asker.kind === 'person' ? asker.patientId : '',
      owner,
      requester: requesterOf(context),
      resourceType: criteria.resourceType,
      criteria: read.criteria,
      channel: read.channel.type,
      endpoint,
      payload: read.channel.type === 'rest-hook' && read.channel.payload,
      headers: read.channel.type === 'rest-hook' ? read.channel.headers : [],
      state: read.wanted,
      endsAt: read.endMs === undefined ? null : new Date(read.endMs),
    },
  };
}

function requireEndpoint({ config }: Deps, channel: SubscriptionChannel): string | null {
  if (channel.type !== 'rest-hook') return null;
  try {
    readOutboundUrl(channel.endpoint, config.subscriptionAllowHosts);
    return channel.endpoint;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw fhirError(
      422,
      'security',
      'The endpoint must be an https address of the open internet, without user name or fragment.',
      'Subscription.channel.endpoint',
    );
  }
}

function ownerOfContext({ asker, who }: RequestContext): string | undefined {
  if (asker.kind === 'client') return `client:${asker.clientId}`;
  return asker.kind === 'person' && who.account !== undefined ? `account:${who.account}` : undefined;
}

/** The actor, as far as decisions and entries need it. */
function requesterOf({ asker, who }: RequestContext): Record<string, unknown> {
  if (asker.kind === 'client') return { ...asker };
  const patientId = asker.kind === 'person' ? asker.patientId : '';
  return {
    kind: 'person',
    accountId: who.account ?? '',
    sessionId: '',
    patientId,
    name: who.name ?? '',
    provedAtMs: 0,
  };
}

async function put(
  deps: Deps,
  client: Queryable,
  key: SecretKey,
  { headers, ...row }: Judged['row'],
): Promise<void> {
  const before = await findSubscription(client, row.subscriptionId);
  const lines = headers.map((header) =>
    header.value === headerKept ? keptHeader(key, before, row.endpoint, header) : header,
  );
  const sealedHeaders = lines.length > 0 ? key.seal(JSON.stringify(lines), row.subscriptionId) : null;
  const stored = await putSubscription(client, { ...row, sealedHeaders }, mostSubscriptions, deps.now());
  if (!stored)
    throw new FhirError(422, [
      {
        severity: 'error',
        code: 'too-costly',
        diagnostics: `At most ${mostSubscriptions} subscriptions are kept for one client.`,
      },
    ]);
}

/** A header that is not repeated goes on as it was, but never to another host than it was given for. */
function keptHeader(
  key: SecretKey,
  before: SubscriptionRow | undefined,
  endpoint: string | null,
  { name }: SubscriptionHeader,
): SubscriptionHeader {
  const same = before?.endpoint && endpoint && new URL(before.endpoint).origin === new URL(endpoint).origin;
  const known = same && before.sealedHeaders ? openHeaders(key, before) : [];
  const header = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (header) return header;
  throw fhirError(
    422,
    'required',
    'Give the value of this header again: none is kept for this endpoint.',
    'Subscription.channel.header',
  );
}

export function openHeaders(
  key: SecretKey,
  { sealedHeaders, subscriptionId }: Pick<SubscriptionRow, 'sealedHeaders' | 'subscriptionId'>,
): SubscriptionHeader[] {
  return sealedHeaders ? (JSON.parse(key.open(sealedHeaders, subscriptionId)) as SubscriptionHeader[]) : [];
}
