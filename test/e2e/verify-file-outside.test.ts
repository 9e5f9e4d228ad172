// The verifier as one HTML file and what is outside of it: witnesses of the reader's own choice, and an Ethereum node that they name.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { SIGNATURE_TYPES, formatVerifierKey, verifierKeyOf } from '../../core/ledger/verifier-key.ts';
import { openLogKey } from '../../server/ledger/log-key.ts';
import { buildVerifier } from '../../verifier/build.ts';
import { runAdmin } from '../harness/admin-process.ts';
import { launchBrowser, newVisitor } from '../harness/browser.ts';
import type { TestChain, TestNode } from '../harness/chain.ts';
import { startTestChain, startTestNode } from '../harness/chain.ts';
import { signUp } from '../harness/client.ts';
import { conditionOf } from '../harness/resources.ts';
import { freshDatabase } from '../harness/database.ts';
import { freePort } from '../harness/free-port.ts';
import { startServerProcess } from '../harness/server-process.ts';
import { until } from '../harness/servers.ts';
import { temporaryFolder } from '../harness/verifier.ts';
import { startWitness } from '../harness/witness-process.ts';

const origin = 'log.example/log';

describe('the verifier as a file, with witnesses and a node', () => {
  const folder = temporaryFolder();
  let browser: Browser;
  let chain: TestChain;
  let node: TestNode;
  let address: string;
  let vkey: string;
  let witnessKey: string;
  before(async () => {
    address = pathToFileURL(await buildVerifier()).href;
    chain = await startTestChain();
    node = await startTestNode(chain);
    await chain.openLog(origin);
    const database = await freshDatabase();
    const dataDir = folder.path('data');
    vkey = (await openLogKey(dataDir, origin, true)).vkey;
    const witness = await startWitness(folder.path('witness'), [vkey], { name: 'hospital.example' });
    witnessKey = witness.vkey;
    const environment = {
      DATABASE_URL: database.url,
      WITNESSES: `1 of ${witness.vkey} ${witness.url}`,
      CHAIN_RPC_URL: chain.url,
      CHAIN_CONTRACT: chain.contract,
      CHAIN_PRIVATE_KEY_FILE: chain.keyFile,
      CHAIN_CONFIRMATIONS: '1',
    };
    const server = startServerProcess(dataDir, await freePort(), environment);
    await server.ready();
    const asha = await signUp(server.url);
    await asha.create(conditionOf(asha.patientId, 'Asthma'));
    await until(async () => (await fetch(`${server.url}/log/checkpoint/witnessed`)).ok);
    assert.equal((await runAdmin(dataDir, ['anchor'], environment)).code, 0);
    await chain.rpc.call('anvil_mine', ['0x100']);
    writeFileSync(folder.path('record.json'), (await asha.get('/api/export')).bytes);
    await server.stop();
    await witness.stop();
    await database.drop();
    const stranger = formatVerifierKey(
      verifierKeyOf('court.example', SIGNATURE_TYPES.cosignatureV1, new Uint8Array(32).fill(7)),
    );
    writeFileSync(folder.path('met.policy'), `witness hospital ${witnessKey}\nquorum hospital\n`);
    writeFileSync(
      folder.path('unmet.policy'),
      `witness hospital ${witnessKey}\nwitness court ${stranger}\ngroup both all hospital court\nquorum both\n`,
    );
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await node.stop();
    await chain.stop();
    folder.remove();
  });

  async function opened(file: string): Promise<{ page: Page; asked: string[]; close: () => Promise<void> }> {
    const { page, context } = await newVisitor(browser, 'http://nowhere.example');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(address);
    await page.getByLabel('Key of the log').fill(vkey);
    await page.setInputFiles('#file', file);
    return { page, asked, close: () => context.close() };
  }
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).waitFor();
  async function ask(page: Page, at: string, contract: string): Promise<void> {
    if (!(await page.getByLabel('Address of an Ethereum node').isVisible()))
      await page.locator('summary', { hasText: 'Ethereum anchors' }).click();
    await page.getByLabel('Address of an Ethereum node').fill(at);
    await page.getByLabel('Contract that holds the anchors').fill(contract);
    await page.getByRole('button', { name: 'Look the anchors up' }).click();
  }

  test('says what it did not check, and asks nobody of itself', async () => {
    const { page, asked, close } = await opened(folder.path('record.json'));
    await heading(page, 'Nothing altered, nothing missing');
    await heading(page, 'Witnesses: not checked');
    await heading(page, 'Ethereum anchors: not checked');
    await page.getByText(/entries are anchored in block \d+ of chain 31337 .*; no node was asked/).waitFor();
    assert.deepEqual(asked, [address]);
    await close();
  });

  test('a policy that is met holds; one that is not, or is none, does not', async () => {
    const { page, close } = await opened(folder.path('record.json'));
    await page.setInputFiles('#file', folder.path('met.policy'));
    await heading(page, 'Witnesses: checked, holds');
    await heading(page, 'Nothing altered, nothing missing');
    await page.setInputFiles('#file', folder.path('unmet.policy'));
    await heading(page, 'Witnesses: Something does not match');
    await heading(page, /^Something does not match$/);
    await page.getByText('missing court: too few of the trusted witnesses have seen this').waitFor();
    await page.locator('summary', { hasText: 'Witnesses' }).click();
    await page.getByLabel('Witnesses you trust').fill('witness hospital');
    await page.getByText('what you gave as a policy cannot be read as one').waitFor();
    await page.getByLabel('Witnesses you trust').fill('');
    await heading(page, 'Nothing altered, nothing missing');
    await close();
  });

  test('a node that the reader names confirms the anchors, and only it is asked', async () => {
    const { page, asked, close } = await opened(folder.path('record.json'));
    await ask(page, node.url, chain.contract);
    await heading(page, 'Ethereum anchors: checked, holds');
    await page.getByText(/\d+ of \d+ entries are anchored, at the latest in block \d+/).waitFor();
    assert.ok(asked.slice(1).every((one) => one.startsWith(node.url)));
    const { violations } = await new AxeBuilder({ page }).analyze();
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    );
    await ask(page, 'http://127.0.0.1:1', chain.contract);
    await page.getByText('the node could not be reached').waitFor();
    await ask(page, node.url, '0x12');
    await page.getByText('the address of a node begins with http').waitFor();
    await close();
  });

  test('an anchor that was never made, and one that was altered, are found', async () => {
    const whole = JSON.parse(readFileSync(folder.path('record.json'), 'utf8')) as {
      anchors: { size: number; root: string; proof: string[] }[];
      checkpoint: string;
    };
    const [, size = '', root = ''] = whole.checkpoint.split('\n');
    const [anchor] = whole.anchors;
    assert.ok(anchor);
    const forged: [string, object, string][] = [
      ['invented.json', { ...anchor, size: Number(size), root, proof: [] }, 'the chain has no such anchor'],
      [
        'altered.json',
        { ...anchor, root: Buffer.alloc(32, 7).toString('base64') },
        'an anchor that the file names is not of the tree under its checkpoint',
      ],
    ];
    for (const [name, one, words] of forged) {
      writeFileSync(folder.path(name), JSON.stringify({ ...whole, anchors: [one] }));
      const { page, close } = await opened(folder.path(name));
      await ask(page, node.url, chain.contract);
      await heading(page, /^Something does not match$/);
      await page.getByText(words).first().waitFor();
      await close();
    }
  });
});
