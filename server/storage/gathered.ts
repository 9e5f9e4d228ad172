// Group look-up: questions that come together go into one statement, as looks wait for one insert. One statement is in flight
// at a time; what is asked meanwhile goes into the next. An answer is always read after its question came, never before.
import { setImmediate as turnEnded } from 'node:timers/promises';

/** More is asked than the database answers. */
export class TooManyQuestionsError extends Error {
  readonly code = 'database-unavailable';
  constructor() {
    super('too many questions wait for the database');
    this.name = 'TooManyQuestionsError';
  }
}

interface Waiting<Question, Answer> {
  question: Question;
  done: (answer: Answer) => void;
  failed: (error: unknown) => void;
}

/**
 * `askAll` gives one answer for each question, in their order. When it fails, all that waited for it are told; but a question that
 * the database cannot even read fails alone.
 * At most `limits.batch` questions a statement, at most `limits.waiting` in line.
 */
export function gathered<Question, Answer>(
  askAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  limits = { batch: 100, waiting: 20_000 },
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      // What arrived in the same turn goes along.
      await turnEnded();
      const batch = waiting.splice(0, limits.batch);
      try {
        const answers = await askAll(batch.map((one) => one.question));
        for (const [index, one] of batch.entries()) one.done(answers[index] as Answer);
      } catch (error) {
        if (batch.length > 1 && isUnreadable(error))
          for (const one of batch)
            await askAll([one.question]).then(([answer]) => one.done(answer as Answer), one.failed);
        else for (const one of batch) one.failed(error);
      }
    }
    busy = false;
  }

  return (question) => {
    if (waiting.length >= limits.waiting) return Promise.reject(new TooManyQuestionsError());
    return new Promise((done, failed) => {
      waiting.push({ question, done, failed });
      if (!busy) void drain();
    });
  };
}

/** SQLSTATE class 22, data exception: such as a NUL in a text. */
function isUnreadable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.startsWith('22');
}
