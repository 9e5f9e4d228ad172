// `backup`, `restore`, `verify` and `new-log`: the verbs that must not sign or sequence anything, so they open the database alone.
import { parseArgs } from 'node:util';
import type { Config } from '../config.ts';
import { makeBackup } from './backup.ts';
import { readWholeManifest } from './backup-folder.ts';
import { startNewLog } from './new-log.ts';
import { restoreBackup } from './restore.ts';
import { verifyAll } from './verify.ts';

export const keepUsage = `  backup --out <folder> [--without-keys]            everything, out of one moment, beside a running server
  restore <backup folder> [--log <folder>]          into an empty DATA_DIR and an empty database; --log: the old DATA_DIR/log
  new-log --reason <why> --confirm <words>          when the newest entries are lost for good: the log ends and another begins
  verify [<backup folder>]                          recompute the whole log and every record, or the bytes of a backup
`;

/** Writes to where the operator reads; resolves with the exit code. */
export type KeepingWork = (config: Config, say: (line: string) => void) => Promise<number>;

/** Undefined when it is another verb; 'wrong' when it is one of these and not understood. */
export function readKeepingWork(args: readonly string[]): KeepingWork | 'wrong' | undefined {
  const verb = args.find((one) => !one.startsWith('-'));
  if (verb !== 'backup' && verb !== 'restore' && verb !== 'verify' && verb !== 'new-log') return undefined;
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        log: { type: 'string' },
        reason: { type: 'string' },
        confirm: { type: 'string' },
        'without-keys': { type: 'boolean', default: false },
      },
    });
    const [, folder, ...more] = positionals;
    const { out, log } = values;
    if (more.length > 0) return 'wrong';
    const { reason, confirm } = values;
    if (verb === 'new-log') {
      if (!reason || out !== undefined || log !== undefined || folder !== undefined) return 'wrong';
      return async (config, say) => {
        say(await startNewLog(config, { reason, confirm: confirm ?? '' }));
        return 0;
      };
    }
    if (reason !== undefined || confirm !== undefined) return 'wrong';
    if (verb === 'backup') {
      if (out === undefined || folder !== undefined || log !== undefined) return 'wrong';
      return async (config, say) => {
        const { said, sound } = await makeBackup(config, { folder: out, withKeys: !values['without-keys'] });
        say(said);
        return sound ? 0 : 1;
      };
    }
    if (out !== undefined || values['without-keys']) return 'wrong';
    if (verb === 'restore') {
      if (folder === undefined) return 'wrong';
      return async (config, say) => {
        const { said, mayStart } = await restoreBackup(config, { folder, logFolder: log });
        say(said);
        return mayStart ? 0 : 1;
      };
    }
    if (log !== undefined) return 'wrong';
    return async (config, say) => {
      if (folder !== undefined) {
        const { madeAt, parts } = await readWholeManifest(folder);
        say(`All ${parts.length} parts of the backup of ${madeAt} are what was written.`);
        return 0;
      }
      const { said, holds } = await verifyAll(config, () => undefined);
      say(said);
      return holds ? 0 : 1;
    };
  } catch {
    return 'wrong';
  }
}
