// The chain of one's own: an Ethereum node in one process beside us, for trying everything out. It proves nothing to anybody else.
// Its state is written by us after each transaction, whole or not at all; the process cannot outlive this one.
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Log } from '../../http/deps.ts';
import { takeOwnerLock } from '../../storage/embedded/owner-lock.ts';
import { watchdog } from '../../storage/embedded/watchdog.ts';
import { writeDurably } from '../durable-file.ts';
import { localChainId } from './chain-names.ts';
import type { Rpc } from './json-rpc.ts';
import { createRpc, RpcError } from './json-rpc.ts';
import { bytesOf, readChainId } from './node-facts.ts';

export interface LocalChain {
  readonly url: string;
  readonly rpc: Rpc;
  /** True when the process is gone: another must be started. */
  hasEnded(): boolean;
  /** Writes down what stands: what is not written is gone with the process. */
  keep(): Promise<void>;
  stop(): Promise<void>;
}

/** This installation has no program for a local chain: optional packages were left out, or there is none for this machine. */
export class LocalChainMissingError extends Error {
  readonly code = 'local-chain-missing';
  constructor() {
    super(
      'the package @foundry-rs/anvil has no program for this machine: nothing is anchored until CHAIN_RPC_URL is set',
    );
    this.name = 'LocalChainMissingError';
  }
}

const startWithinMs = 20_000;
/** A state this large is slow to write after each transaction: the next start begins a new chain. */
const largestStateBytes = 64 * 1024 * 1024;
const dumpLimits = { timeoutMs: 30_000, maxBytes: 2 * largestStateBytes };
const names: Record<string, string> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
};

/** Throws `LocalChainMissingError`, or `DataFolderInUseError` when another process runs the chain of this folder. */
export async function startLocalChain(dataDir: string, log: Log): Promise<LocalChain> {
  const program = findProgram();
  const folder = join(dataDir, 'chain');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await takeOwnerLock(folder);
  try {
    setAsideLarge(stateFile(folder), log);
    const running = await launch(program, folder).catch(async (error: unknown) => {
      if (!hasState(folder)) throw error;
      log.error(
        { code: 'local-chain-damaged' },
        'the local chain’s state cannot be read: a new chain begins',
      );
      setAside(stateFile(folder));
      return launch(program, folder);
    });
    return {
      ...running,
      async stop() {
        await running.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function launch(program: string, folder: string): Promise<LocalChain> {
  const port = await freePort();
  const args = [
    ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(localChainId)],
    // No accounts with keys that everybody knows; no history beyond what we ask for.
    ['--accounts', '0', '--prune-history', '16', '--quiet', '--no-cors'],
    hasState(folder) ? ['--load-state', stateFile(folder)] : [],
  ].flat();
  const output = openSync(join(folder, 'chain.log'), 'w', 0o600);
  const shell = spawn('/bin/sh', ['-c', watchdog, 'medallion-chain', program, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', HOME: folder, LC_ALL: 'C' },
    detached: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true;
      shell.stdin?.destroy();
      resolve();
    };
    shell.once('exit', end);
    shell.once('error', end);
  });
  shell.stdin?.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    shell.stdin?.end();
    await exited;
  };
  const url = `http://127.0.0.1:${port}`;
  const rpc = createRpc(url);
  try {
    await becomesReady(rpc, () => ended);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    rpc,
    hasEnded: () => ended,
    async keep() {
      const dump = bytesOf(await rpc.call('anvil_dumpState', [], dumpLimits), 'state');
      const state = await promisify(gunzip)(Buffer.from(dump.slice(2), 'hex'));
      await writeDurably(stateFile(folder), state.toString('utf8'));
    },
    stop,
  };
}

async function becomesReady(rpc: Rpc, hasEnded: () => boolean): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < startWithinMs; await sleep(25)) {
    if (hasEnded()) throw new RpcError('chain-unreachable', 'the local chain ended as it started');
    const id = await readChainId(rpc).catch(() => undefined);
    if (id === localChainId) return;
  }
  throw new RpcError('chain-slow', 'the local chain did not become ready');
}

/** The platform's own package: the other one only finds it. */
function findProgram(): string {
  const name = names[`${process.platform}-${process.arch}`];
  try {
    if (name === undefined) throw new LocalChainMissingError();
    const finder = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'));
    const program = join(dirname(finder.resolve(`@foundry-rs/anvil-${name}/package.json`)), 'bin', 'anvil');
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    throw new LocalChainMissingError();
  }
}

const stateFile = (folder: string): string => join(folder, 'state.json');
const hasState = (folder: string): boolean =>
  statSync(stateFile(folder), { throwIfNoEntry: false }) !== undefined;

function setAside(file: string): void {
  renameSync(file, `${file}.old`);
}

function setAsideLarge(file: string, log: Log): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= largestStateBytes) return;
  log.warn({ code: 'local-chain-large' }, 'the local chain has grown large: a new chain begins');
  setAside(file);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
