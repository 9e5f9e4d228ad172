// The main job of the product, as one person lives it: sign up, fill in, get a card; a stranger scans it and sees what saves a
// life; the scan and every change can be proven, and what was changed behind the holder's back is found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { card } from '../../web/i18n/en/card.ts';
import { common } from '../../web/i18n/en/common.ts';
import { home } from '../../web/i18n/en/home.ts';
import { looks } from '../../web/i18n/en/looks.ts';
import { patientForms } from '../../web/i18n/en/patient-forms.ts';
import { patientRecord } from '../../web/i18n/en/patient-record.ts';
import { recordPages } from '../../web/i18n/en/record-pages.ts';
import { publicPages } from '../../web/i18n/en/public-pages.ts';
import { verify } from '../../web/i18n/en/verify.ts';
import type { Visitor } from '../harness/browser.ts';
import { filled, launchBrowser, newVisitor, shows } from '../harness/browser.ts';
import { decodeQrCode } from '../harness/qr-code.ts';
import type { TestServer } from '../harness/server.ts';
import { startServer } from '../harness/server.ts';

const record = { ...patientRecord, ...patientForms, ...recordPages };
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3 };
const takenWith = 'Invented Camera 7';

/** What the emergency page says of her, and no other page of a card may. */
const facts = ['Meera', 'Joshi', 'Penicillin', 'Anaphylaxis', 'Warfarin', 'Asthma', 'Suresh'];

