// Which operating-system account runs PostgreSQL, which refuses root. Must not know settings or sockets.
import { statSync } from 'node:fs';
import { DataFolderError } from '../database-errors.ts';

/** The uid and gid to switch to; undefined: stay what we are. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`: present in every passwd file that initdb may look it up in; needs no useradd. */
const nobody: Account = { uid: 65534, gid: 65534 };

/**
 * As root: the account that already owns the cluster, else nobody. As anybody else: ourselves, and the cluster must be ours.
 * @throws DataFolderError
 */
export function chooseAccount(clusterDir: string): Account | undefined {
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  const self = process.getuid?.();
  if (self !== 0) {
    if (owner !== undefined && self !== undefined && owner.uid !== self) {
      throw new DataFolderError(
        `The database in ${clusterDir} belongs to user ${owner.uid}, this process runs as user ${self}. ` +
          'Start as the user who made it, or give the folder to this user.',
      );
    }
    return undefined;
  }
  if (process.platform !== 'linux') {
    throw new DataFolderError(
      'PostgreSQL does not run as root. Start as an ordinary user, or set DATABASE_URL.',
    );
  }
  return owner === undefined || owner.uid === 0 ? nobody : { uid: owner.uid, gid: owner.gid };
}

/**
 * How the cluster folder is named to PostgreSQL. Another account may not reach it by path (a data folder under a private
 * home), so the processes are started inside it and name it by their own working directory, which needs no path walk.
 */
export function clusterPathFor(account: Account | undefined, clusterDir: string): string {
  return account === undefined ? clusterDir : '/proc/self/cwd';
}
