// Whose signature counts: the key that the user gave, else the one seen before, else the one that the log shows first; and the keys that
// this one has vouched for, or that have vouched for it.
import type { KeyChain, KeyTenure } from '../core/ledger/key-chain.ts';
import { followKeyChain } from '../core/ledger/key-chain.ts';
import type { LogSource } from './log-source.ts';
import { readNamedFile } from './log-source.ts';
import type { Options } from './options.ts';
import type { Check } from './report.ts';
import type { SeenState } from './state-file.ts';
import { SourceError } from './source-error.ts';

export interface ChosenKeys {
  readonly check: Check;
  /** Undefined when no key can be trusted. */
  readonly tenures?: readonly KeyTenure[];
  /** The trusted key, as it is kept for the next run. */
  readonly vkey: string;
}

/** `own` is what a file says of itself: with its key alone nothing is proven, but changes that it brings are signed by the keys before. */
export async function chooseKeys(
  source: LogSource | undefined,
  options: Pick<Options, 'key' | 'keyFile'>,
  seen: SeenState | undefined,
  own: { readonly keys: readonly string[]; readonly changes: readonly string[] } = { keys: [], changes: [] },
): Promise<ChosenKeys> {
  const given =
    options.key ?? (options.keyFile === undefined ? undefined : await readNamedFile(options.keyFile));
  const shown = given ?? seen?.vkey ?? (await source?.readText('vkey')) ?? own.keys[0];
  if (shown === undefined)
    throw new SourceError('there is no key to check with: give one with --key or --key-file');
  const vkey = shown.trim();
  const chain = followKeyChain(vkey, source ? await readKeyChanges(source) : own.changes);
  if (!chain.ok) return { check: refused(chain), vkey };
  const { tenures } = chain;
  const changes = tenures.length === 1 ? '' : `, with ${tenures.length - 1} vouched change of keys`;
  const passed = (detail: string): ChosenKeys => ({
    check: { name: 'Key', outcome: 'passed', detail: `${detail}${changes}` },
    tenures,
    vkey,
  });
  if (given !== undefined) return passed('the one you gave');
  if (seen) return passed('the one seen before');
  if (source)
    return {
      check: {
        name: 'Key',
        outcome: 'not-checked',
        detail: `taken from the log itself, compare it with what others see: ${vkey}`,
      },
      tenures,
      vkey,
    };
  const check: Check = {
    name: 'Key',
    outcome: 'failed',
    detail: `only the file names one (${vkey}): compare it, then give it with --key`,
    problems: [{ code: 'key-from-file' }],
    exit: 'signature',
  };
  return { check, tenures, vkey };
}

/** The log's changes of keys, oldest first, each a signed note. */
async function readKeyChanges(source: LogSource): Promise<string[]> {
  const text = await source.readText('keys');
  if (text === undefined) return [];
  try {
    const { changes } = JSON.parse(text) as { changes: { note: unknown }[] };
    return changes.map(({ note }) => String(note));
  } catch {
    throw new SourceError(`${source.name} has a list of keys that cannot be read`);
  }
}

function refused(chain: KeyChain & { ok: false }): Check {
  return {
    name: 'Key',
    outcome: 'failed',
    detail: 'the key cannot be trusted',
    problems: [
      {
        code: chain.reason,
        ...(chain.position === undefined ? {} : { where: `change ${chain.position + 1}` }),
      },
    ],
    exit: 'signature',
  };
}