describe('patient-card', () => {
  let server: TestServer;
  let browser: Browser;
  let meera: Visitor;
  let page: Page;
  /** What the code on her card says. */
  let cardAddress = '';
  /** The entry of her blood thinner. */
  let warfarin = { entryId: '', number: 0 };

  before(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    meera = await newVisitor(browser, server.url, phone);
    page = meera.page;
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  let unfinished = false;
  /** One step of the story. Those after one that failed have nothing to stand on. */
  const step = (name: string, live: () => Promise<void>): void => {
    test(name, async (context) => {
      if (unfinished) return context.skip('an earlier step failed');
      unfinished = true;
      await live();
      unfinished = false;
    });
  };

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  const link = (name: string | RegExp): Locator => page.getByRole('link', { name });
  const heading = (name: string | RegExp): Locator => page.getByRole('heading', { name });

  /** Goes on with the guided flow and waits for the next question. */
  const goOn = async (act: Locator, next: string): Promise<void> => {
    await act.click();
    await heading(next).waitFor();
  };
  /** Types into a box that is helped by a list, and takes the first entry of it. */
  const chooseFromList = async (
    label: string,
    entry: string,
    within: Page | Locator = page,
  ): Promise<void> => {
    const box = within.getByRole('combobox', { name: label });
    await box.click();
    await box.pressSequentially(entry.slice(0, 5));
    await page.getByRole('option', { name: entry }).first().waitFor();
    await box.press('ArrowDown');
    await box.press('Enter');
    await shows(() => box.inputValue(), entry);
  };

  step('she makes an account with three answers', async () => {
    await page.goto('/');
    await goOn(link(publicPages['how.start']).first(), publicPages['signUp.title']);
    await page.getByLabel(publicPages['signUp.name']).fill('Meera Joshi');
    await page.getByLabel(publicPages['signUp.login']).fill('meera.joshi@example.org');
    await page.getByRole('textbox', { name: publicPages['signUp.password'] }).fill('copper lantern 73 rain');
    await goOn(button(publicPages['signUp.act']), record['begin.title.you']);
  });

  step('the first questions ask who she is; her photo goes in as her phone took it', async () => {
    const born = page.getByRole('group', { name: record['identity.birthDate'] });
    await born.getByLabel(common['field.day']).fill('14');
    await born.getByLabel(common['field.month']).selectOption('March');
    await born.getByLabel(common['field.year']).fill('1961');
    await page.getByRole('radio', { name: record['sex.female'], exact: true }).check();
    await goOn(button(record['save.identity']), record['begin.title.reach']);
    await goOn(link(record['begin.skip']), record['begin.title.photo']);
    await page.getByLabel(record['photo.title']).setInputFiles({
      name: 'me.jpg',
      mimeType: 'image/jpeg',
      buffer: await photoWithPlaceAndCamera(),
    });
    await goOn(button(record['photo.save']), record['begin.title.allergies']);
  });

  step('the next ones ask what can be dangerous, and each answer is saved and shown at once', async () => {
    await chooseFromList(record['allergies.substance'], 'Penicillin');
    await page.getByRole('checkbox', { name: 'Anaphylaxis' }).check();
    await page.getByRole('radio', { name: record['severity.severe'] }).check();
    await button(record['save.allergies']).click();
    await page.getByRole('list', { name: record['section.allergies'] }).getByText('Anaphylaxis').waitFor();
    await goOn(button(record['begin.next']), record['begin.title.conditions']);

    await chooseFromList(record['conditions.condition'], 'Asthma');
    await button(record['save.conditions']).click();
    await goOn(button(record['begin.next']), record['begin.title.medicines']);

    await chooseFromList(record['medicines.medicine'], 'Warfarin');
    await page.getByLabel(record['medicines.doseValue']).fill('5');
    await page.getByLabel(record['medicines.doseUnit']).selectOption(record['unit.mg']);
    await page.getByLabel(record['medicines.often']).selectOption(record['often.1-1-d']);
    await button(record['save.medicines']).click();
    await goOn(button(record['begin.next']), record['begin.title.implants']);
  });

  step('“none known” is an answer, “not now” is none', async () => {
    await button(record['sayNone.implants']).click();
    await page
      .getByRole('list', { name: record['section.implants'] })
      .getByText(record['none.implants'])
      .waitFor();
    await goOn(button(record['begin.next']), record['begin.title.disabilities']);
    await goOn(link(record['begin.skip']), record['begin.title.blood']);
  });

  step('blood group, and two people to call; the rest can wait', async () => {
    await page.getByRole('radio', { name: /^B\+/ }).check();
    await page.getByRole('radio', { name: record['blood-group.belief'] }).check();
    await goOn(button(record['save.blood-group']), record['begin.title.body']);
    await goOn(link(record['begin.skip']), record['begin.title.contacts']);
    const called = [
      {
        place: record['contacts.first'],
        name: 'Suresh Joshi',
        relation: 'Husband',
        number: '+91 90000 41501',
      },
      {
        place: record['contacts.second'],
        name: 'Kavita Nair',
        relation: 'Daughter',
        number: '+91 90000 41502',
      },
    ];
    for (const { place, name, relation, number } of called) {
      const person = page.getByRole('group', { name: place });
      await person.getByLabel(record['contacts.name'], { exact: true }).fill(name);
      await chooseFromList(record['contacts.relation'], relation, person);
      await person.getByLabel(record['contacts.phone']).fill(number);
    }
    await goOn(button(record['save.contacts']), record['begin.title.care-team']);
    await link(record['begin.later']).click();
  });

  step('home shows her card, and its code can be read from the screen and from what she prints', async () => {
    const face = page.getByRole('figure', { name: filled(common['card.ofPerson'], { name: 'Meera Joshi' }) });
    for (const words of ['Meera Joshi', 'Penicillin', 'Anaphylaxis', 'Warfarin', 'B+'])
      await face.getByText(words).first().waitFor();
    const code = face.getByRole('img', { name: common['card.code'] });
    cardAddress = await readCode(code);
    assert.match(cardAddress, new RegExp(`^${server.url}/e/[0-9A-Z]{32}$`));

    await button(home['card.showCode']).click();
    const large = page.getByRole('dialog').getByRole('img', { name: common['card.code'] });
    assert.equal(await readCode(large), cardAddress);
    await button(common['act.close']).click();

    await link(home['card.print']).click();
    await heading(card['print.title']).waitFor();
    for (const title of [card['print.picture'], card['print.lockScreen']])
      assert.equal(await decodeQrCode(await download(link(title))), cardAddress, title);
    for (const title of [card['print.card'], card['print.sheet']]) {
      const front = firstPage(await download(link(title)));
      if (front !== undefined) assert.equal(await decodeQrCode(front), cardAddress, title);
    }
  });

  step(
    'a stranger scans it, without login and with script off: what can kill first, then whom to call',
    async () => {
      const stranger = await newVisitor(browser, server.url, { ...phone, javaScriptEnabled: false });
      const answer = await stranger.page.goto(cardAddress);
      assert.equal(answer?.status(), 200);
      const seen = await stranger.page.locator('body').innerText();
      for (const words of facts) assert.ok(seen.includes(words), `${words} in: ${seen}`);
      assert.match(seen, /Born 14\sMar\s1961/);
      const order = [
        'Meera',
        'Danger',
        'Penicillin',
        'Takes warfarin',
        'Suresh',
        'Kavita',
        'Medicines now',
        'Asthma',
      ];
      const places = order.map((words) => seen.indexOf(words));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        seen,
      );
      const numbers = stranger.page.locator('a[href^="tel:"]');
      assert.deepEqual(await numbers.evaluateAll((all) => all.map((one) => one.getAttribute('href'))), [
        'tel:+919000041501',
        'tel:+919000041502',
      ]);
      const block = (name: string) => stranger.page.getByRole('region', { name }).innerText();
      assert.match(await block('Medicines now'), /Warfarin 5\smg\s+Once a day/);
      assert.match(await block('Implants'), /None known/);
      assert.match(await block('Also useful'), /disabilities|needs help/i);
      assert.match(await block('Also useful'), /Not recorded/);
      const photo = await stranger.page.locator('.pic').getAttribute('src');
      await assertNothingButPicture(await (await stranger.page.request.get(photo ?? '')).body());
      assert.deepEqual(await stranger.context.cookies(), []);
      stranger.assertQuiet();
      await stranger.close();
    },
  );

  step('she is told of the scan, and sees it in “who looked”', async () => {
    await page.goto('/home');
    await link(filled(common['nav.noticesUnread_one'], { count: 1 })).click();
    const notice = page.getByRole('listitem').filter({ has: heading(new RegExp(looks['notice.scan'])) });
    await notice.getByText(looks['notices.new']).waitFor();
    await notice.getByText(looks['notice.scanDetail']).waitFor();
    await notice.getByRole('link', { name: looks['notice.seeLooks'] }).click();
    const look = page.getByRole('listitem').filter({ has: heading(new RegExp(looks['who.withCard'])) });
    await look.getByText(filled(looks['lead.saw'], { what: looks['saw.page'] }), { exact: true }).waitFor();
    await look.getByText(filled(looks['why'], { why: looks['why.scanned'] })).waitFor();
    assert.equal(await look.count(), 1);
  });

  step('her own device finds the whole record unaltered', async () => {
    await link(looks['complete.verify']).click();
    await heading(verify['record.passed']).waitFor();
    await page.getByText(verify['step.key.first']).waitFor();
  });

  step('one byte of the record is changed in the database: the dose is 9 mg now', async () => {
    const entry = await changeDose('5', '9');
    const { rows } = await server.pool.query<{ seq: string }>(
      'select seq from log_leaf where entry_id = $1',
      [entry],
    );
    warfarin = { entryId: entry, number: Number(rows[0]?.seq) };
    await button(verify['again']).click();
    await heading(verify['record.failed']).waitFor();
    await page.getByText(filled(verify['record.entryFails'], { number: warfarin.number })).waitFor();
    await page.getByText(verify['failure.content-differs']).waitFor();
  });

  step('the page of that entry says so too', async () => {
    await link(verify['record.seeEntry']).click();
    await heading(filled(verify['entry.failed'], { number: warfarin.number })).waitFor();
    assert.ok(page.url().endsWith(`/verify/entry/${warfarin.entryId}`));
    const text = page
      .getByRole('listitem')
      .filter({ hasText: verify['entryStep.content-matches-statement'] });
    await text.getByText(verify['entryStep.outcome.failed']).waitFor();
  });

  step('the byte is put back: the entry and the whole record match again', async () => {
    await changeDose('9', '5');
    await button(verify['again']).click();
    await heading(verify['entry.passed']).waitFor();
    await page.goto('/verify');
    await heading(verify['record.passed']).waitFor();
    await page.getByText(verify['step.key.same']).waitFor();
  });

  step('she revokes the card: its code shows no data, exactly as a code that never was', async () => {
    await page.goto('/card');
    await button(card['acts.revoke']).click();
    await page.getByRole('dialog').getByRole('button', { name: card['ask.revoke.act'] }).click();
    await page.getByText(filled(card['ask.revoke.done'], { number: 1 })).waitFor();
    const stranger = await newVisitor(browser, server.url, { ...phone, javaScriptEnabled: false });
    const look = async (address: string) => {
      const answer = await stranger.page.goto(address);
      const body = await stranger.page.locator('body').innerText();
      return {
        status: answer?.status(),
        bytes: (await answer?.body())?.length,
        title: await stranger.page.title(),
        body,
      };
    };
    const revoked = await look(cardAddress);
    assert.match(revoked.body, /It shows no data/);
    const source = await stranger.page.content();
    for (const words of facts) assert.ok(!source.includes(words), words);
    const neverWas = cardAddress.replace(/[0-9A-Z]{32}$/, (token) => token.split('').toReversed().join(''));
    assert.deepEqual(await look(neverWas), revoked);
    await stranger.close();
  });

  step('she signs out: nothing of her stays on the device, and “back” shows nothing', async () => {
    const { patient } = await page.evaluate<{ patient: { id: string; uhid: string } }>(
      `fetch('/api/me').then((answer) => answer.json())`,
    );
    await page.addInitScript(`addEventListener('pageshow', (event) => {
      if (event.persisted && document.body.checkVisibility()) console.error('shown again as it was left');
    })`);
    await page.goto('/more');
    await button(common['nav.signOut']).click();
    await page.waitForURL(`${server.url}/`);
    await button(publicPages['signIn.act']).waitFor();
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    for (const words of [...facts, patient.id, patient.uhid])
      assert.ok(!kept.includes(words), `${words} in ${kept}`);
    assert.deepEqual(await meera.context.cookies(), []);
    await page.evaluate('history.back()');
    await page.getByRole('heading', { level: 1, name: publicPages['signIn.title'] }).waitFor();
    const shown = await page.content();
    for (const words of facts) assert.ok(!shown.includes(words), words);
    meera.assertQuiet();
  });

  /** What a phone's camera reads from the picture as it is drawn on the screen. */
  async function readCode(code: Locator): Promise<string> {
    await code.scrollIntoViewIfNeeded();
    return (await decodeQrCode(await code.screenshot())) ?? '';
  }

  async function download(from: Locator): Promise<Buffer> {
    const address = await from.getAttribute('href');
    const { status, bytes } = await page.evaluate<{ status: number; bytes: number[] }>(
      `fetch(${JSON.stringify(address)}).then(async (answer) =>
        ({ status: answer.status, bytes: [...new Uint8Array(await answer.arrayBuffer())] }))`,
    );
    assert.equal(status, 200, `${address}: ${Buffer.from(bytes).subarray(0, 300).toString()}`);
    return Buffer.from(bytes);
  }

  /** Behind the server's back, as somebody with the database in their hands would; gives the entry whose text was changed. */
  async function changeDose(from: string, to: string): Promise<string> {
    const { rows } = await server.pool.query<{ entry_id: string; change: number }>(
      `update resource set content = replace(content, $1, $2)
       where resource_type = 'MedicationStatement' and content like '%' || $1 || '%'
       returning entry_id, octet_length($1) - octet_length($2) as change`,
      [`"value":${from}`, `"value":${to}`],
    );
    assert.deepEqual(
      rows.map(({ change }) => change),
      [0],
      'one record, the same length',
    );
    return rows[0]?.entry_id ?? '';
  }
});

/** As a phone takes it: with the place and the camera written into the file. */
async function photoWithPlaceAndCamera(): Promise<Buffer> {
  const picture = await sharp({ create: { width: 640, height: 780, channels: 3, background: '#b08968' } })
    .withExif({ IFD0: { Model: takenWith }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '18/1 31/1 0/1' } })
    .jpeg()
    .toBuffer();
  assert.ok(picture.includes(takenWith));
  return picture;
}

async function assertNothingButPicture(stored: Buffer): Promise<void> {
  const { width, exif, xmp, iptc } = await sharp(stored).metadata();
  assert.ok(width && width < 640);
  assert.deepEqual({ exif, xmp, iptc }, { exif: undefined, xmp: undefined, iptc: undefined });
  assert.ok(!stored.includes(takenWith));
}

/** The first page as a printer would print it; undefined where no program to draw it is installed. */
function firstPage(pdf: Buffer): Buffer | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'medallion-pdf-'));
  try {
    const file = join(folder, 'card.pdf');
    writeFileSync(file, pdf);
    execFileSync('pdftoppm', ['-r', '200', '-png', '-singlefile', file, join(folder, 'front')]);
    return readFileSync(join(folder, 'front.png'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
