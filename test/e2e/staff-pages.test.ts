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

/** `/clinic/requests/{address way.to.text}`, each of them. */
async function filledIn(page: Page, path: string): Promise<string> {
  let filled = path;
  for (const [whole, address = '', way = ''] of path.matchAll(/\{(\S+) ([^}]+)\}/g)) {
    const answer = await page.evaluate(
      async (from): Promise<unknown> =>
        (await fetch(from, { headers: { accept: 'application/json' } })).json(),
      address,
    );
    const value = textAt(answer, way.split('.'));
    assert.notEqual(value, '', `something is listed at ${address}, ${way}`);
    filled = filled.replace(whole, value);
  }
  return filled;
}

function textAt(from: unknown, [step, ...rest]: readonly string[]): string {
  const [, name = '', key, wanted] = /^(\w+)(?:\[(\w+)=(\w+)\])?$/.exec(step ?? '') ?? [];
  const plain = (from ?? {}) as Record<string, unknown> | unknown[];
  // What is listed may stand alone, or in an object that holds nothing else to choose from.
  const list = Array.isArray(plain) || name in plain ? plain : Object.values(plain).find(Array.isArray);
  const holder = (Array.isArray(list) ? list[0] : list) as Record<string, unknown> | undefined;
  const found = holder?.[name];
  const one = Array.isArray(found)
    ? (found as Record<string, unknown>[]).find((each) => key === undefined || String(each[key]) === wanted)
    : found;
  if (rest.length > 0) return textAt(one, rest);
  return typeof one === 'string' ? one : '';
}
