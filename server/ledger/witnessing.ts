// Asks the configured witnesses to cosign, beside the log and never in its way: whoever is slow or away is asked again later.
// All are asked for the same checkpoint until enough have signed it, so that one checkpoint gathers the quorum.
import { setTimeout as sleep } from 'node:timers/promises';
import { formatSignatureLines } from '../../core/ledger/cosign.ts';
import { parseNote } from '../../core/ledger/note.ts';
import { parseVerifierKey } from '../../core/ledger/verifier-key.ts';
import type { WitnessesConfig } from '../config.ts';
import type { Log } from '../http/deps.ts';
import type { StoredCheckpoint } from '../storage/log-store.ts';
import { findLatestCheckpoint } from '../storage/log-store.ts';
import type { Queryable } from '../storage/queryable.ts';
import {
  listCosigners,
  listWitnesses,
  storeCosignature,
  storeWitnessProblem,
} from '../storage/witness-store.ts';
import type { AskedWitness, WitnessProblem } from './ask-witness.ts';
import { askWitness, fetchWitnessedCheckpoint } from './ask-witness.ts';
import type { LogKeys } from './log-key.ts';
import type { SignedMark } from './signed-mark.ts';
import { tileReader } from './tile-reader.ts';
import { witnessId } from './witnessed.ts';

export interface WitnessingOptions {
  db: Queryable;
  config: WitnessesConfig;
  keys: LogKeys;
  /** Whether this process sequences: of several only that one asks. */
  leads: () => boolean;
  /** Told of a checkpoint that bears the log's own signature; the sequencer holds it against its tree. */
  learnSigned: (mark: SignedMark) => void;
  now: () => number;
  log: Log;
  pauseMs?: number;
  timeoutMs?: number;
}

export interface Witnessing {
  /** Asks everybody who is due once, and settles when all have answered. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/** So long one checkpoint waits for its quorum before a newer one takes its place. */
const targetLifeMs = 5_000;
const longestBackoffMs = 60_000;

interface Asked extends AskedWitness {
  readonly id: string;
  knownSize: number;
  failures: number;
  dueMs: number;
  busy: boolean;
}

export function startWitnessing(options: WitnessingOptions): Witnessing {
  const { db, config, now } = options;
  const timeoutMs = options.timeoutMs ?? 5_000;
  const witnesses: Asked[] = config.witnesses.map(({ key, url }) => ({
    key,
    url,
    id: witnessId(key),
    knownSize: 0,
    failures: 0,
    dueMs: 0,
    busy: false,
  }));
  let target: { checkpoint: StoredCheckpoint; chosenMs: number; cosigned: Set<string> } | undefined;
  let sizesKnown = false;
  const inFlight = new Set<Promise<void>>();

  async function chooseTarget(): Promise<void> {
    const latest = await findLatestCheckpoint(db);
    if (!latest || latest.size === target?.checkpoint.size) return;
    const isOver =
      !target || target.cosigned.size >= config.threshold || now() - target.chosenMs >= targetLifeMs;
    if (!isOver) return;
    const ids = witnesses.map(({ id }) => id);
    const cosigned = new Set(await listCosigners(db, latest.size, ids));
    if (!sizesKnown) {
      for (const row of await listWitnesses(db, ids)) {
        const witness = witnesses.find(({ id }) => id === row.witness);
        if (witness) witness.knownSize = row.size;
      }
      sizesKnown = true;
    }
    target = { checkpoint: latest, chosenMs: now(), cosigned };
  }

  /** Starts a request to each witness that is due; each goes at its own pace. */
  async function begin(): Promise<void> {
    if (!options.leads()) return;
    await chooseTarget();
    for (const witness of witnesses) {
      if (!target || witness.busy || witness.dueMs > now() || target.cosigned.has(witness.id)) continue;
      witness.busy = true;
      const asking = ask(witness, target)
        .catch((error: unknown) => {
          // The store: whatever was signed is asked for again, and signed again.
          options.log.warn({ code: (error as { code?: string }).code }, 'a cosignature could not be stored');
          postpone(witness);
        })
        .finally(() => {
          witness.busy = false;
          inFlight.delete(asking);
        });
      inFlight.add(asking);
    }
  }

  async function ask(witness: Asked, asked: NonNullable<typeof target>): Promise<void> {
    const { checkpoint } = asked;
    const answer = await askWitness(witness, checkpoint, witness.knownSize, tileReader(db), timeoutMs);
    if (answer.kind === 'cosigned') {
      const { signature, timeSeconds } = answer.cosignature;
      await storeCosignature(db, {
        size: checkpoint.size,
        witness: witness.id,
        line: formatSignatureLines(parseNote(checkpoint.note).text, [signature]),
        timeSeconds,
        askedAtMs: now(),
      });
      asked.cosigned.add(witness.id);
      witness.knownSize = checkpoint.size;
      witness.failures = 0;
      witness.dueMs = 0;
      return;
    }
    if (answer.kind === 'knows-more') {
      witness.knownSize = answer.size;
      const latest = await findLatestCheckpoint(db);
      if (latest && answer.size <= latest.size) {
        // It was asked for by another process of ours: the next target is newer.
        if (target === asked) asked.chosenMs = Number.NEGATIVE_INFINITY;
        return;
      }
      return fail(witness, 'ahead-of-us');
    }
    return fail(witness, answer.problem);
  }

  async function fail(witness: Asked, problem: WitnessProblem): Promise<void> {
    postpone(witness);
    const serious = problem === 'ahead-of-us' || problem === 'other-history';
    if (serious || witness.failures === 1)
      options.log[serious ? 'error' : 'warn'](
        { witness: witness.key.name, problem },
        'a witness did not cosign the log',
      );
    await storeWitnessProblem(db, { witness: witness.id, problem, askedAtMs: now() });
    if (!serious) return;
    const seen = await fetchOwnCheckpoint(witness, options.keys, timeoutMs);
    if (seen) options.learnSigned({ size: seen.size, root: seen.root });
  }

  function postpone(witness: Asked): void {
    witness.failures += 1;
    witness.dueMs = now() + Math.min(longestBackoffMs, 500 * 2 ** Math.min(witness.failures, 10));
  }

  let stopped = false;
  const controller = new AbortController();
  const loop = (async () => {
    while (!stopped && witnesses.length > 0) {
      await begin().catch((error: unknown) =>
        options.log.warn({ code: (error as { code?: string }).code }, 'the witnesses could not be asked'),
      );
      await sleep(options.pauseMs ?? 500, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  })();

  return {
    async round() {
      await begin();
      await Promise.all(inFlight);
    },
    async stop() {
      stopped = true;
      controller.abort();
      await loop;
      await Promise.all(inFlight);
    },
  };
}

/** What the witnesses hold signed by this log, asked once before the log is continued. Whoever does not answer soon is passed over. */
export async function readWitnessedMarks(
  { witnesses }: WitnessesConfig,
  keys: LogKeys,
  timeoutMs = 2_000,
): Promise<SignedMark[]> {
  const seen = await Promise.all(witnesses.map((witness) => fetchOwnCheckpoint(witness, keys, timeoutMs)));
  return seen.flatMap((one) => one ?? []);
}

async function fetchOwnCheckpoint(
  witness: AskedWitness,
  keys: LogKeys,
  timeoutMs: number,
): Promise<SignedMark | undefined> {
  const logKeys = keys.allVkeys().map(parseVerifierKey);
  const checkpoint = await fetchWitnessedCheckpoint(witness, keys.origin, logKeys, timeoutMs);
  return checkpoint && { size: checkpoint.size, root: checkpoint.root };
}
