// The stand-alone verifier: follows a log from a server or a folder, checks what a person holds against it, and says what it found.
// Everything is recomputed here from core/ledger; no server is asked for a judgement.
import { encodeBase64 } from '../core/ledger/base64.ts';
import { parseCheckpoint } from '../core/ledger/checkpoint.ts';
import type { KeyTenure } from '../core/ledger/key-chain.ts';
import { openCheckpointOfChain } from '../core/ledger/key-chain.ts';
import { parseNote } from '../core/ledger/note.ts';
import { checkHistory, checkSignature, checkTree } from './check-log.ts';
import type { FollowedLog, KnownRoot } from './check-log.ts';
import { checkHeldFile, readHeldFile, rootOf, watchedOf } from './check-record.ts';
import type { HeldFile } from './check-record.ts';
import { checkWitnesses, readWitnessed } from './check-witnesses.ts';
import type { ChainAnchor } from './chain-anchors.ts';
import { readChainAnchors } from './chain-anchors.ts';
import type { AskedChain } from './check-file-anchors.ts';
import { checkFileAnchors } from './check-file-anchors.ts';
import { chooseKeys } from './choose-keys.ts';
import type { LogSource } from './log-source.ts';
import { openSource, readNamedFile } from './log-source.ts';
import { mirrorLog } from './mirror.ts';
import type { Options } from './options.ts';
import type { Check, Report } from './report.ts';
import { exitCodeOf } from './report.ts';
import { defaultStatePath, readState, writeState } from './state-file.ts';
import { SourceError } from './source-error.ts';

export interface Surroundings {
  readonly now: () => number;
  /** `XDG_STATE_HOME`. */
  readonly stateHome: string | undefined;
  readonly onProgress?: (leaves: number) => void;
}

type Facts = Pick<Report, 'origin' | 'size' | 'root'>;

