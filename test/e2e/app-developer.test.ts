// Somebody makes an app: registers it, an administrator approves it, a person lets it in and shuts it out again. The app itself is a
// small server of this test, which does what an app does and nothing else.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { after, before, it } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import type { AppTokens } from '../harness/app.ts';
import { pkce, postForm, withToken } from '../harness/app.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import type { TestServer } from '../harness/server.ts';
import { freePort } from '../harness/free-port.ts';
import { startServer } from '../harness/server.ts';
import { provedTwice } from '../harness/staff.ts';

let server: TestServer;
let browser: Browser;
let app: Server;
let callback: string;
let clientId: string;
let asha: Person;
let tokens: AppTokens;

before(async () => {
  browser = await launchBrowser();
  server = await startServer();
  asha = await signUp(server.url);
  await asha.create(conditionOf(asha.patientId, 'Asthma'));
  const port = await freePort();
  callback = `http://127.0.0.1:${port}/callback`;
  app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Growth Chart</title><h1>Back in the app</h1></html>',
    );
  }).listen(port, '127.0.0.1');
});
after(async () => {
  app?.close();
  await browser?.close();
  await server?.stop();
});

/** A device on which this person is signed in. */
const deviceOf = (person: Person): Promise<Visitor> =>
  visitorOf(browser, server.url, person, { viewport: { width: 360, height: 740 } });

async function assertAccessible({ page }: Visitor): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  );
}

it('a developer registers an app, which waits', async () => {
  const visitor = await deviceOf(await signUp(server.url, { name: 'Dev Kumar' }));
  const { page } = visitor;
  await page.goto('/more');
  await page.getByRole('link', { name: 'Apps' }).click();
  await page.getByRole('link', { name: 'Register an app' }).click();
  await page.locator('input[name=app-name]').fill('Growth Chart');
  await page.locator('[name=app-about]').fill('Draws curves of how you grow.');
  await page.locator('[name=app-redirects]').fill(callback);
  await page.locator('[name=app-scope]').fill('launch/patient offline_access patient/*.cruds');
  await page.getByRole('radio', { name: 'It cannot: a public app' }).check();
  await assertAccessible(visitor);
  await page.getByRole('button', { name: 'Register the app' }).click();
  await page.getByText('Registered. It waits for an administrator.').waitFor();
  await page.getByText('Waits for an administrator', { exact: true }).waitFor();
  const { rows } = await server.pool.query<{ client_id: string }>(
    `select client_id from client where kind = 'app'`,
  );
  clientId = rows[0]?.client_id ?? '';
  await page.getByText(clientId).first().waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

it('an administrator sees what it says of itself, and approves it', async () => {
  const administrator = await signUp(server.url, { name: 'Admin' });
  await server.pool.query(`update account set roles = '{administrator}' where account_id = $1`, [
    administrator.accountId,
  ]);
  await provedTwice(server.pool, administrator.accountId);
  const visitor = await deviceOf(administrator);
  const { page } = visitor;
  await page.goto('/apps');
  await page.getByRole('link', { name: 'Apps waiting for approval' }).click();
  await page.getByText('Draws curves of how you grow.').waitFor();
  await assertAccessible(visitor);
  await page.getByRole('button', { name: 'Approve Growth Chart' }).click();
  await page.getByText('Growth Chart can be let in now.').waitFor();
  await page.getByText('None is waiting.').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

it('a person whom the app sends here signs in, reads what it asks, gives less, and is sent back', async () => {
  const code = pkce();
  const visitor = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
  const { page } = visitor;
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: callback,
    scope: 'launch/patient offline_access patient/*.cruds',
    state: 'of-the-app',
    aud: `${server.url}/fhir/R4`,
    code_challenge: code.challenge,
    code_challenge_method: 'S256',
  });
  await page.goto(`/oauth/authorize?${asked.toString()}`);
  await page.locator('input[name=login]').fill(asha.login);
  await page.locator('input[name=password]').fill(goodPassword);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Growth Chart asks to be let in' }).waitFor();
  await page.getByText('Draws curves of how you grow.').waitFor();
  await page.getByRole('checkbox', { name: /It may come back/ }).check();
  await page.getByRole('radio', { name: 'Only some parts' }).check();
  await page.getByRole('button', { name: 'Choose what it may see' }).waitFor();
  await page.getByRole('checkbox', { name: 'Conditions' }).check();
  await assertAccessible(visitor);
  await page.getByRole('button', { name: 'Let it in', exact: true }).click();
  await page.getByRole('heading', { name: 'Back in the app' }).waitFor();
  const back = new URL(page.url());
  assert.equal(back.searchParams.get('state'), 'of-the-app');
  const answer = await postForm(server, '/oauth/token', {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: callback,
    code_verifier: code.verifier,
    client_id: clientId,
  });
  assert.equal(answer.status, 200, answer.text);
  tokens = answer.json<AppTokens>();
  assert.equal(tokens.patient, asha.patientId);
  assert.match(tokens.scope, /patient\/Condition\.rs/);
  assert.doesNotMatch(tokens.scope, /\*|[cud]r?s?(\s|$)/);
  assert.deepEqual(visitor.complaints, []);
  await visitor.close();
});

it('the app reads what was given, and nothing else', async () => {
  const read = await withToken(server, tokens.access_token, 'GET', '/fhir/R4/Condition');
  assert.equal(read.status, 200);
  assert.equal(read.json<{ total: number }>().total, 1);
  assert.equal((await withToken(server, tokens.access_token, 'GET', '/fhir/R4/Observation')).status, 403);
});

it('the person sees who looked for them, shuts the app out, and it is refused', async () => {
  const visitor = await deviceOf(asha);
  const { page } = visitor;
  await page.goto('/who-looked');
  await page.getByText('The app Growth Chart, for you').first().waitFor();
  await page.goto('/apps');
  await page.getByText('Your record').waitFor();
  await assertAccessible(visitor);
  await page.getByRole('button', { name: 'Shut out Growth Chart' }).click();
  await page.getByText('You have let no app in.').waitFor();
  visitor.assertQuiet();
  const refused = await withToken(server, tokens.access_token, 'GET', '/fhir/R4/Condition');
  assert.equal(refused.status, 401);
  const renewed = await postForm(server, '/oauth/token', {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    client_id: clientId,
  });
  assert.equal(renewed.status, 400);
  await visitor.close();
});
