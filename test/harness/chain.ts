// An Ethereum chain of a test's own, with our contract on it, and a node before it that can be made to fail, lie or be slow.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admit, deploy } from '../../server/ledger/chain/connect-chain.ts';
import type { Rpc } from '../../server/ledger/chain/json-rpc.ts';
import { startLocalChain } from '../../server/ledger/chain/local-chain.ts';
import type { Hex, Registry } from '../../server/ledger/chain/registry.ts';
import { openRegistry } from '../../server/ledger/chain/registry.ts';
import { logIdOf } from '../../server/ledger/public-anchors.ts';

export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const mostFeeWei = 10n ** 12n;

export interface TestChain {
  readonly url: string;
  readonly rpc: Rpc;
  readonly contract: Hex;
  readonly registry: Registry;
  /** File of the key that owns the contract. */
  readonly keyFile: string;
  /** An account with money that nobody authorised. */
  stranger(): Promise<Registry>;
  openLog(origin: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Undefined means that there is no program for this machine: the caller lets its tests fail, not pass. */
export async function startTestChain(): Promise<TestChain> {
  const folder = mkdtempSync(join(tmpdir(), 'medallion-chain-'));
  const node = await startLocalChain(folder, silent);
  const funded = async (): Promise<{ key: Hex; registry: Registry }> => {
    const key: Hex = `0x${randomBytes(32).toString('hex')}`;
    const registry = await openRegistry(key);
    await node.rpc.call('anvil_setBalance', [registry.signer, '0xffffffffffffffffffff']);
    return { key, registry };
  };
  const { key, registry } = await funded();
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, key, { mode: 0o600 });
  const contract = await deploy(node.rpc, registry, mostFeeWei);
  return {
    url: node.url,
    rpc: node.rpc,
    contract,
    registry,
    keyFile,
    stranger: async () => (await funded()).registry,
    async openLog(origin) {
      const logId = logIdOf(origin);
      await admit(node.rpc, registry, contract, { origin, logId }, mostFeeWei);
      return logId;
    },
    async stop() {
      await node.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the node before the chain does with a call: passes it on, or answers by itself. */
export type Behaviour = (
  call: Call,
  passOn: () => Promise<unknown>,
) => Promise<{ result: unknown } | { raw: string } | 'hang up'>;

export interface TestNode {
  readonly url: string;
  /** Methods that were called, in order. */
  readonly calls: string[];
  behave(behaviour: Behaviour | undefined): void;
  stop(): Promise<void>;
}

const honest: Behaviour = async (_call, passOn) => ({ result: await passOn() });

export async function startTestNode(chain: Pick<TestChain, 'url'>): Promise<TestNode> {
  let behaviour = honest;
  const calls: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // As public nodes do, so that a page may ask them.
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    if (request.method === 'OPTIONS') {
      response.end();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const call = JSON.parse(body) as Call & { id: number };
    calls.push(call.method);
    let whole: string | undefined;
    const passOn = async (): Promise<unknown> => {
      const real = await fetch(chain.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      whole = await real.text();
      return (JSON.parse(whole) as { result: unknown }).result;
    };
    const said = await behaviour(call, passOn);
    if (said === 'hang up') {
      response.destroy();
      return;
    }
    response.setHeader('content-type', 'application/json');
    if ('raw' in said) response.end(said.raw);
    // A refusal of the chain is passed on as it is.
    else if (said.result === undefined && whole !== undefined) response.end(whole);
    else response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: said.result }));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    behave(next) {
      behaviour = next ?? honest;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
