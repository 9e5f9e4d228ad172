// `export`: one person's record as a file, on their request or that of a court. It is a look like any other, and the person is told.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { decide } from '../../core/access/decide.ts';
import { awaitLogged, awaitWitnessed, writeRecordFile } from '../ledger/record-export.ts';
import type { Stores } from '../stores.ts';
import { sealEntry } from '../storage/sealed-entry.ts';
import { uuidV7 } from '../storage/uuid.ts';
import { requirePersonByUhid } from './person-by-uhid.ts';

export interface AdminExport {
  uhid: string;
  file: string;
  /** Why: it stands in the person's own chain. */
  reason: string;
  withFiles: boolean;
}

/** Writes the file with mode 0600; throws when it is there already. */
export async function exportPerson(
  { deps, logKey, sequencer }: Stores,
  { uhid, file, reason, withFiles }: AdminExport,
  say: (line: string) => void,
): Promise<string> {
  const { patientId } = await requirePersonByUhid(deps, uhid);
  const decision = decide({ kind: 'operator' }, 'export', { patientId, resourceType: 'Patient' });
  if (!decision.allowed) throw new Error(decision.rule);
  const nowMs = deps.now();
  const entry = sealEntry(
    patientId,
    {
      event: 'export',
      outcome: 'done',
      who: { role: 'operator', name: 'operator' },
      basis: decision.rule,
      purpose: 'PATRQT',
      agent: 'a program',
      detail: { files: withFiles, reason },
    },
    deps,
  );
  await deps.entries.store(entry, [
    {
      patientId,
      noticeId: uuidV7(nowMs, deps.randomBytes),
      kind: 'record-exported',
      entryId: entry.entryId,
      detail: {},
      createdAtMs: nowMs,
    },
  ]);
  await sequencer.flush();
  if (!(await awaitLogged(deps, entry.entryId)))
    say('The log has not taken the entry of this export in yet: it is missing from the file.');
  await pipeline(
    writeRecordFile(deps, {
      patientId,
      keys: [logKey.vkey],
      origin: logKey.origin,
      withFiles,
      underSize: await awaitWitnessed(deps, entry.entryId),
      onProgress: (written, total) => say(`${written} of ${total} entries`),
    }),
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
  return `The record is in ${file}. Check it with: npx medallion-verify --record ${file}`;
}
