// A person with a browser, as far as HTTP is concerned: keeps the session cookie, sends JSON, signs up.
// Every client comes from an address of its own, so that limits for one address do not meet here.
import assert from 'node:assert/strict';

export const goodPassword = 'copper lantern 73 rain';
const cookieName = '__Host-session';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- whoever asks knows what it is
  json<T = Record<string, unknown>>(): T;
  readonly bytes: Buffer;
}

export interface Call {
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  readonly url: string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** `Cookie` header of the session; undefined before signing in. */
  cookie(): string | undefined;
}

export interface Person extends Client {
  readonly login: string;
  readonly accountId: string;
  readonly patientId: string;
  readonly uhid: string;
  /** Creates a resource and returns it as stored; fails the test when it is refused. */
  create(resource: Record<string, unknown>): Promise<Created>;
}

export interface Created {
  readonly id: string;
  readonly etag: string;
  readonly entryId: string;
  readonly text: string;
}

let clients = 0;

export function newClient(url: string): Client {
  clients += 1;
  const address = `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`;
  let cookie: string | undefined;
  const call: Client['call'] = async (method, path, { body, headers = {} } = {}) => {
    const asIs = typeof body === 'string' || body instanceof Uint8Array;
    const json = path.startsWith('/fhir/') ? 'application/fhir+json' : 'application/json';
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        'x-forwarded-for': address,
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': json }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: asIs ? (body as string) : JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const value = new RegExp(`^${cookieName}=([^;]*)`).exec(line)?.[1];
      if (value !== undefined) cookie = value === '' ? undefined : `${cookieName}=${value}`;
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      status: answer.status,
      headers: answer.headers,
      text: bytes.toString('utf8'),
      bytes,
      // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
      json: <T>() => JSON.parse(bytes.toString('utf8')) as T,
    };
  };
  return { url, call, get: (path, headers = {}) => call('GET', path, { headers }), cookie: () => cookie };
}

/** A new person, signed in. */
export async function signUp(
  url: string,
  { login, name = 'Asha Rao' }: { readonly login?: string; readonly name?: string } = {},
): Promise<Person> {
  const client = newClient(url);
  const own = login ?? `person${clients}@example.org`;
  const answer = await client.call('POST', '/api/sign-up', {
    body: { login: own, password: goodPassword, name },
  });
  assert.equal(answer.status, 201, answer.text);
  const { account, patient } = answer.json<{
    account: { id: string };
    patient: { id: string; uhid: string };
  }>();
  return {
    ...client,
    login: own,
    accountId: account.id,
    patientId: patient.id,
    uhid: patient.uhid,
    async create(resource) {
      const made = await client.call('POST', `/fhir/R4/${String(resource['resourceType'])}`, {
        body: resource,
      });
      assert.equal(made.status, 201, made.text);
      return {
        id: made.json<{ id: string }>().id,
        etag: made.headers.get('etag') ?? '',
        entryId: made.headers.get('ledger-entry') ?? '',
        text: made.text,
      };
    },
  };
}
