// People with a real Chromium: each visitor has a device of their own, and everything that a browser complains about is kept.
// Must not know what a journey looks for.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { ensureWebCurrent } from '../../web/prepare.ts';
import { findChromium } from './chromium.ts';
import type { Client } from './client.ts';
import { clusterVariable } from './cluster.ts';

/** How long to wait for what a page should show: generous, because a slow machine is no failure. */
const patienceMs = 60_000;

/** @param args of Chromium, beside those that every test gives it */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  // The runner has built the pages already; a file that is run by itself must not meet old ones.
  if (process.env[clusterVariable] === undefined) await ensureWebCurrent();
  const executablePath = findChromium();
  assert.ok(executablePath, 'no Chromium was found');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...args],
    // As in every real browser: "back" may show a page as it was left.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, refusals of the security policy, exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Addresses on other hosts that a page wanted something from. */
  readonly strangers: readonly string[];
  /** Fails when any page so far complained or asked another host. */
  assertQuiet(): void;
  close(): Promise<void>;
}

/** A new device: nothing is known on it, nobody is signed in. Relative addresses are those of `url`. */
export async function newVisitor(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  // What still fades in has not its own colours yet, and pages are measured.
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-IN',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  const strangers: string[] = [];
  context.on('console', (message) => {
    // "You are not signed in" is an answer, which Chromium writes down like a failure.
    if (message.text().includes('status of 401')) return;
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.page()?.url()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (thrown) => complaints.push(String(thrown.error())));
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && origin !== url) strangers.push(request.url());
  });
  return {
    context,
    page: await context.newPage(),
    complaints,
    strangers,
    assertQuiet() {
      assert.deepEqual(complaints, []);
      assert.deepEqual(strangers, []);
    },
    close: () => context.close(),
  };
}

/** The device of somebody who is signed in as `person` is. */
export async function visitorOf(
  browser: Browser,
  url: string,
  person: Client,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const visitor = await newVisitor(browser, url, options);
  const [name = '', value = ''] = (person.cookie() ?? '').split('=');
  await visitor.context.addCookies([
    // A `__Host-` cookie is set for https alone; on this machine it is sent to http as well.
    { name, value, url: url.replace('http:', 'https:'), secure: true },
  ]);
  return visitor;
}

/** Waits until `read` gives what is expected, as long as for anything that a page should show; what it gave last is what fails. */
export async function shows<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const endMs = performance.now() + patienceMs;
  let found = await read();
  while (!isDeepStrictEqual(found, expected) && performance.now() < endMs) {
    await sleep(50);
    found = await read();
  }
  assert.deepEqual(found, expected);
}

/** Words of a catalogue with what they leave open filled in. */
export function filled(words: string, values: Readonly<Record<string, string | number>>): string {
  return words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}
