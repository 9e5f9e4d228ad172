// What every room is given: no room reaches for a global, a clock or a source of chance of its own.
import type { Config } from '../config.ts';
import type { Database } from '../storage/database.ts';
import type { EntryQueue } from '../storage/entry-queue.ts';
import type { LogReads } from '../storage/log-reads.ts';
import type { ResourceLookup } from '../storage/resource-store.ts';
import type { WriteQueue } from '../storage/write-queue.ts';

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Of what a person is told at once, wherever they can be reached. */
export type AlertKind = 'recovery-begun' | 'recovery-vouched' | 'recovery-done';

/** What a code is for: to let somebody see a record, or to sign in oneself. */
export type CodePurpose = 'access' | 'sign-in';

export interface Messenger {
  /**
   * Hands a one-time code to its person by what reaches them outside this application; nothing of it is stored or logged.
   * 'none': there is no way to reach them, and they answer in the application.
   */
  sendCode(
    to: { patientId: string },
    code: string,
    untilMs: number,
    purpose: CodePurpose,
  ): Promise<'sent' | 'none'>;
  /** Tells of something that threatens the account, with where it can be stopped. Absent: nobody is reached. */
  sendAlert?(
    to: { address: string; language: string },
    kind: AlertKind,
    link: string,
  ): Promise<'sent' | 'none'>;
  /** That there is something new, with where: never what. Absent: nobody is reached. */
  sendReminder?(to: { address: string; language: string }, link: string): Promise<'sent' | 'none'>;
  /** The link of an invitation to an address that need not have an account. Absent: no address is reached. */
  sendInvitation?(to: { login: string; language: string }, link: string): Promise<'sent' | 'none'>;
}

export interface Deps {
  config: Config;
  db: Database;
  /** Epoch milliseconds. */
  now: () => number;
  randomBytes: (count: number) => Uint8Array;
  /** Makes a look durable before its answer leaves: many requests wait for one insert. */
  entries: EntryQueue;
  /** What stands now: many requests wait for one statement. */
  resources: ResourceLookup;
  /** What proofs are made of. */
  logReads: LogReads;
  /** Stores changes: those of many requests go into one statement. */
  writes: WriteQueue;
  messenger: Messenger;
  log: Log;
}
