// The named errors of opening a database. Must not know HTTP; no message holds a password or a connection string.

/** DATABASE_URL itself is wrong: it cannot be read, or the server refuses the user, the password or the database name. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
  readonly code = 'database-url';
}

/** The database cannot be reached, or did not come up in time. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
  readonly code = 'database-unavailable';
}

/** The server behind DATABASE_URL is older than the schema needs. */
export class DatabaseVersionError extends Error {
  override readonly name = 'DatabaseVersionError';
  readonly code = 'database-version';
}

/** No PostgreSQL programs for this machine came with the installation. */
export class DatabaseProgramsMissingError extends Error {
  override readonly name = 'DatabaseProgramsMissingError';
  readonly code = 'database-programs-missing';
}

/** Another living process owns the data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly code = 'data-folder-in-use';
  readonly dataDir: string;
  /** Undefined when the owner has not said who it is, or sits in another container. */
  readonly ownerPid: number | undefined;
  constructor(dataDir: string, ownerPid: number | undefined) {
    const owner = ownerPid === undefined ? 'another process' : `process ${ownerPid}`;
    super(
      `The data folder ${dataDir} is in use by ${owner}. Stop it first, or set DATA_DIR to another folder.`,
    );
    this.dataDir = dataDir;
    this.ownerPid = ownerPid;
  }
}

/** The data folder cannot be used: not writable, foreign owner, or made by another major version of PostgreSQL. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly code = 'data-folder';
}
