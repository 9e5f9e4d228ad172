// What the operator of a witness says on the command line, read once. Must not know the network or the disk but for the list of logs.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseVerifierKey, SIGNATURE_TYPES } from '../core/ledger/verifier-key.ts';
import type { VerifierKey } from '../core/ledger/verifier-key.ts';
import { WitnessError } from './witness-error.ts';

export interface WitnessSettings {
  readonly dataDir: string;
  readonly name: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logKeys: readonly VerifierKey[];
}

export const usage = `Usage: npm run witness -- --name <address> --log <key> [--log <key> …]

  --name <address>   who this witness is, such as witness.hospital.example; needed on the first start only
  --log <key>        key of a log that is witnessed, as its /log/vkey says; once for each
  --logs <file>      the same from a file, one key a line
  --data <folder>    its key and what it signed last (default: witness-data)
  --host <address>   where to listen (default: 127.0.0.1)
  --port <number>    (default: 8090)
`;

/** @throws WitnessError */
export function readCommandLine(args: readonly string[]): WitnessSettings {
  const values = parse(args);
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65_535)) throw new WitnessError('--port must be a whole number from 0 to 65535.');
  const listed = values.logs === undefined ? [] : readList(values.logs);
  const logKeys = [...values.log, ...listed].map(readLogKey);
  if (logKeys.length === 0) throw new WitnessError(`No log to witness was named.\n\n${usage}`);
  return { dataDir: resolve(values.data), name: values.name, host: values.host, port, logKeys };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        log: { type: 'string', multiple: true, default: [] },
        logs: { type: 'string' },
        data: { type: 'string', default: 'witness-data' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '8090' },
      },
    }).values;
  } catch (error) {
    throw new WitnessError(`${(error as Error).message}\n\n${usage}`);
  }
}

function readList(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    throw new WitnessError(`--logs: ${path} cannot be read.`);
  }
}

function readLogKey(vkey: string): VerifierKey {
  try {
    const key = parseVerifierKey(vkey);
    if (key.type === SIGNATURE_TYPES.ed25519) return key;
  } catch {
    // Said below.
  }
  throw new WitnessError('--log must be the key of a log, as its /log/vkey says: name+id+base64.');
}
