// One transaction on one connection, tried again when the database says that two of them got in each other's way.
// Must not know any table. Inside, only the given client: another from the pool could wait for this one forever.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Queryable } from './queryable.ts';

const mostTries = 5;
const serializationFailure = '40001';
const deadlockDetected = '40P01';

/**
 * Commits what `work` did, or nothing. After a serialization failure or deadlock it runs again, at most five times in all:
 * `work` must have no effect outside the database.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryOnce(pool, work);
    } catch (error) {
      if (tries >= mostTries || !isConflict(error)) throw error;
      // The pause grows and differs, so that the same two do not meet again.
      await sleep(5 * 2 ** tries * (0.5 + Math.random()));
    }
  }
}

async function tryOnce<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    const committed = await client.query('COMMIT');
    // A statement that failed and was caught inside `work` turns COMMIT into ROLLBACK, without an error.
    if (committed.command !== 'COMMIT') throw new TransactionAbortedError();
    return result;
  } catch (error) {
    // A rollback would queue behind the statement that is not answered; closing the connection does the same.
    if (isUnanswered(error)) broken = error;
    else {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error('rollback failed');
      });
    }
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** For whoever keeps one connection for itself, as the sequencer does. */
export async function beginTransaction(client: Queryable): Promise<void> {
  await client.query({ text: 'BEGIN' });
}

export async function commitTransaction(client: Queryable): Promise<void> {
  const committed = await client.query({ text: 'COMMIT' });
  if (committed.command !== 'COMMIT') throw new TransactionAbortedError();
}

export async function rollbackTransaction(client: Queryable): Promise<void> {
  await client.query({ text: 'ROLLBACK' });
}

/** A statement inside the transaction failed, its error was swallowed, and so nothing was stored. */
export class TransactionAbortedError extends Error {
  override readonly name = 'TransactionAbortedError';
  readonly code = 'transaction-aborted';
  constructor() {
    super('The transaction was rolled back because one of its statements had failed.');
  }
}

/** The driver's own time limit, which it reports without a code. */
function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Two transactions got in each other's way: the same again may succeed. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === serializationFailure || error.code === deadlockDetected;
}
