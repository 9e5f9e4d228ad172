// A lost network: the app opens all the same, a visit goes on where it was and is sent when the network is back; every other page says what is not
// there. What the device keeps for that holds nothing of anybody, and a new build takes the place of the old one whole.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor, shows, visitorOf } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { signUp } from '../harness/client.ts';
import { signUpClinician } from '../harness/clinician.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';
import { assertSound } from '../harness/sound-page.ts';

const codes: string[] = [];
let server: TestServer;
let browser: Browser;
let patient: Person;
let desk: Visitor;
let page: Page;
let visit: string;

before(async () => {
  server = await startServer({
    sources: {
      messenger: {
        async sendCode(_to, code) {
          codes.push(code);
          return 'sent';
        },
      },
    },
  });
  browser = await launchBrowser();
  patient = await signUp(server.url, { name: 'Asha Canary' });
  const doctor = await signUpClinician(server.url, server.pool, { name: 'Dr Meera Iyer' });
  await lend(doctor);
  visit = `/clinic/patients/${patient.patientId}/visit`;
  desk = await visitorOf(browser, server.url, doctor, { viewport: { width: 390, height: 844 } });
  ({ page } = desk);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The pen, by the code that the patient tells. */
async function lend(doctor: Person): Promise<void> {
  const asked = await doctor.call('POST', '/api/access-requests', {
    body: {
      patient: patient.uhid,
      scope: { sealed: false, share: false, write: true },
      purpose: 'TREAT',
      duration: 'P1D',
    },
  });
  assert.equal(asked.status, 201, asked.text);
  const { id } = asked.json<{ id: string }>();
  const confirmed = await doctor.call('POST', `/api/access-requests/${id}/confirm`, {
    body: { code: codes.at(-1) },
  });
  assert.equal(confirmed.status, 201, confirmed.text);
}

/** Until the worker answers for this page, and has these parts and all that the page was made of. */
async function kept(on: Page, parts: readonly RegExp[]): Promise<void> {
  // A loop in the page: a predicate of waitForFunction that is a promise counts as true at once.
  const found = await on.evaluate(
    async (wanted) => {
      for (let tries = 0; tries < 1200; tries += 1) {
        const all: string[] = [];
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys()) all.push(new URL(url).pathname);
        const loaded = performance
          .getEntriesByType('resource')
          .map(({ name }) => new URL(name).pathname)
          .filter((path) => /^\/assets\/.*\.(js|css)$/.test(path));
        const isThere =
          wanted.every((one) => all.some((path) => new RegExp(one).test(path))) &&
          loaded.every((path) => all.includes(path));
        if (isThere && navigator.serviceWorker.controller !== null) return true;
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      return false;
    },
    parts.map(({ source }) => source),
  );
  assert.ok(found, 'the worker never had what the page was made of');
}

/** Every address in every cache, and all that is written there. */
function inCaches(on: Page): Promise<{ paths: string[]; text: string }> {
  return on.evaluate(async () => {
    const paths: string[] = [];
    let text = '';
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        paths.push(new URL(request.url).pathname);
        const answer = await cache.match(request);
        text += `${request.url} ${JSON.stringify([...(answer?.headers ?? [])])} ${await answer?.text()}`;
      }
    }
    return { paths, text };
  });
}

const encounters = async (): Promise<number> =>
  (await patient.get('/fhir/R4/Encounter?_summary=count')).json<{ total: number }>().total;

it('opens a visit without network where it was left, and says that the draft is kept', async () => {
  await page.goto(visit);
  await page.getByLabel('Symptoms').fill('Itching since the morning');
  await page.getByText(/^Draft saved/).waitFor();
  await kept(page, [/^\/$/, /visit-page/, /frame/]);
  await desk.context.setOffline(true);
  await page.reload();
  await page.getByText('No network. Your draft is kept.').waitFor();
  await shows(() => page.getByLabel('Symptoms').inputValue(), 'Itching since the morning');
  await page.getByLabel('Examination').fill('Written in a village');
  await page.getByText(/^Draft saved/).waitFor();
  await page.getByRole('button', { name: /^Signing needs the network/ }).waitFor();
  // What is not known is not said to be closed, empty or checked.
  await page.getByText('Without network allergies are not seen here. Ask the person.').waitFor();
  for (const untrue of [/not open to you/, /Nothing that you may see/, /Checked against/, /Nothing lets you/])
    assert.equal(await page.getByText(untrue).count(), 0, String(untrue));
  await assertSound(page, 'a visit without network');
});

