// A Subscription (R4) as this server can carry it out: where to, with what, when. What it cannot is refused by name. Knows no storage and
// does not judge addresses or searches.
import { dateRange } from './dates.ts';
import { isJsonObject } from './json.ts';
import type { IssueCode } from './outcome.ts';
import type { JsonObject, JsonValue, Resource } from './types.ts';

export type SubscriptionStatus = 'requested' | 'active' | 'error' | 'off';

export interface SubscriptionHeader {
  readonly name: string;
  readonly value: string;
}

export type SubscriptionChannel =
  | { readonly type: 'websocket' }
  | {
      readonly type: 'rest-hook';
      readonly endpoint: string;
      /** Whether the resource is sent along; without it only a POST of nothing says that something happened. */
      readonly payload: boolean;
      readonly headers: readonly SubscriptionHeader[];
    };

export interface Subscription {
  /** What a writer can ask for: to be set up, or to be quiet. */
  readonly wanted: 'requested' | 'off';
  readonly criteria: string;
  readonly channel: SubscriptionChannel;
  readonly endMs: number | undefined;
}

export interface SubscriptionProblem {
  readonly code: IssueCode;
  readonly diagnostics: string;
  readonly expression: string;
}

/** Stands in the stored resource in place of a header's value, which is kept elsewhere under seal. */
export const headerKept = '(kept by the server)';

const payloads = new Set(['application/fhir+json', 'application/json']);
const mostHeaders = 10;
/** Those that HTTP itself or this server sets; a subscriber could otherwise speak in another's name or split a request. */
const ownHeaders =
  /^(host|content-.*|transfer-encoding|connection|upgrade|te|trailer|expect|keep-alive|proxy-.*|cookie|via|forwarded|x-forwarded-.*)$/i;

const problem = (code: IssueCode, diagnostics: string, expression: string): SubscriptionProblem => ({
  code,
  diagnostics,
  expression,
});

export function readSubscription(resource: Resource): Subscription | SubscriptionProblem {
  const { status, criteria, channel, end } = resource;
  if (typeof criteria !== 'string' || criteria.length > 2000)
    return problem(
      'value',
      'criteria is a search such as Observation?code=29463-7.',
      'Subscription.criteria',
    );
  const read = readChannel(isJsonObject(channel) ? channel : {});
  if ('code' in read) return read;
  const range = typeof end === 'string' ? dateRange(end) : undefined;
  return { wanted: status === 'off' ? 'off' : 'requested', criteria, channel: read, endMs: range?.lowMs };
}

function readChannel(channel: JsonObject): SubscriptionChannel | SubscriptionProblem {
  const { type, endpoint, payload } = channel;
  const headers = readHeaders(channel['header']);
  if ('code' in headers) return headers;
  if (type === 'websocket') {
    if (headers.list.length > 0 || payload !== undefined || endpoint !== undefined)
      return problem(
        'not-supported',
        'A websocket takes no endpoint, payload or header: it is told which subscription to look at.',
        'Subscription.channel',
      );
    return { type };
  }
  if (type !== 'rest-hook')
    return problem(
      'not-supported',
      'Subscriptions are delivered by rest-hook or websocket here.',
      'Subscription.channel.type',
    );
  if (typeof endpoint !== 'string')
    return problem('required', 'A rest-hook needs an endpoint.', 'Subscription.channel.endpoint');
  if (
    payload !== undefined &&
    !(typeof payload === 'string' && payloads.has(payload.split(';')[0]?.trim() ?? ''))
  )
    return problem(
      'not-supported',
      'The payload is application/fhir+json, or left out.',
      'Subscription.channel.payload',
    );
  if (payload !== undefined && /[?#]/.test(endpoint))
    return problem(
      'value',
      'With a payload the endpoint is the base of a FHIR server, without a query.',
      'Subscription.channel.endpoint',
    );
  return { type, endpoint, payload: payload !== undefined, headers: headers.list };
}

function readHeaders(value: JsonValue | undefined): { list: SubscriptionHeader[] } | SubscriptionProblem {
  const texts = value === undefined ? [] : Array.isArray(value) ? value : [value];
  if (texts.length > mostHeaders)
    return problem('too-costly', `At most ${mostHeaders} headers are sent.`, 'Subscription.channel.header');
  const list: SubscriptionHeader[] = [];
  for (const [index, text] of texts.entries()) {
    const at = `Subscription.channel.header[${index}]`;
    const [, name, written] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}):[ \t]*([\x20-\x7e]{1,1000})$/.exec(
        typeof text === 'string' ? text : '',
      ) ?? [];
    if (name === undefined || written === undefined)
      return problem('value', 'A header is a line such as Authorization: Bearer abc.', at);
    if (ownHeaders.test(name)) return problem('not-supported', 'This header is the server’s own to set.', at);
    if (list.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      return problem('duplicate', 'A header is given once.', at);
    list.push({ name, value: written.trim() });
  }
  return { list };
}

/** The resource as it is stored: its state is the server's, its secrets are not in it. */
export function withoutSecrets(resource: Resource, subscription: Subscription): Resource {
  const { error: _error, ...rest } = resource;
  const channel = isJsonObject(rest['channel']) ? rest['channel'] : {};
  const headers = subscription.channel.type === 'rest-hook' ? subscription.channel.headers : [];
  return {
    ...rest,
    resourceType: resource.resourceType,
    status: subscription.wanted,
    channel: {
      ...channel,
      ...(headers.length > 0 ? { header: headers.map(({ name }) => `${name}: ${headerKept}`) } : {}),
    },
  };
}
