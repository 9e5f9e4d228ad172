// Somebody of the demo who has signed in, with the code of their phone where they work with records: their requests go through the real routes.
import type { FastifyInstance } from 'fastify';
import { demoPassword } from './logins.ts';

/** The answer as JSON; throws for one that is a refusal. */
export type Ask = (
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  body?: object,
  more?: Record<string, string>,
) => Promise<unknown>;

/** One session for each login, begun with its first request: a code of a phone is good once. */
export function sessionsOf(app: FastifyInstance): (login: string) => Promise<Ask> {
  const begun = new Map<string, Promise<Ask>>();
  return (login) => {
    const session = begun.get(login) ?? signedIn(app, login);
    begun.set(login, session);
    return session;
  };
}

export async function signedIn(app: FastifyInstance, login: string, agent = 'a program'): Promise<Ask> {
  const headers = { 'user-agent': agent };
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers, payload });
  let answer = await post('/api/sessions', { login, password: demoPassword });
  if (answer.statusCode === 202) {
    const { token } = answer.json<{ secondStep: { token: string } }>().secondStep;
    const shown = await app.inject({ url: '/demo/codes', headers: { accept: 'application/json' } });
    const code = shown.json<{ login: string; code: string }[]>().find((one) => one.login === login)?.code;
    answer = await post('/api/sessions/second', { token, factor: 'totp', code });
  }
  const cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return async (method, url, body, more = {}) => {
    const { statusCode, payload } = await app.inject({
      method,
      url,
      headers: { ...headers, ...more, cookie },
      ...(body ? { payload: body } : {}),
    });
    if (statusCode >= 400) throw new Error(`the demo's ${method} ${url} was answered with ${statusCode}`);
    return /^[[{]/.test(payload) ? (JSON.parse(payload) as unknown) : undefined;
  };
}
