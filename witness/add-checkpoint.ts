// One request to cosign, from its text to its answer (C2SP tlog-witness). Requests for one log take their turn: between looking at
// what was signed last and storing what is signed now nothing else may happen.
import { cosign, formatSignatureLines, withCosignatures } from '../core/ledger/cosign.ts';
import type { Judgement } from '../core/ledger/judge-checkpoint.ts';
import { judgeCheckpoint, readRequest } from '../core/ledger/judge-checkpoint.ts';
import { formatNote, openNote, parseNote } from '../core/ledger/note.ts';
import type { VerifierKey } from '../core/ledger/verifier-key.ts';
import type { SeenCheckpoints } from './seen-checkpoints.ts';
import type { WitnessKey } from './witness-key.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What happened, for the operator's log: nothing of the request but names and numbers. */
export interface WitnessEvent {
  readonly verdict: Judgement['verdict'] | 'busy';
  readonly origin?: string;
  readonly size?: number;
}

export interface Witness {
  readonly key: WitnessKey;
  /** Keys of the logs that are witnessed, several of one origin during a change of keys. */
  readonly logKeys: readonly VerifierKey[];
  readonly seen: SeenCheckpoints;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly tell: (event: WitnessEvent) => void;
}

const plain = 'text/plain; charset=utf-8';
const mostWaiting = 64;
/** Signatures that go into the stored checkpoint beside ours: a log may add any number of lines. */
const mostKeptSignatures = 16;

export function createAddCheckpoint(witness: Witness): (body: string) => Promise<Answer> {
  const turns = new Map<string, { last: Promise<unknown>; waiting: number }>();

  return async (body) => {
    const read = readRequest(body);
    const origin = read?.checkpoint.origin;
    const keys = witness.logKeys.filter(({ name }) => name === origin);
    // Only known origins get a queue: strangers cannot make this map grow.
    if (origin === undefined || keys.length === 0)
      return answer(witness, judgeCheckpoint(read, keys, undefined), read);
    const turn = turns.get(origin) ?? { last: Promise.resolve(), waiting: 0 };
    turns.set(origin, turn);
    if (turn.waiting >= mostWaiting) {
      witness.tell({ verdict: 'busy', origin });
      return { status: 503, type: plain, body: 'busy\n' };
    }
    turn.waiting += 1;
    const mine = turn.last.then(async () =>
      answer(witness, judgeCheckpoint(read, keys, await witness.seen.find(origin)), read),
    );
    turn.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      turn.waiting -= 1;
    }
  };
}

async function answer(
  witness: Witness,
  judgement: Judgement,
  read: ReturnType<typeof readRequest>,
): Promise<Answer> {
  const { verdict } = judgement;
  witness.tell({
    verdict,
    // A name that nobody trusts is a stranger's text: it does not reach the operator's log.
    ...(read && verdict !== 'unknown-origin'
      ? { origin: read.checkpoint.origin, size: read.checkpoint.size }
      : {}),
  });
  switch (judgement.verdict) {
    case 'cosign': {
      const { checkpoint, text } = judgement;
      const mine = cosign(text, Math.floor(witness.now() / 1000), witness.key);
      // Lines of strangers, and lines that do not hold, are not handed on to those who read what is stored.
      const signatures = parseNote(read?.request.checkpointNote ?? '').signatures.filter(
        (one) => openNote(formatNote({ text, signatures: [one] }), witness.logKeys).ok,
      );
      const note = formatNote({ text, signatures: signatures.slice(0, mostKeptSignatures) });
      // A crash before this line has signed nothing; one after it has promised no more than what is stored.
      await witness.seen.store(checkpoint.origin, withCosignatures(note, [mine]));
      return { status: 200, type: plain, body: formatSignatureLines(text, [mine]) };
    }
    case 'other-size':
      return { status: 409, type: 'text/x.tlog.size', body: `${judgement.size}\n` };
    case 'other-root':
      await witness.seen.keepEvidence(judgement.checkpoint.origin, read?.request.checkpointNote ?? '');
      return { status: 409, type: plain, body: 'another root of this size was cosigned\n' };
    case 'not-consistent':
      await witness.seen.keepEvidence(judgement.checkpoint.origin, read?.request.checkpointNote ?? '');
      return { status: 422, type: plain, body: 'not proven to extend the checkpoint cosigned last\n' };
    case 'malformed':
      return { status: 400, type: plain, body: 'malformed request\n' };
    case 'old-size-too-large':
      return { status: 400, type: plain, body: 'the old size is larger than the checkpoint\n' };
    case 'unknown-origin':
      return { status: 404, type: plain, body: 'unknown origin\n' };
    case 'not-signed':
      return { status: 403, type: plain, body: 'not signed by a key trusted for this origin\n' };
  }
}
