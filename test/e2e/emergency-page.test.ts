// The emergency page in a real browser, with script off: seen whole at 320 px, usable without scrolling at 360 px, in both
// schemes and languages, on paper, and by people who do not see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from '../harness/chromium.ts';
import type { CardApp } from '../server/card-app.ts';
import { fillAsha, startCardApp } from '../server/card-app.ts';

let app: CardApp;
let browser: Browser;
let origin: string;
let path: string;
let token: string;

before(async () => {
  app = await startCardApp();
  await app.app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.app.server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const asha = await app.person();
  token = asha.token;
  await fillAsha(app, asha.patientId);
  await app.call('PUT', '/api/emergency-card/code', { token, body: { code: '482913' } });
  path = await app.cardPath(asha);
  const executablePath = findChromium();
  assert.ok(executablePath, 'no Chromium was found');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

interface Visit {
  page: Page;
  requests: string[];
  complaints: string[];
}

async function visit<T>(
  url: string,
  options: BrowserContextOptions,
  look: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  try {
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${origin}${url}`);
    return await look({ page, requests, complaints });
  } finally {
    await context.close();
  }
}

const phone = { width: 360, height: 640 };

test('who, every danger and two call buttons stand within 360 × 640, with script off and nothing asked of another host', async () => {
  await visit(path, { viewport: phone }, async ({ page, requests, complaints }) => {
    assert.equal(await page.locator('h1').innerText(), 'Asha Rao');
    assert.equal(await page.locator('.danger h3').count(), 4);
    const second = await page.locator('a[href^="tel:"]').nth(1).boundingBox();
    assert.ok(second && second.y + second.height <= 640, JSON.stringify(second));
    assert.ok(
      requests.every((url) => url.startsWith(origin)),
      requests.join(),
    );
    assert.deepEqual(
      complaints.filter((text) => /policy|refused/i.test(text)),
      [],
    );
  });
});

test('nothing scrolls sideways or is cut at 320 px, in both languages, at twice the text size', async () => {
  for (const url of [path, `${path}?l=hi`, `/e/${'0'.repeat(32)}`]) {
    for (const zoom of [1, 2]) {
      await visit(
        url,
        { viewport: { width: 320, height: 640 }, javaScriptEnabled: true, bypassCSP: true },
        async ({ page }) => {
          await page.evaluate(`document.documentElement.style.fontSize = '${zoom * 100}%'`);
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          assert.ok(wide <= 320, `${url} at ${zoom}: ${wide}`);
        },
      );
    }
  }
});

test('buttons and links are large enough to hit', async () => {
  await visit(path, { viewport: phone }, async ({ page }) => {
    for (const button of await page.locator('.btn').all()) {
      const box = await button.boundingBox();
      assert.ok(box && box.height >= 44 && box.width >= 44, JSON.stringify(box));
    }
    for (const link of await page.locator('a:not(.btn)').all()) {
      const box = await link.boundingBox();
      assert.ok(box && box.height >= 24, JSON.stringify(box));
    }
  });
});

test('axe finds nothing wrong, light and dark, English and Hindi, with and without data', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const url of [path, `${path}?l=hi`, `/e/${'1'.repeat(32)}`]) {
      await visit(
        url,
        { viewport: phone, colorScheme, javaScriptEnabled: true, bypassCSP: true },
        async ({ page }) => {
          const { violations } = await new AxeBuilder({ page })
            .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
            .analyze();
          assert.deepEqual(
            violations.map(
              (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 90)).join(' ')}`,
            ),
            [],
            `${colorScheme} ${url}`,
          );
        },
      );
    }
  }
});

test('the code is typed into the page without script and opens the second tier; a wrong one says so at its place', async () => {
  await visit(path, { viewport: phone }, async ({ page }) => {
    await page.getByLabel('Emergency code').fill('482914');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('alert').filter({ hasText: '9 tries left' }).waitFor();
    await page.getByLabel('Emergency code').fill('482913');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.locator('.mode', { hasText: 'Opened with the code' }).waitFor();
    assert.equal(await page.locator('form').count(), 0);
  });
});

test('the holder’s own browser, signed in, can use the form too', async () => {
  await visit('/e/x', { viewport: phone }, async ({ page }) => {
    await page.context().addCookies([
      {
        name: '__Host-session',
        value: token,
        url: origin.replace('http://127.0.0.1', 'https://localhost'),
        secure: true,
      },
    ]);
    await page.goto(`${origin.replace('127.0.0.1', 'localhost')}${path}`);
    await page.getByLabel('Emergency code').fill('482913');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.locator('.mode', { hasText: 'Opened with the code' }).waitFor();
  });
});

test('the language switch keeps the card and is a second scan', async () => {
  await visit(path, { viewport: phone }, async ({ page }) => {
    await page.getByRole('link', { name: 'हिन्दी में देखें' }).click();
    await page.locator('html[lang=hi]').waitFor();
    assert.equal(new URL(page.url()).pathname, path);
    assert.equal(await page.locator('.danger h3').count(), 4);
  });
});

test('on paper the page is one sheet, with numbers to dial and without the form', async () => {
  for (const url of [path, `${path}?l=hi`]) {
    await visit(url, {}, async ({ page }) => {
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      assert.equal(pdf.match(/\/Type\s*\/Page\b/g)?.length, 1, url);
      await page.emulateMedia({ media: 'print' });
      assert.ok(await page.getByText('+91\u00a090000\u00a041122').isVisible());
      assert.ok(!(await page.getByLabel(/code|कोड/).isVisible()));
    });
  }
});