it('says kindly on every other page that it is not here, and leads to the draft', async () => {
  await page.goto('/home');
  await page.getByRole('heading', { level: 1, name: 'No network' }).waitFor();
  await assertSound(page, 'a page without network');
  await page.getByRole('link', { name: /^Asha Canary, saved/ }).click();
  await page.getByText('No network. Your draft is kept.').waitFor();
  await shows(() => page.getByLabel('Examination').inputValue(), 'Written in a village');
});

it('signs when the network is back, without anything typed again', async () => {
  const before = await encounters();
  await desk.context.setOffline(false);
  await page.getByText('No network. Your draft is kept.').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Sign visit' }).click();
  await page.getByRole('heading', { level: 1, name: /^Signed, / }).waitFor();
  assert.equal(await encounters(), before + 1);
});

it('calls to mind what was written without network and is not signed; and when the time to write has ended, it goes as a late entry', async () => {
  await page.goto(visit);
  await page.getByLabel('Symptoms').fill('Begun');
  await page.getByText(/^Draft saved/).waitFor();
  await kept(page, [/^\/$/, /visit-page/]);
  await desk.context.setOffline(true);
  await page.reload();
  await page.getByText('No network. Your draft is kept.').waitFor();
  await page.getByLabel('Symptoms').fill('Written in the hills');
  await page.getByText(/^Draft saved/).waitFor();
  const over = await server.pool.query(
    `update authority set ends_at = now() - interval '1 second' where patient_id = $1 and basis = 'edit' and ended_at is null`,
    [patient.patientId],
  );
  assert.ok((over.rowCount ?? 0) > 0);
  await desk.context.setOffline(false);
  await page.goto('/clinic');
  await page.getByText('1 visit was written without network and is not signed').waitFor();
  await assertSound(page, 'what is not signed is called to mind');
  await page.getByRole('link', { name: /^Asha Canary, begun/ }).click();
  await page.getByText('Your time to write is over.').waitFor();
  assert.equal(await page.getByLabel('Symptoms').inputValue(), 'Written in the hills');
  assert.equal(await page.getByText('written without network').count(), 0);
  await page.getByRole('button', { name: 'Send as a late entry' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sent as a late entry' }).waitFor();
  const [late] = (await patient.get('/api/amendments')).json<{ state: string }[]>();
  assert.equal(late?.state, 'proposed');
  await page.goto('/clinic');
  await page.locator('main h1').waitFor();
  assert.equal(await page.getByText('written without network').count(), 0);
});

it('a page without network opens by itself when it is back', async () => {
  await desk.context.setOffline(true);
  await page.goto('/record');
  await page.getByRole('heading', { level: 1, name: 'No network' }).waitFor();
  await desk.context.setOffline(false);
  await page.getByRole('heading', { level: 1, name: 'Your record' }).waitFor();
});

it('keeps the app and nothing of anybody', async () => {
  await page.goto(visit);
  await page.getByLabel('Symptoms').fill('Canary in the draft');
  await page.getByText(/^Draft saved/).waitFor();
  for (const path of [`/clinic/patients/${patient.patientId}`, '/clinic', '/home', '/card', '/who-looked']) {
    await page.goto(path);
    await page.locator('main h1').waitFor();
  }
  const { paths, text } = await inCaches(page);
  assert.ok(paths.length > 10, 'the caches were read');
  assert.deepEqual(
    paths.filter((path) => !/^\/(assets\/[\w.-]+|theme\.js|icon\.svg)?$/.test(path)),
    [],
  );
  for (const personal of [
    'Canary',
    'Meera',
    patient.patientId,
    patient.uhid,
    patient.accountId,
    'resourceType":',
  ])
    assert.ok(!text.includes(personal), personal);
  assert.doesNotMatch(text, /set-cookie/i);
});

it('after signing out a page without network shows nobody, and no draft is left', async () => {
  await page.goto('/more');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(/\/$/);
  await kept(page, [/^\/$/]);
  await desk.context.setOffline(true);
  for (const path of [visit, '/home']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: 'No network' }).waitFor();
    assert.equal(await page.getByText(/Canary|Meera/).count(), 0);
  }
  await desk.context.setOffline(false);
});

it('a session that the server ended opens no draft without network, and the draft stays for its account', async () => {
  const other = await signUpClinician(server.url, server.pool, { name: 'Dr Ravi Shenoy' });
  await lend(other);
  const { context, page: seen } = await visitorOf(browser, server.url, other);
  await seen.goto(visit);
  await seen.getByLabel('Symptoms').fill('Typed before the session ended');
  await seen.getByText(/^Draft saved/).waitFor();
  await kept(seen, [/^\/$/, /visit-page/]);
  await context.setOffline(true);
  await seen.reload();
  await seen.getByLabel('Symptoms').waitFor();
  await context.setOffline(false);
  await other.call('DELETE', '/api/sessions/current');
  await seen.goto('/clinic');
  await seen.waitForURL(/\/sign-in/);
  await context.setOffline(true);
  await seen.goto(visit);
  await seen.getByRole('heading', { level: 1, name: 'No network' }).waitFor();
  assert.equal(await seen.getByText('Canary').count(), 0);
  const rows = await seen.evaluate(async () => {
    const request = indexedDB.open('medallion-visits', 1);
    await new Promise((resolve) => request.addEventListener('success', resolve));
    const asked = request.result.transaction('visits').objectStore('visits').count();
    await new Promise((resolve) => asked.addEventListener('success', resolve));
    request.result.close();
    return asked.result;
  });
  assert.equal(rows, 1);
  await context.close();
});

it('the emergency page is asked for once, by the browser, and is not here without network', async () => {
  const { url } = (await patient.get('/api/emergency-card')).json<{ url: string }>();
  const scans = async (): Promise<number> =>
    (await patient.get('/api/entries?limit=100'))
      .json<{ entries: { event: string }[] }>()
      .entries.filter(({ event }) => event === 'scan').length;
  const passer = await newVisitor(browser, server.url);
  await passer.page.goto('/');
  await kept(passer.page, [/^\/$/]);
  const before = await scans();
  const answer = await passer.page.goto(url);
  assert.equal(answer?.fromServiceWorker(), false);
  assert.equal(await scans(), before + 1);
  const beside = await passer.context.newPage();
  await beside.goto('/');
  assert.doesNotMatch((await inCaches(beside)).text, /Canary/);
  await passer.context.setOffline(true);
  await assert.rejects(passer.page.goto(url));
  await passer.close();
});

it('a new build takes the place of the old one at the next load, whole', async () => {
  const dist = join(import.meta.dirname, '../../web/dist');
  const types: Record<string, string> = {
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
  };
  let build = 'one';
  const stand = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    if (path.startsWith('/api/')) return void response.writeHead(401).end();
    try {
      const file = readFileSync(join(dist, extname(path) === '' ? 'index.html' : path));
      response.writeHead(200, {
        'content-type':
          types[extname(path)] ?? (extname(path) === '' ? 'text/html' : 'application/octet-stream'),
        'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      });
      // Every build has an id of its own, and a page that says which it is.
      if (path === '/sw.js') response.end(file.toString().replace(/id:[`"']\w{16}[`"']/, `id:"${build}"`));
      else if (extname(path) === '')
        response.end(file.toString().replace('<body>', `<body data-build="${build}">`));
      else response.end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    stand.listen(0, '127.0.0.1', resolve);
  });
  after(() => {
    stand.closeAllConnections();
    stand.close();
  });
  const address = stand.address();
  assert.ok(address !== null && typeof address === 'object');
  const visitor = await newVisitor(browser, `http://localhost:${address.port}`);
  const caches = () => visitor.page.evaluate(() => globalThis.caches.keys());
  const shown = () => visitor.page.locator('body').getAttribute('data-build');
  await visitor.page.goto('/');
  await kept(visitor.page, [/^\/$/, /landing/]);
  assert.deepEqual(await caches(), ['shell-one']);
  build = 'two';
  await visitor.page.reload();
  // The page is the network's at once; the worker of the new build follows, and has what was kept before.
  assert.equal(await shown(), 'two');
  const alone = await visitor.page.evaluate(async () => {
    for (let tries = 0; tries < 400; tries += 1) {
      if ((await globalThis.caches.keys()).join() === 'shell-two') return true;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    return false;
  });
  assert.ok(alone, 'the cache of the old build stayed');
  await kept(visitor.page, [/^\/$/, /landing/]);
  await visitor.context.setOffline(true);
  await visitor.page.reload();
  await visitor.page.locator('main h1').waitFor();
  assert.equal(await shown(), 'two');
  await visitor.close();
});
