// Sends what was chosen, one upload after another, in pieces that fit the line; goes on from where the server is after a pause, a lost
// line, a server that was killed and a page that was loaded anew. Lives as long as the page: one may go elsewhere in the app meanwhile.
import { ApiError } from '../api/client.ts';
import type { NewUpload, Receipt } from '../api/uploads.ts';
import { beginUpload, offsetOf, receiptOf, sendPiece } from '../api/uploads.ts';
import { forgetId, keepId, keptId } from './kept-ids.ts';
import type { Chosen, Planned } from './plan.ts';
import { fingerprintOf, isScan, namedFiles, planOf } from './plan.ts';
import type { Sending } from './sending.ts';
import { filesAs, filesAt, filesWith, isOver, totalsOf } from './sending.ts';
import { concernsAll, steadily } from './steady.ts';
import type { Pack } from './zip-pack.ts';
import { packOf } from './zip-pack.ts';

const KIB = 1024;
const SMALLEST_PIECE = 256 * KIB;
const LARGEST_PIECE = 8 * KIB * KIB;
/** As docs/uploads.md has it. */
const MOST_BYTES = 2 * KIB * KIB * KIB;
const TOLD_EVERY_MS = 150;
const ASKED_EVERY_MS = 1000;
/** After so long without the malware scanner's word the next file goes; the receipt says it later. */
const PATIENCE_WITH_SCANNER = 4;

export interface Destination extends Pick<NewUpload, 'uhid' | 'patient' | 'kind' | 'accession'> {
  readonly accountId: string;
  /** What was chosen are the pages of one document. */
  readonly paper?: { readonly title: string; readonly date?: string };
}

export interface Sender {
  readonly now: () => Sending;
  readonly subscribe: (listener: () => void) => () => void;
  readonly pause: () => void;
  readonly goOn: () => void;
}

