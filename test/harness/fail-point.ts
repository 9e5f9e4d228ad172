// Ends the process it is loaded into, as a power cut would, at a named point: before or after one statement to the database, or where
// the code itself says a point's name. For programs of tests only.
import pg from 'pg';

export interface FailPoint {
  /** `before <statement>`, `after <statement>` (its name, or its text when it has none), or a point of the sequencer. */
  readonly point: string;
  /** How often it is passed before it kills. */
  readonly passes: number;
}

type Query = (this: unknown, ...given: unknown[]) => unknown;

/** Returns what the code under test is to call at its own points. */
export function armFailPoint({ point, passes }: FailPoint): (here: string) => void {
  let left = passes;
  const reach = (here: string): void => {
    if (here !== point) return;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    left -= 1;
  };
  const prototype = pg.Client.prototype as unknown as { query: Query };
  const query = prototype.query;
  prototype.query = function watched(...given) {
    const [statement] = given;
    const name = nameOf(statement);
    if (name === undefined) return query.apply(this, given);
    reach(`before ${name}`);
    const last = given.at(-1);
    if (typeof last === 'function') {
      const told = last as (error: unknown, result: unknown) => void;
      return query.apply(this, [
        ...given.slice(0, -1),
        (error: unknown, result: unknown) => {
          if (!error) reach(`after ${name}`);
          told(error, result);
        },
      ]);
    }
    const answer = query.apply(this, given);
    if (!(answer instanceof Promise)) return answer;
    return answer.then((result: unknown) => {
      reach(`after ${name}`);
      return result;
    });
  };
  return reach;
}

export function nameOf(statement: unknown): string | undefined {
  if (typeof statement === 'string') return statement;
  if (typeof statement !== 'object' || statement === null) return undefined;
  const { name, text } = statement as { name?: string; text?: string };
  return name ?? text;
}
