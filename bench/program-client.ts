// A program of another organisation: registered by the operator's tool, with a token from the door every program uses.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { request } from './connection.ts';

const ask = promisify(execFile);

/** Registers beside the running server and gives a token that holds for the rest of the run. */
export async function programToken(url: string, dataDir: string): Promise<string> {
  const { stdout } = await ask(
    process.execPath,
    [
      join(import.meta.dirname, '../server/admin.ts'),
      'create-client',
      '--name',
      'Bench',
      '--scope',
      'system/*.cruds',
    ],
    { env: { ...process.env, DATA_DIR: dataDir, PUBLIC_URL: url } },
  );
  const id = /client_id +(\S+)/.exec(stdout)?.[1] ?? '';
  const secret = /client_secret +(\S+)/.exec(stdout)?.[1] ?? '';
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials&scope=system%2F*.cruds',
  });
  if (!answer.ok) throw new Error(`the token was answered with ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** As `request`, with the token in place of a cookie. */
export function asProgram(token: string) {
  return (method: 'GET' | 'POST' | 'PUT', path: string, body?: string): Buffer =>
    request(method, path, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
}