/** Checks all that the options name. Never throws for what it reads: what cannot be read is a failed check. */
export async function verify(options: Options, surroundings: Surroundings): Promise<Report> {
  const checks: Check[] = [];
  let facts: Facts = {};
  try {
    const held = await Promise.all(
      options.records.map(async (name) => readHeldFile(name, await readNamedFile(name))),
    );
    if (options.log === undefined) checks.push(...(await checkAlone(options, held)));
    else {
      const source = openSource(options.log);
      facts = await checkAll(options, source, held, surroundings, checks);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    checks.push({ name: 'Reading', outcome: 'failed', detail: error.message, exit: 'unreadable' });
  }
  return {
    verifier: 'medallion-verify/1',
    ...(options.log === undefined ? {} : { source: options.log }),
    ...facts,
    checks,
  };
}

async function checkAll(
  options: Options,
  source: LogSource,
  held: readonly HeldFile[],
  surroundings: Surroundings,
  checks: Check[],
): Promise<Facts> {
  const statePath = options.stateFile ?? defaultStatePath(source.name, surroundings.stateHome);
  const seen = options.keepsState ? await readState(statePath) : undefined;
  const keys = await chooseKeys(source, options, seen);
  checks.push(keys.check);
  if (!keys.tenures) return {};
  const signature = await checkSignature(source, keys.tenures);
  checks.push(signature.check);
  const { checkpoint, note } = signature;
  if (!checkpoint) return {};
  const facts = { origin: checkpoint.origin, size: checkpoint.size, root: encodeBase64(checkpoint.root) };

  const known: KnownRoot[] = [
    ...(seen ? [rootOfNote(seen.checkpoint, `seen ${seen.seenAt}`)] : []),
    ...(await readCheckpoints(options.checkpoints, keys.tenures)),
    ...held.flatMap((one) => rootOf(one, keys.tenures ?? [])),
  ];
  const witnessed = options.policyFile === undefined ? undefined : await readWitnessed(source);
  const witnessedRoot = witnessed === undefined ? [] : [rootOfNote(witnessed, 'the cosigned checkpoint')];
  const anchors = options.rpc
    ? await readChainAnchors({ rpcUrl: options.rpc.url, ...options.rpc }, checkpoint.origin)
    : undefined;
  const anchored = (anchors ?? []).map(({ size, root, where }): KnownRoot => ({ size, root, from: where }));
  const { checks: ofTree, audit } = await checkTree(source, checkpoint, {
    sizes: [...known, ...witnessedRoot, ...anchored].map(({ size }) => size),
    hasOurLeaves: !options.anyLog,
    watched: held.flatMap(watchedOf),
    ...(surroundings.onProgress ? { onProgress: surroundings.onProgress } : {}),
  });
  checks.push(...ofTree);
  const followed: FollowedLog = { note, checkpoint, audit };

  if (known.length > 0) checks.push(checkHistory('History', known, followed, 'history'));
  else
    checks.push({
      name: 'History',
      outcome: 'not-checked',
      detail: `nothing was seen of this log before${options.keepsState ? '; from now on this verifier remembers' : ''}`,
    });
  checks.push(await checkWitnesses(options.policyFile, witnessed, keys.tenures));
  if (witnessedRoot.length > 0)
    checks.push(checkHistory('Cosigned tree', witnessedRoot, followed, 'history'));
  checks.push(checkAnchors(anchored, anchors !== undefined, followed));
  for (const one of held) {
    checks.push(checkHeldFile(one, keys.tenures, followed));
    if (one.kind === 'record')
      checks.push(checkFileAnchors(one.name, one.file, askedChain(options, anchors), howToAsk));
  }

  // Only what holds is remembered and copied: a doubt stays a doubt on the next run.
  if (exitCodeOf({ verifier: 'medallion-verify/1', checks }) !== 0) return facts;
  if (options.mirror !== undefined) await mirrorLog(source, followed, keys.vkey, options.mirror);
  if (options.keepsState) {
    const seenAt = new Date(surroundings.now()).toISOString();
    await writeState(statePath, { origin: checkpoint.origin, vkey: keys.vkey, checkpoint: note, seenAt });
  }
  return facts;
}

/** Files without a log: their own checkpoint is all there is. */
async function checkAlone(options: Options, held: readonly HeldFile[]): Promise<Check[]> {
  const checks: Check[] = [];
  for (const one of held) {
    const own = one.kind === 'unreadable' ? undefined : one.file.log;
    const keys = await chooseKeys(undefined, options, undefined, own);
    checks.push(keys.check, checkHeldFile(one, keys.tenures ?? [], undefined));
    if (one.kind === 'unreadable') continue;
    checks.push(await checkWitnesses(options.policyFile, one.file.checkpoint, keys.tenures ?? []));
    if (one.kind === 'record') {
      // The log is named by the trusted key, not by the file.
      const origin = keys.vkey.split('+', 1)[0] ?? '';
      const onChain = options.rpc
        ? await readChainAnchors({ rpcUrl: options.rpc.url, ...options.rpc }, origin)
        : undefined;
      checks.push(checkFileAnchors(one.name, one.file, askedChain(options, onChain), howToAsk));
    }
  }
  return checks;
}

const howToAsk = ' (--rpc, --contract)';

function askedChain({ rpc }: Options, anchors: readonly ChainAnchor[] | undefined): AskedChain | undefined {
  return rpc && anchors ? { contract: rpc.contract, anchors } : undefined;
}

function checkAnchors(anchored: readonly KnownRoot[], wasAsked: boolean, followed: FollowedLog): Check {
  if (!wasAsked)
    return { name: 'Anchors', outcome: 'not-checked', detail: 'no node was named (--rpc, --contract)' };
  if (anchored.length > 0) return checkHistory('Anchors', anchored, followed, 'anchors');
  return {
    name: 'Anchors',
    outcome: 'failed',
    detail: '1 found',
    problems: [{ code: 'no-anchor' }],
    exit: 'anchors',
  };
}

async function readCheckpoints(
  paths: readonly string[],
  tenures: readonly KeyTenure[],
): Promise<KnownRoot[]> {
  return Promise.all(
    paths.map(async (path) => {
      const note = await readNamedFile(path);
      const opened = openCheckpointOfChain(note, tenures);
      if (!opened.ok) throw new SourceError(`${path} is no checkpoint that this log signed`);
      return { size: opened.checkpoint.size, root: opened.checkpoint.root, from: path };
    }),
  );
}

/** Size and root of a note that is compared, not believed. Throws `SourceError`. */
function rootOfNote(note: string, from: string): KnownRoot {
  try {
    const { size, root } = parseCheckpoint(parseNote(note).text);
    return { size, root, from };
  } catch {
    throw new SourceError(`${from} is no checkpoint`);
  }
}
