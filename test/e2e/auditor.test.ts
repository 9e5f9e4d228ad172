// An auditor, who is anybody: follows the public log in a real browser, checks a signed checkpoint, an entry and its anchor on a chain, scans
// the code on a print, and sees no personal data anywhere. Then a row is changed in the database, and the page says which entry does not match.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBase64 } from '../../core/ledger/base64.ts';
import { leafHash } from '../../core/ledger/tree.ts';
import { ledger as words } from '../../web/i18n/en/ledger.ts';
import type { Visitor } from '../harness/browser.ts';
import { filled, launchBrowser, newVisitor } from '../harness/browser.ts';
import type { Person } from '../harness/client.ts';
import { goodPassword, newClient, signUp } from '../harness/client.ts';
import { decodeQrCode } from '../harness/qr-code.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const secrets = ['Canary', 'canary', 'Penicillin'];

describe('an auditor', () => {
  let server: TestServer;
  let browser: Browser;
  let person: Person;
  let auditor: Visitor;
  let page: Page;
  let allergy: { id: string; entryId: string };
  /** The path behind the code on the print. */
  let printed = '';

  before(async () => {
    browser = await launchBrowser();
    server = await startServer();
    person = await signUp(server.url, { login: 'canary@example.org', name: 'Asha Canary' });
    allergy = await person.create({
      resourceType: 'AllergyIntolerance',
      patient: { reference: `Patient/${person.patientId}` },
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
        ],
      },
      code: { text: 'Penicillin' },
    });
    const answer = await person.call('PUT', `/fhir/R4/AllergyIntolerance/${allergy.id}`, {
      body: {
        ...JSON.parse((await person.get(`/fhir/R4/AllergyIntolerance/${allergy.id}`)).text),
        criticality: 'high',
      },
      headers: { 'if-match': 'W/"1"' },
    });
    assert.equal(answer.status, 200, answer.text);
    const issued = await person.call('POST', '/api/emergency-card');
    assert.ok(issued.status === 200 || issued.status === 201, issued.text);
    printed = await printedCode();
    await anchor();
    auditor = await newVisitor(browser, server.url, { viewport: { width: 360, height: 740 } });
    page = auditor.page;
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function anchor(): Promise<void> {
    await server.sequencer.flush();
    while ((await server.anchorer.anchorNow()) !== 'idle') await sleep(50);
    await server.sequencer.flush();
  }

  /** Prints the sheet for the door and reads the code at its foot, as a phone would. */
  async function printedCode(): Promise<string> {
    const answer = await person.get('/api/emergency-card/fridge.pdf');
    assert.equal(answer.status, 200, answer.text.slice(0, 200));
    if (!canRasterise()) {
      console.log('pdftoppm is not installed: the print is not looked at, its place is taken from the log');
      return placeOfNewestPrint();
    }
    const text = await decodeFoot(answer.bytes);
    assert.ok(text !== undefined && text.startsWith(server.url), 'the code on the print can be read');
    const path = text.slice(server.url.length);
    assert.equal(path, await placeOfNewestPrint());
    return path;
  }

  function canRasterise(): boolean {
    try {
      execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  async function placeOfNewestPrint(): Promise<string> {
    await server.sequencer.flush();
    const { entries } = (await person.get('/api/entries?kind=looks&limit=20')).json<{
      entries: { event: string; leafIndex: number; leaf: string }[];
    }>();
    const print = entries.find(({ event }) => event === 'card-print');
    assert.ok(print);
    const hash = Buffer.from(leafHash(decodeBase64(print.leaf))).toString('base64url');
    return `/v/${print.leafIndex}/${hash}`;
  }

  async function decodeFoot(pdf: Uint8Array): Promise<string | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'medallion-print-'));
    try {
      const file = join(folder, 'print.pdf');
      writeFileSync(file, pdf);
      execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', file, join(folder, 'page')]);
      const picture = sharp(readFileSync(join(folder, 'page.png')));
      const { width, height } = await picture.metadata();
      // The right lower corner: the other code on this sheet is the card's own.
      const part = { left: Math.floor(width * 0.7), top: Math.floor(height * 0.88) };
      return await decodeQrCode(
        await picture
          .extract({ ...part, width: width - part.left, height: height - part.top })
          .png()
          .toBuffer(),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async function open(path: string, heading: string, on = page): Promise<void> {
    await on.goto(path);
    await on.getByRole('heading', { level: 1, name: heading }).waitFor();
    await on.waitForLoadState('networkidle');
  }

  /** Sound for those who do not see it, nothing wider than the screen, nothing of a person. */
  async function assertSound(on = page): Promise<void> {
    const { violations } = await new AxeBuilder({ page: on })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      [],
    );
    assert.ok(
      await on.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
      'nothing scrolls sideways',
    );
  }

  async function assertNamesNobody(): Promise<void> {
    const text = await page.content();
    for (const secret of [...secrets, person.patientId, person.uhid])
      assert.ok(!text.includes(secret), `${secret} on ${page.url()}`);
  }

  it('finds the log’s newest checkpoint signed, and its entries without a name', async () => {
    await open('/explorer', words['explorer.title']);
    await page.getByText(words['explorer.signed']).waitFor();
    await page.getByText(words['kind.write']).first().waitFor();
    await assertSound();
    await assertNamesNobody();
  });

  it('finds a root of the log on a chain, and is told what a chain of the server’s own is worth', async () => {
    await open('/transactions', words['transactions.title']);
    await page.getByText(words['chain.local']).waitFor();
    const { anchors } = (await newClient(server.url).get('/log/anchors')).json<{
      anchors: { transaction: string; block: number; size: number }[];
    }>();
    assert.equal(anchors.length, 1);
    await page.getByText(anchors[0]?.transaction ?? '').waitFor();
    await assertSound();
    await assertNamesNobody();
  });

  it('checks one entry by its place down to the anchor', async () => {
    await open('/explorer', words['explorer.title']);
    await page.getByLabel(words['explorer.place']).fill('1');
    await page.getByRole('button', { name: words['explorer.show'], exact: true }).click();
    await page.getByRole('heading', { level: 1, name: words['place.passed'] }).waitFor();
    const proof = (await newClient(server.url).get('/log/proof/inclusion?index=1')).json<{ leaf: string }>();
    await page.getByText(bytesToHex(leafHash(decodeBase64(proof.leaf)))).waitFor();
    await page.getByText(words['step.tree-anchored']).waitFor();
    await assertSound();
    await assertNamesNobody();
  });

  it('scans the code on a print: unaltered, in the log, on the chain, and not a word of whose it is', async () => {
    assert.match(printed, /^\/v\/\d+\/[A-Za-z0-9_-]{43}$/, 'nothing personal is in the address');
    await open(printed, words['place.passed']);
    await page.getByText(words['kind.look']).waitFor();
    await assertSound();
    await assertNamesNobody();
    assert.equal(await page.getByText(words['place.yours']).count(), 0);
    await page.emulateMedia({ colorScheme: 'dark' });
    await assertSound();
    await page.emulateMedia({ colorScheme: 'light' });
    auditor.assertQuiet();
  });

  it('is told when the code names another entry than the one that stands there, or is not whole', async () => {
    const [, , index = '', hash = ''] = printed.split('/');
    const other = `${hash.startsWith('A') ? 'B' : 'A'}${hash.slice(1)}`;
    await open(`/v/${index}/${other}`, filled(words['place.failed'], { index }));
    await page.getByText(words['place.failedWords']).waitFor();
    await assertSound();
    const colours = await page.evaluate(() => {
      const brass = getComputedStyle(document.documentElement).getPropertyValue('--brass-mark').trim();
      const probe = Object.assign(document.createElement('i'), { style: `color: ${brass}` });
      document.documentElement.append(probe);
      const discs = [...document.querySelectorAll('.disc')].map((disc) => getComputedStyle(disc).color);
      return { brass: getComputedStyle(probe).color, discs };
    });
    assert.ok(
      colours.discs.length > 0 && !colours.discs.includes(colours.brass),
      'nothing brass on the page',
    );
    for (const path of [`/v/${index}/short`, `/v/x/${hash}`, `/v/-1/${hash}`]) {
      await open(path, words['place.title']);
      await page.getByText(words['place.badCode']).waitFor();
    }
  });

  it('the person whose print it is sees their entry, and their chain and versions as blocks', async () => {
    const holder = await newVisitor(browser, server.url, { viewport: { width: 1280, height: 900 } });
    const own = holder.page;
    await own.goto('/sign-in');
    await own.locator('input[name=login]').fill(person.login);
    await own.locator('input[name=password]').fill(goodPassword);
    await own.getByRole('button', { name: 'Sign in', exact: true }).click();
    await own.waitForURL('**/home');
    await open(printed, words['place.passed'], own);
    await own.getByRole('heading', { name: words['place.yours'] }).waitFor();
    await assertSound(own);
    await open('/verify/blocks', words['blocks.title'], own);
    await own.getByText(words['blocks.fits']).first().waitFor();
    await own.getByText('Added: an allergy').waitFor();
    assert.equal(
      await own.getByText(/\((create|update|looks|verify|card-print)/).count(),
      0,
      'people’s words',
    );
    assert.equal(await own.getByText(words['blocks.fitsNot']).count(), 0);
    await assertSound(own);
    await open(`/verify/blocks/AllergyIntolerance/${allergy.id}`, words['versions.title'], own);
    await own.locator('summary', { hasText: words['versions.changed_one'] }).click();
    await own.getByText(filled(words['versions.now'], { path: 'criticality', value: 'high' })).waitFor();
    await own.getByText(words['versions.first']).waitFor();
    await assertSound(own);
    holder.assertQuiet();
    await holder.close();
  });

  it('somebody who was let in sees what was written there; somebody who is only signed in sees the proof alone', async () => {
    const guardian = await signUp(server.url, { login: 'mother@example.org', name: 'Anita Rao' });
    const stranger = await signUp(server.url, { login: 'stranger@example.org', name: 'Nobody' });
    const invited = await person.call('POST', '/api/guardians/invites', {
      body: { to: guardian.login, level: 'view', relationship: 'MTH', evidence: 'wish' },
    });
    const { id } = invited.json<{ id: string }>();
    assert.equal((await guardian.call('POST', `/api/guardians/invites/${id}/accept`)).status, 201);
    const entry = (await person.get(`/api/entries/${allergy.entryId}`)).json<{
      leafIndex: number;
      leaf: string;
    }>();
    const hash = Buffer.from(leafHash(decodeBase64(entry.leaf))).toString('base64url');
    for (const [who, sees] of [
      [guardian, true],
      [stranger, false],
    ] as const) {
      const visitor = await newVisitor(browser, server.url, { viewport: { width: 1280, height: 900 } });
      const theirs = visitor.page;
      await theirs.goto('/sign-in');
      await theirs.locator('input[name=login]').fill(who.login);
      await theirs.locator('input[name=password]').fill(goodPassword);
      await theirs.getByRole('button', { name: 'Sign in', exact: true }).click();
      await theirs.waitForURL((url) => url.pathname !== '/sign-in');
      await open(`/v/${entry.leafIndex}/${hash}`, words['place.passed'], theirs);
      if (sees) {
        await theirs.getByRole('heading', { name: words['place.theirs'] }).waitFor();
        await theirs.locator('summary', { hasText: words['versions.raw'] }).first().click();
        await theirs.getByText('Penicillin').first().waitFor();
      } else {
        assert.equal(await theirs.getByText(words['place.theirs']).count(), 0);
        assert.ok(!(await theirs.content()).includes('Penicillin'));
      }
      assert.equal(await theirs.getByText(words['place.yours']).count(), 0);
      await assertSound(theirs);
      await visitor.close();
    }
  });

  it('a row changed in the database: the page says which entry does not match', async () => {
    const [, , index = ''] = printed.split('/');
    // The last byte of the commitment: what the entry says would be another.
    await server.pool.query(
      'update log_leaf set leaf = set_byte(leaf, 97, get_byte(leaf, 97) # 1) where leaf_index = $1',
      [Number(index)],
    );
    await open(printed, filled(words['place.failed'], { index }));
    await page.getByText(words['step.failed']).first().waitFor();
    await assertSound();
    // A root that stands on the chain cannot be rewritten with it.
    await server.pool.query(
      'update log_leaf set leaf = set_byte(leaf, 97, get_byte(leaf, 97) # 1) where leaf_index = $1',
      [Number(index)],
    );
    await open(printed, words['place.passed']);
    await server.pool.query(
      `update anchor set root = set_byte(root, 0, get_byte(root, 0) # 1) where state = 'anchored'`,
    );
    await open(printed, filled(words['place.failed'], { index }));
  });
});
