// What a statement is sent through: the pool, or the one client of a transaction.
import type pg from 'pg';

/** Inside a transaction only its own client may be used: a pool query there can wait for itself. */
export interface Queryable {
  query(statement: { name?: string; text: string; values?: unknown[] }): Promise<pg.QueryResult>;
}
