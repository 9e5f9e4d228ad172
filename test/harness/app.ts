// An app and the browser of the person who lets it in, as far as HTTP is concerned: the whole way of an authorization code, by hand.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { AppProof, RegisteredApp } from '../../server/oauth/register-app.ts';
import { registerApp } from '../../server/oauth/register-app.ts';
import type { Answer, Client, Person } from './client.ts';
import { newClient } from './client.ts';
import type { TestServer } from './server.ts';

export const redirectUri = 'https://app.test/cb';

export interface TestApp extends RegisteredApp {
  readonly redirectUri: string;
}

/** An app that an administrator approved. */
export async function approvedApp(
  server: TestServer,
  wanted: {
    readonly scope?: string;
    readonly proof?: AppProof;
    readonly jwks?: unknown;
    readonly redirectUris?: readonly string[];
    readonly launchUri?: string;
    readonly name?: string;
  } = {},
): Promise<TestApp> {
  const redirectUris = wanted.redirectUris ?? [redirectUri];
  const made = await registerApp(
    server.deps,
    { role: 'operator', name: 'test' },
    {
      name: wanted.name ?? 'Growth Chart',
      about: 'Draws curves.',
      contact: 'app@example.org',
      redirectUris,
      launchUri: wanted.launchUri,
      scope:
        wanted.scope ?? 'openid fhirUser offline_access launch launch/patient patient/*.cruds user/*.cruds',
      proof: wanted.proof ?? 'none',
      jwks: wanted.jwks,
    },
    { approved: true },
  );
  return { ...made, redirectUri: redirectUris[0] ?? '' };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function pkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export interface AppBrowser {
  /** Goes there; follows nothing. Keeps every cookie by its name. */
  go(address: string, init?: { method?: string; body?: string; type?: string }): Promise<Answer>;
  cookies: Map<string, string>;
}

/** A browser in which this person is signed in; without one, in which nobody is. */
export function appBrowser(server: TestServer, person?: Person): AppBrowser {
  const cookies = new Map<string, string>();
  const [name, value] = (person?.cookie() ?? '').split('=');
  if (name && value) cookies.set(name, value);
  return {
    cookies,
    async go(address, { method = 'GET', body, type = 'application/json' } = {}) {
      const client: Client = newClient(server.url);
      const path = address.startsWith(server.url) ? address.slice(server.url.length) : address;
      const answer = await client.call(method, path, {
        headers: {
          cookie: [...cookies].map(([key, one]) => `${key}=${one}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [, key = '', one = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (one === '') cookies.delete(key);
        else cookies.set(key, one);
      }
      return answer;
    },
  };
}

export interface Asking {
  readonly scope?: string;
  readonly state?: string;
  readonly launch?: string;
  /** Further or other parameters; undefined takes one away. */
  readonly parameters?: Readonly<Record<string, string | undefined>>;
}

export function authorizeAddress(server: TestServer, app: TestApp, code: Pkce, asking: Asking = {}): string {
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    scope: asking.scope ?? 'launch/patient patient/*.rs',
    state: asking.state ?? 'a-state-of-the-app',
    aud: `${server.url}/fhir/R4`,
    code_challenge: code.challenge,
    code_challenge_method: 'S256',
    launch: asking.launch,
    ...asking.parameters,
  };
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/oauth/authorize?${new URLSearchParams(given).toString()}`;
}

export interface AppQuestion {
  readonly app: { readonly id: string; readonly name: string; readonly goesTo: string };
  readonly scopes: readonly { readonly text: string }[];
  readonly people: readonly { readonly id: string; readonly name: string; readonly own: boolean }[];
  readonly comesBack: boolean;
}

/** Opens the question of the app in this browser. */
export async function openQuestion(
  browser: AppBrowser,
  address: string,
): Promise<{ requestId: string; question: AppQuestion }> {
  const asked = await browser.go(address);
  assert.equal(asked.status, 303, asked.text);
  const to = asked.headers.get('location') ?? '';
  assert.match(to, /\/apps\/authorise\?request=/, to);
  const requestId = new URL(to).searchParams.get('request') ?? '';
  const answer = await browser.go(`/api/app-requests/${requestId}`);
  assert.equal(answer.status, 200, answer.text);
  return { requestId, question: answer.json<AppQuestion>() };
}

export interface Answered {
  readonly patient?: string;
  readonly scopes?: readonly string[];
  readonly comesBack?: boolean;
}

/** Lets the app in and comes back to it: where the browser is sent at the end. */
export async function letIn(
  server: TestServer,
  person: Person,
  app: TestApp,
  code: Pkce,
  asking: Asking = {},
  answered: Answered = {},
): Promise<URL> {
  const browser = appBrowser(server, person);
  const { requestId, question } = await openQuestion(browser, authorizeAddress(server, app, code, asking));
  const allowed = await browser.go(`/api/app-requests/${requestId}/allow`, {
    method: 'POST',
    body: JSON.stringify({
      patient: answered.patient ?? question.people[0]?.id,
      scopes: answered.scopes ?? question.scopes.map(({ text }) => text),
      comesBack: answered.comesBack ?? question.comesBack,
    }),
  });
  assert.equal(allowed.status, 200, allowed.text);
  const back = await browser.go(allowed.json<{ redirect: string }>().redirect);
  assert.equal(back.status, 303, back.text);
  return new URL(back.headers.get('location') ?? '');
}

export interface AppTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly patient?: string;
  readonly expires_in: number;
  readonly token_type: string;
}

export async function postForm(
  server: TestServer,
  path: string,
  form: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const given = Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return newClient(server.url).call('POST', path, {
    body: new URLSearchParams(given).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

export const redeem = (
  server: TestServer,
  app: TestApp,
  code: string,
  verifier: string | undefined,
  more: Readonly<Record<string, string | undefined>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  postForm(
    server,
    '/oauth/token',
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: app.redirectUri,
      code_verifier: verifier,
      client_id: app.clientId,
      client_secret: app.secret,
      ...more,
    },
    headers,
  );

export const renew = (
  server: TestServer,
  app: TestApp,
  refreshToken: string,
  scope?: string,
): Promise<Answer> =>
  postForm(server, '/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: app.clientId,
    client_secret: app.secret,
    scope,
  });

/** The whole way: the tokens that an app gets which this person lets in. */
export async function tokensOf(
  server: TestServer,
  person: Person,
  app: TestApp,
  asking: Asking = {},
  answered: Answered = {},
): Promise<AppTokens> {
  const code = pkce();
  const back = await letIn(server, person, app, code, asking, answered);
  const answer = await redeem(server, app, back.searchParams.get('code') ?? '', code.verifier);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<AppTokens>();
}

/** What a request with this token is answered. */
export const withToken = (
  server: TestServer,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> =>
  newClient(server.url).call(method, path, {
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });
