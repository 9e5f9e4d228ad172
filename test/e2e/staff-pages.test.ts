// Every page of people at work and of who may see what, on the narrowest screen and in the demo's rich world: nothing scrolls sideways, nothing is
// cut, nothing is wrong for those who hear the page or see little; light and dark, English and Hindi.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { demoPassword } from '../../demo/logins.ts';
import { runDemo } from '../../demo/run.ts';
import { readConfig } from '../../server/config.ts';
import type { Visitor } from '../harness/browser.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import { freshDatabase } from '../harness/database.ts';
import { staffWalks } from '../harness/page-walks.ts';
import { freePort } from '../harness/free-port.ts';
import { assertSound, begin, follow } from '../harness/sound-page.ts';

const narrow = { viewport: { width: 320, height: 640 } };

/** How far the server's clock is ahead. */
let aheadMs = 0;

const looks = [
  { language: 'hi', colorScheme: 'dark' },
  { language: 'en', colorScheme: 'light' },
] as const;

describe('every page of work and of sharing', async () => {
  const database = await freshDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'medallion-staff-pages-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
  };
  const running = await runDemo(readConfig(environment, { demo: true }), () => undefined, {
    now: () => Date.now() + aheadMs,
  });
  const browser = await launchBrowser();
  after(async () => {
    await browser.close();
    await running.stop();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  for (const [login, paths] of Object.entries(staffWalks))
    test(login, async (context) => {
      const visitor = await newVisitor(browser, url, narrow);
      const { page } = visitor;
      await signIn(visitor, login);
      const found = await Promise.all(paths.map((path) => filledIn(page, path)));
      for (const { language, colorScheme } of looks) {
        await begin(page, language, colorScheme);
        for (const path of found)
          await context.test(`${path} in ${language}, ${colorScheme}`, async () => {
            await follow(page, path);
            await assertSound(page, path);
          });
      }
      visitor.assertQuiet();
      await visitor.close();
    });
});

/** As the demo's people do: the password, and for staff what their phone shows. */
async function signIn({ page }: Visitor, login: string): Promise<void> {
  await page.goto('/how-it-works');
  for (let tries = 0; (await tried(page, login)) !== 201; tries += 1) {
    assert.ok(tries < 3, login);
    // A code works once, and the demo itself may have used the one of this half minute.
    aheadMs += 30_000;
  }
}

function tried(page: Page, login: string): Promise<number> {
  return page.evaluate(
    async ([name, password]) => {
      const post = (path: string, body: object) =>
        fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const first = await post('/api/sessions', { login: name, password });
      if (first.status !== 202) return first.status;
      const { secondStep } = (await first.json()) as { secondStep: { token: string } };
      const shown = await fetch('/demo/codes', { headers: { accept: 'application/json' } });
      const codes = (await shown.json()) as { login: string; code: string }[];
      const code = codes.find((one) => one.login === name)?.code;
      return (await post('/api/sessions/second', { token: secondStep.token, factor: 'totp', code })).status;
    },
    [login, demoPassword] as const,
  );
}

/** `/clinic/requests/{address member}`: with that member of the first thing that the address lists. */
async function filledIn(page: Page, path: string): Promise<string> {
  const [whole, address, member] = /\{(\S+) (\w+)\}/.exec(path) ?? [];
  if (whole === undefined || address === undefined || member === undefined) return path;
  const value = await page.evaluate(
    async ([from, name]) => {
      const body = (await (await fetch(from)).json()) as Record<string, unknown> | Record<string, unknown>[];
      const list = Array.isArray(body) ? body : Object.values(body).find((one) => Array.isArray(one));
      const found = (list as Record<string, unknown>[])[0]?.[name];
      return typeof found === 'string' ? found : '';
    },
    [address, member] as const,
  );
  assert.notEqual(value, '', `something is listed at ${address}`);
  return path.replace(whole, value);
}
