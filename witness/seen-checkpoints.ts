// What this witness cosigned last, per log: one file each, the cosigned checkpoint itself, on disk before any answer leaves.
// A witness that forgot would sign a second history: a file that cannot be read keeps it from answering at all.
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../core/ledger/checkpoint.ts';
import type { SeenCheckpoint } from '../core/ledger/judge-checkpoint.ts';
import { openNote } from '../core/ledger/note.ts';
import type { VerifierKey } from '../core/ledger/verifier-key.ts';
import { readIfThere, writeDurably } from './durable-file.ts';
import { WitnessError } from './witness-error.ts';

export interface SeenCheckpoints {
  /** Undefined when nothing was ever cosigned for this origin. @throws WitnessError */
  find(origin: string): Promise<SeenCheckpoint | undefined>;
  /** The cosigned checkpoint by the SHA-256 of its origin, in hexadecimal. */
  findNote(originHash: string): Promise<string | undefined>;
  /** Durable when it returns. */
  store(origin: string, note: string): Promise<void>;
  /** Keeps a signed checkpoint that does not extend what was signed before; at most a hundred of them. */
  keepEvidence(origin: string, note: string): Promise<void>;
}

const mostEvidence = 100;

/** @param key this witness's own: what it finds in its folder must bear its signature. @throws WitnessError */
export async function openSeenCheckpoints(dataDir: string, key: VerifierKey): Promise<SeenCheckpoints> {
  const folder = join(dataDir, 'checkpoints');
  const evidence = join(dataDir, 'evidence');
  for (const one of [folder, evidence]) await mkdir(one, { recursive: true, mode: 0o700 });
  const pathOf = (originHash: string) => join(folder, originHash);

  function read(note: string, path: string): { origin: string; seen: SeenCheckpoint } {
    const opened = openNote(note, [key]);
    if (!opened.ok)
      throw new WitnessError(`${path} is damaged. Put it back from your backup; do not delete it.`);
    const { origin, size, root } = parseCheckpoint(opened.text);
    return { origin, seen: { size, root } };
  }

  for (const name of await readdir(folder))
    if (!name.endsWith('.part')) read((await readIfThere(pathOf(name))) ?? '', pathOf(name));

  return {
    async find(origin) {
      const path = pathOf(hashOfOrigin(origin));
      const note = await readIfThere(path);
      return note === undefined ? undefined : read(note, path).seen;
    },
    async findNote(originHash) {
      return /^[0-9a-f]{64}$/.test(originHash) ? readIfThere(pathOf(originHash)) : undefined;
    },
    store: (origin, note) => writeDurably(pathOf(hashOfOrigin(origin)), note),
    async keepEvidence(origin, note) {
      const kept = await readdir(evidence);
      const name = `${hashOfOrigin(origin).slice(0, 16)}-${hashOfOrigin(note).slice(0, 16)}.checkpoint`;
      if (kept.length < mostEvidence && !kept.includes(name)) await writeDurably(join(evidence, name), note);
    },
  };
}

export function hashOfOrigin(origin: string): string {
  return createHash('sha256').update(origin, 'utf8').digest('hex');
}
