// One person's record, recomputed as the file that they would be given: the same rules as for whoever takes it away.
import { LedgerError } from '../../core/ledger/errors.ts';
import type { KeyTenure } from '../../core/ledger/key-chain.ts';
import { openCheckpointOfChain } from '../../core/ledger/key-chain.ts';
import { parseRecordFile } from '../../core/ledger/record-file.ts';
import { formatVerifierKey } from '../../core/ledger/verifier-key.ts';
import { verifyRecordFile } from '../../core/ledger/verify-record-file.ts';
import type { RecordSource } from '../ledger/record-export.ts';
import { writeRecordFile } from '../ledger/record-export.ts';

export interface CheckedRecord {
  readonly entries: number;
  readonly versions: number;
  readonly problems: readonly string[];
}

/** `patientId` '' is the system's own chain. Files are checked elsewhere, once each. */
export async function checkPersonRecord(
  source: RecordSource,
  patientId: string,
  tenures: readonly KeyTenure[],
): Promise<CheckedRecord> {
  const pieces: string[] = [];
  try {
    for await (const piece of writeRecordFile(source, { patientId, keys: [], origin: '', withFiles: false }))
      pieces.push(piece);
    const file = parseRecordFile(pieces.join(''));
    const opened = openCheckpointOfChain(file.checkpoint, tenures);
    const keys = opened.ok ? [formatVerifierKey(opened.signedBy.key)] : [];
    const result = verifyRecordFile({ file, verifierKeys: keys });
    const { entries, writes } = result;
    // On a server that stands still leaves may wait for long; that each entry stands or waits is asked of all at once.
    const waiting = new Set(
      file.waiting.filter((one) => one.leafIndex === undefined).map(({ entry }) => entry),
    );
    const problems = result.problems.filter(
      ({ code, entry }) => code !== 'entry-not-in-log' || !waiting.has(entry ?? ''),
    );
    return {
      entries,
      versions: writes,
      problems: problems.map(({ code, seq, about }) =>
        [code, ...(seq === undefined ? [] : [`entry ${seq}`]), ...(about === undefined ? [] : [about])].join(
          ', ',
        ),
      ),
    };
  } catch (error) {
    // A tile or a row that should be there is not: the record cannot even be written down.
    const { code, message } = error as Error & { code?: string };
    if (!(error instanceof LedgerError) && code !== 'tile-missing' && !(error instanceof TypeError))
      throw error;
    return { entries: 0, versions: 0, problems: [`cannot be written down: ${message}`] };
  }
}
