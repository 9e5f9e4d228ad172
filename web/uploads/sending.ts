// How far the sending of some files is: for each file and in all, as the page shows it. Pure: knows neither the server nor the page.
import type { FileOutcome } from '../api/uploads.ts';

export type FileStep = 'waiting' | 'sending' | 'checking' | 'scanning' | 'stored' | 'refused' | 'failed';

/** What became of the files of an archive that was chosen as one file. */
export interface Inside {
  readonly stored: number;
  readonly refused: number;
  /** The first of those that are not in the record. */
  readonly wrong: readonly { readonly name: string; readonly reason: string | undefined }[];
}

const MOST_NAMED = 20;

export interface SentFile {
  readonly path: string;
  readonly size: number;
  readonly step: FileStep;
  /** Bytes of it that are on the server. */
  readonly sent: number;
  /** Why it is not in the record, by a stable code. */
  readonly reason?: string | undefined;
  readonly resource?: string | undefined;
  /** The images name a person who differs from the record. */
  readonly differs?: boolean | undefined;
  /** Where it is an archive that was opened. */
  readonly inside?: Inside | undefined;
}

/** `waiting`: the line dropped or the server is busy, and it goes on by itself. */
export type Phase = 'running' | 'waiting' | 'paused' | 'stopped' | 'done';

export interface Sending {
  readonly phase: Phase;
  readonly files: readonly SentFile[];
  /** Ids of the uploads that are whole. */
  readonly receipts: readonly string[];
  /** What stopped everything. */
  readonly error?: unknown;
  /** When it was so. */
  readonly atMs: number;
  /** When sending began or went on, and how much was there then: what the time left is reckoned from. */
  readonly since: { readonly atMs: number; readonly bytes: number };
}

export const isOver = ({ step }: SentFile): boolean =>
  step === 'stored' || step === 'refused' || step === 'failed' || step === 'scanning';

export interface Totals {
  readonly bytes: number;
  readonly sent: number;
  readonly files: number;
  readonly over: number;
  readonly stored: number;
  readonly refused: number;
}

export function totalsOf({ files }: Sending): Totals {
  let [bytes, sent, over, stored, refused] = [0, 0, 0, 0, 0];
  for (const file of files) {
    bytes += file.size;
    sent += isOver(file) || file.step === 'checking' ? file.size : file.sent;
    if (isOver(file)) over += 1;
    if (file.inside) {
      stored += file.inside.stored;
      refused += file.inside.refused;
    } else if (file.step === 'stored' || file.step === 'scanning') stored += 1;
    else if (file.step === 'refused' || file.step === 'failed') refused += 1;
  }
  return { bytes, sent, files: files.length, over, stored, refused };
}

/** Undefined until enough was sent to tell. */
export function secondsLeft(sending: Sending): number | undefined {
  const { sent, bytes } = totalsOf(sending);
  const ms = sending.atMs - sending.since.atMs;
  const since = sent - sending.since.bytes;
  if (sending.phase !== 'running' || ms < 2000 || since <= 0) return undefined;
  return ((bytes - sent) * ms) / since / 1000;
}

/** A pack that is so far on the server: what that says of each file in it. `ends`: where each ends in the pack. */
export function filesAt(
  files: readonly SentFile[],
  places: readonly number[],
  ends: readonly number[],
  offset: number,
): readonly SentFile[] {
  const next = [...files];
  for (const [at, place] of places.entries()) {
    const file = next[place];
    if (file === undefined) continue;
    const sent = Math.max(0, Math.min(file.size, offset - ((ends[at] ?? 0) - file.size)));
    const step: FileStep = offset >= (ends[at] ?? 0) ? 'checking' : sent > 0 ? 'sending' : 'waiting';
    if (sent !== file.sent || step !== file.step) next[place] = { ...file, sent, step };
  }
  return next;
}

/** Of an archive that was chosen as one file: in the record if anything of it is. */
function ofArchive(outcomes: readonly FileOutcome[]): FileOutcome | undefined {
  return outcomes.find(({ outcome }) => outcome !== 'refused') ?? outcomes[0];
}

function insideOf(outcomes: readonly FileOutcome[]): Inside {
  const wrong = outcomes.filter(({ outcome }) => outcome === 'refused');
  return {
    stored: outcomes.length - wrong.length,
    refused: wrong.length,
    wrong: wrong.slice(0, MOST_NAMED).map(({ name = '', reason }) => ({ name, reason })),
  };
}

/** Each file with what became of it. Where an upload has one outcome for many files it is that of each. */
export function filesWith(
  files: readonly SentFile[],
  places: readonly number[],
  outcomes: readonly FileOutcome[],
): readonly SentFile[] {
  const next = [...files];
  for (const [at, place] of places.entries()) {
    const file = next[place];
    const outcome = outcomes.length === 1 || places.length === 1 ? ofArchive(outcomes) : outcomes[at];
    if (file === undefined || outcome === undefined) continue;
    const inside =
      places.length === 1 && (outcome.name !== undefined || outcomes.length > 1)
        ? insideOf(outcomes)
        : undefined;
    next[place] = {
      ...file,
      ...(inside ? { inside } : {}),
      sent: file.size,
      step: outcome.outcome === 'refused' ? 'refused' : 'stored',
      reason: outcome.reason,
      resource: outcome.resource,
      differs: outcome.identityDiffers === true || (outcome.differs?.length ?? 0) > 0,
    };
  }
  return next;
}

export function filesAs(
  files: readonly SentFile[],
  places: readonly number[],
  step: FileStep,
  reason?: string,
): readonly SentFile[] {
  const those = new Set(places);
  return files.map((file, at) => (those.has(at) ? { ...file, step, reason } : file));
}
