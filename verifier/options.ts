// The command line of the verifier, read once. A wrong one is refused with the usage, never guessed at.
import { parseArgs } from 'node:util';

export const usage = `Usage: medallion-verify [<log>] [options]

  <log>                  address of a server (https://health.example.org) or a folder with a copy of its log
  --record <file>        check an exported record or a receipt as well; may be repeated, and may stand alone
  --key <key>            the log's verifier key, as you had it from somebody you trust (name+id+base64)
  --key-file <file>      the same, in a file. Without either, the key seen first is kept and trusted from then on
  --policy <file>        witnesses you trust, and how many of them must have seen the log (C2SP tlog-policy)
  --rpc <address>        an Ethereum node of your choice, with
  --contract <address>   the contract that holds the anchors, and, to save time,
  --from-block <number>  the block to begin at
  --checkpoint <file>    a checkpoint that you kept or were given: the log must contain it. May be repeated
  --state <file>         where to keep what was seen (default: a file under ~/.local/state/medallion-verify)
  --no-state             keep and compare nothing
  --mirror <folder>      write a copy of the log there, once everything holds
  --any-log              the log is of another program: its entries are opaque
  --json                 the report as JSON
  --help

Exit code: 0 everything that was checked holds · 2 command line · 3 cannot be read · 4 signature or key · 5 entries, tiles, root or
chains · 6 not an extension of what was seen before · 7 witnesses · 8 anchors · 9 record or receipt
`;

export interface Options {
  readonly log?: string;
  readonly records: readonly string[];
  readonly key?: string;
  readonly keyFile?: string;
  readonly policyFile?: string;
  readonly rpc?: { readonly url: string; readonly contract: string; readonly fromBlock: number };
  readonly checkpoints: readonly string[];
  readonly stateFile?: string;
  readonly keepsState: boolean;
  readonly mirror?: string;
  readonly anyLog: boolean;
  readonly json: boolean;
}

/** Undefined when it cannot be understood, or asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        record: { type: 'string', multiple: true, default: [] },
        checkpoint: { type: 'string', multiple: true, default: [] },
        key: { type: 'string' },
        'key-file': { type: 'string' },
        policy: { type: 'string' },
        rpc: { type: 'string' },
        contract: { type: 'string' },
        'from-block': { type: 'string', default: '0' },
        state: { type: 'string' },
        mirror: { type: 'string' },
        'no-state': { type: 'boolean', default: false },
        'any-log': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [log, ...more] = positionals;
    const { key, rpc, contract, policy, state } = values;
    const fromBlock = Number(values['from-block']);
    const isWhole =
      !values.help &&
      more.length === 0 &&
      (log !== undefined || (values.record.length > 0 && values.checkpoint.length === 0)) &&
      (key === undefined || values['key-file'] === undefined) &&
      (rpc === undefined) === (contract === undefined) &&
      (contract === undefined || /^0x[0-9a-fA-F]{40}$/.test(contract)) &&
      Number.isSafeInteger(fromBlock) &&
      fromBlock >= 0 &&
      (log !== undefined || values.mirror === undefined);
    if (!isWhole) return undefined;
    return {
      ...(log === undefined ? {} : { log }),
      records: values.record,
      checkpoints: values.checkpoint,
      ...(key === undefined ? {} : { key }),
      ...(values['key-file'] === undefined ? {} : { keyFile: values['key-file'] }),
      ...(policy === undefined ? {} : { policyFile: policy }),
      ...(rpc === undefined || contract === undefined ? {} : { rpc: { url: rpc, contract, fromBlock } }),
      ...(state === undefined ? {} : { stateFile: state }),
      ...(values.mirror === undefined ? {} : { mirror: values.mirror }),
      keepsState: !values['no-state'] && log !== undefined,
      anyLog: values['any-log'],
      json: values.json,
    };
  } catch {
    return undefined;
  }
}
