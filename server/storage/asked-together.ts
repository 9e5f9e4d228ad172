// Reads that come together go down one connection in one piece, with one wake of the database for all of them; each keeps its own
// statement and its own answer. For reads alone: a write would make its neighbours wait for the disk.
import { setImmediate as turnEnded } from 'node:timers/promises';
import type pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { TooManyQuestionsError } from './gathered.ts';
import type { Queryable } from './queryable.ts';

interface Asked {
  /** Values as the protocol writes them. */
  statement: { name?: string; text: string; values: unknown[] };
  done: (answer: pg.QueryResult) => void;
  failed: (error: unknown) => void;
}

type Oid = Parameters<pg.CustomTypesConfig['getTypeParser']>[0];

/** What the protocol's messages name of a column, and how its text becomes a value. */
interface Column {
  name: string;
  read: (text: string) => unknown;
}

/** A connection of the driver, as far as a query of one's own may use it (the driver's interface for cursors). */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: unknown[] }): void;
  describe(what: { type: 'P'; name: string }): void;
  execute(portal: { portal: string; rows: number }): void;
  close(what: { type: 'S'; name: string }): void;
  sync(): void;
}

export interface TogetherLimits {
  /** Statements in one piece. */
  readonly batch: number;
  /** Pieces on their way at a time, each on a connection of its own. */
  readonly atOnce: number;
  /** Statements in line. */
  readonly waiting: number;
}

/** By connection: the names it knows, and those of which it is not known after a failure. */
const preparedOn = new WeakMap<object, Map<string, 'ready' | 'unsure'>>();

/**
 * A pool that sends what is asked in one turn together. A statement that the database refuses fails alone: what stood behind it is
 * asked again.
 * @throws TooManyQuestionsError when too many wait
 */
export function askedTogether(
  pool: pg.Pool,
  limits: TogetherLimits = { batch: 32, atOnce: 2, waiting: 20_000 },
): Queryable {
  const columnsOf = new Map<string, readonly Column[]>();
  const waiting: Asked[] = [];
  let underWay = 0;

  async function drain(): Promise<void> {
    underWay++;
    try {
      while (waiting.length > 0) {
        // What arrived in the same turn goes along.
        await turnEnded();
        const batch = waiting.splice(0, limits.batch);
        if (batch.length > 0) waiting.unshift(...(await send(batch)));
      }
    } finally {
      underWay--;
    }
  }

  /** Settles what was answered; returns what has to be asked again. */
  async function send(batch: readonly Asked[]): Promise<readonly Asked[]> {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      for (const one of batch) one.failed(error);
      return [];
    }
    let prepared = preparedOn.get(client);
    if (prepared === undefined) preparedOn.set(client, (prepared = new Map()));
    const piece = new Piece(batch, columnsOf, prepared, client);
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    const { answered, failure } = await piece.sentTo(client);
    client.off('error', onError);
    if (failure === undefined) {
      client.release(broken);
      return [];
    }
    const refused = failure.severity === 'ERROR';
    client.release(refused ? broken : (broken ?? failure));
    batch[answered]?.failed(failure);
    const behind = batch.slice(answered + 1);
    if (refused) return behind;
    for (const one of behind) one.failed(failure);
    return [];
  }

  return {
    async query({ values = [], ...statement }) {
      if (waiting.length >= limits.waiting) throw new TooManyQuestionsError();
      // A value that cannot be written fails here, before it has neighbours.
      const written = values.map((value) => prepareValue(value));
      return new Promise((done, failed) => {
        waiting.push({ statement: { ...statement, values: written }, done, failed });
        if (underWay < limits.atOnce) void drain();
      });
    },
  };
}

/** Several statements as the driver sends one query: it hands each message from the database to the one whose turn it is. */
class Piece {
  readonly #batch: readonly Asked[];
  readonly #columnsOf: Map<string, readonly Column[]>;
  readonly #prepared: Map<string, 'ready' | 'unsure'>;
  readonly #types: pg.CustomTypesConfig;
  #answered = 0;
  #columns: readonly Column[] = [];
  #rows: Record<string, unknown>[] = [];
  #unreadable: unknown;
  #settle: (outcome: { answered: number; failure?: Error & { severity?: string } }) => void = () => undefined;
  /** The driver puts its time limit around this. */
  callback: (error: Error | null, result?: unknown) => void = () => undefined;

  constructor(
    batch: readonly Asked[],
    columnsOf: Map<string, readonly Column[]>,
    prepared: Map<string, 'ready' | 'unsure'>,
    types: pg.CustomTypesConfig,
  ) {
    this.#batch = batch;
    this.#columnsOf = columnsOf;
    this.#prepared = prepared;
    this.#types = types;
  }

  sentTo(client: pg.PoolClient): Promise<{ answered: number; failure?: Error & { severity?: string } }> {
    return new Promise((settle) => {
      this.#settle = settle;
      client.query(this as unknown as pg.Submittable);
    });
  }

  submit(wire: Wire): Error | null {
    wire.stream.cork();
    try {
      for (const { statement } of this.#batch) {
        const { name = '', text, values } = statement;
        const known = name === '' ? undefined : this.#prepared.get(name);
        // After a failure it is not known how far the database came: closing what is not there does no harm.
        if (known === 'unsure') wire.close({ type: 'S', name });
        if (known !== 'ready') wire.parse({ name, text });
        if (name !== '') this.#prepared.set(name, 'ready');
        wire.bind({ statement: name, values });
        if (!this.#columnsOf.has(name)) wire.describe({ type: 'P', name: '' });
        wire.execute({ portal: '', rows: 0 });
      }
      wire.sync();
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error('unknown');
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: Oid; format: 'text' }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID, format }) => ({
      name,
      read: this.#types.getTypeParser(dataTypeID, format) as Column['read'],
    }));
    const { name } = this.#current;
    if (name !== undefined) this.#columnsOf.set(name, this.#columns);
  }

  get #current(): Asked['statement'] {
    return this.#batch[this.#answered]?.statement ?? { text: '', values: [] };
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (this.#rows.length === 0 && this.#columns.length === 0)
      this.#columns = this.#columnsOf.get(this.#current.name ?? '') ?? [];
    const row: Record<string, unknown> = {};
    try {
      for (let index = 0; index < this.#columns.length; index++) {
        const { name, read } = this.#columns[index] as Column;
        const text = fields[index] ?? null;
        row[name] = text === null ? null : read(text);
      }
    } catch (error) {
      this.#unreadable = error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    const rows = this.#rows;
    const unreadable = this.#unreadable;
    const one = this.#batch[this.#answered++];
    this.#rows = [];
    this.#columns = [];
    this.#unreadable = undefined;
    if (unreadable === undefined) one?.done({ rows, rowCount: rows.length } as unknown as pg.QueryResult);
    else one?.failed(unreadable);
  }

  handleReadyForQuery(): void {
    this.callback(null);
    this.#settle({ answered: this.#answered });
  }

  handleError(error: Error & { severity?: string }): void {
    for (const { statement } of this.#batch.slice(this.#answered))
      if (statement.name !== undefined) this.#prepared.set(statement.name, 'unsure');
    this.callback(error);
    this.#settle({ answered: this.#answered, failure: error });
  }

  handlePortalSuspended(): void {
    throw new Error('no statement here asks for some of its rows');
  }
  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }
  handleCopyInResponse(): void {
    throw new Error('nothing is copied here');
  }
  handleCopyData(): void {
    throw new Error('nothing is copied here');
  }
}