export function startSending(chosen: readonly Chosen[], to: Destination): Sender {
  const listeners = new Set<() => void>();
  const packs = new Map<Planned, Pack>();
  let plan: readonly Planned[] | undefined;
  let stop = new AbortController();
  let piece = SMALLEST_PIECE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let state: Sending = {
    phase: 'running',
    atMs: Date.now(),
    receipts: [],
    files: chosen.map(({ path, file }) => ({ path, size: file.size, step: 'waiting', sent: 0 })),
    since: { atMs: Date.now(), bytes: 0 },
  };
  const tell = (change: Partial<Sending>) => {
    state = { ...state, ...change, atMs: Date.now() };
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const listener of listeners) listener();
    }, TOLD_EVERY_MS);
  };
  const waits = (is: boolean) => {
    if (is && state.phase === 'running') tell({ phase: 'waiting' });
    if (!is && state.phase === 'waiting') tell({ phase: 'running', since: sinceNow() });
  };
  const sinceNow = () => ({ atMs: Date.now(), bytes: totalsOf(state).sent });
  const steady = <Result>(work: () => Promise<Result>) => steadily(work, stop.signal, waits);

  async function packOfPlanned(one: Planned): Promise<Pack> {
    const known = packs.get(one);
    if (known) return known;
    const file = chosen[one.places[0] ?? 0]?.file ?? new Blob();
    const pack = one.packed
      ? await packOf(namedFiles(chosen, one.places), stop.signal)
      : { blob: file, ends: [file.size] };
    packs.clear();
    packs.set(one, pack);
    return pack;
  }

  /** Where it stands on the server already, or a new one. */
  async function placeOf(one: Planned, fingerprint: string, bytes: number): Promise<[string, number]> {
    const kept = keptId(fingerprint);
    if (kept !== undefined) {
      try {
        return [kept, await steady(() => offsetOf(kept, stop.signal))];
      } catch (error) {
        if (!(error instanceof ApiError) || ![404, 410].includes(error.status)) throw error;
        forgetId(fingerprint);
      }
    }
    const { accountId: _mine, paper, ...about } = to;
    const asPaper = paper === undefined ? {} : { date: paper.date, ...(one.packed ? { pages: '1' } : {}) };
    const id = await steady(() =>
      beginUpload({ ...about, ...asPaper, bytes, title: one.title }, stop.signal),
    );
    keepId(fingerprint, id, Date.now());
    return [id, 0];
  }

  async function sendOne(one: Planned): Promise<void> {
    const { blob, ends } = await packOfPlanned(one);
    if (blob.size === 0 || blob.size > MOST_BYTES) {
      tell({ files: filesAs(state.files, one.places, 'failed', blob.size === 0 ? 'empty' : 'too-long') });
      return;
    }
    const files = one.places.flatMap((place) => chosen[place] ?? []);
    const fingerprint = await fingerprintOf([to.accountId, to.uhid ?? '', to.patient ?? ''], files);
    let [id, offset] = await placeOf(one, fingerprint, blob.size);
    while (offset < blob.size) {
      tell({ files: filesAt(state.files, one.places, ends, offset) });
      const begun = performance.now();
      // Into memory first: a file that changed on the device is no lost line.
      const bytes = new Blob([await blob.slice(offset, offset + piece).arrayBuffer()]);
      try {
        offset = await sendPiece(id, offset, bytes, stop.signal);
        const took = performance.now() - begun;
        if (took < 1500) piece = Math.min(LARGEST_PIECE, piece * 2);
        if (took > 8000) piece = Math.max(SMALLEST_PIECE, Math.floor(piece / 2));
      } catch (error) {
        stop.signal.throwIfAborted();
        if (error instanceof ApiError && (error.status === 410 || error.code === 'not-found')) {
          forgetId(fingerprint);
          [id, offset] = await placeOf(one, fingerprint, blob.size);
          continue;
        }
        // How much of the piece came is for the server to say.
        const mayGoOn = error instanceof ApiError && (error.code === 'offset-differs' || error.status === 0);
        if (!mayGoOn && !(error instanceof ApiError && error.status >= 423)) throw error;
        piece = Math.max(SMALLEST_PIECE, Math.floor(piece / 2));
        waits(error.code !== 'offset-differs');
        offset = await steady(() => offsetOf(id, stop.signal));
      }
    }
    tell({ files: filesAt(state.files, one.places, ends, offset) });
    const receipt = await outcomeOf(id);
    forgetId(fingerprint);
    packs.delete(one);
    tell({
      receipts: [...state.receipts, id],
      files:
        receipt.state === 'waiting-for-scan'
          ? filesAs(state.files, one.places, 'scanning')
          : filesWith(state.files, one.places, receipt.files),
    });
  }

  async function outcomeOf(id: string): Promise<Receipt> {
    for (let asked = 0; ; asked++) {
      const receipt = await steady(() => receiptOf(id, stop.signal));
      const waitsForScanner = receipt.state === 'waiting-for-scan' && asked < PATIENCE_WITH_SCANNER;
      if (receipt.state !== 'received' && !waitsForScanner) return receipt;
      await new Promise((resolve) => {
        setTimeout(resolve, ASKED_EVERY_MS);
      });
      stop.signal.throwIfAborted();
    }
  }

  async function run(): Promise<void> {
    try {
      plan ??=
        to.paper === undefined
          ? planOf(chosen, await Promise.all(chosen.map(({ file }) => isScan(file).catch(() => false))))
          : [{ title: to.paper.title, packed: chosen.length > 1, places: chosen.map((_, place) => place) }];
      for (const one of plan) {
        if (one.places.every((place) => isOver(state.files[place] ?? { ...NOTHING }))) continue;
        try {
          await sendOne(one);
        } catch (error) {
          if (stop.signal.aborted || concernsAll(error)) throw error;
          const reason = error instanceof ApiError ? error.code : 'file-changed';
          tell({ files: filesAs(state.files, one.places, 'failed', reason) });
        }
      }
      tell({ phase: 'done' });
    } catch (error) {
      if (!stop.signal.aborted) tell({ phase: 'stopped', error });
    }
  }

  void run();
  return {
    now: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pause() {
      stop.abort();
      tell({ phase: 'paused' });
    },
    goOn() {
      stop = new AbortController();
      tell({ phase: 'running', error: undefined, since: sinceNow() });
      void run();
    },
  };
}

const NOTHING = { path: '', size: 0, step: 'stored', sent: 0 } as const;
