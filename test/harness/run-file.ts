// Runs one test file in a process of its own and counts its leaf tests. Must not know databases or browsers.
import { run } from 'node:test';
import { inspect } from 'node:util';

export interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  /** One text for each failure, in full. */
  readonly failures: readonly string[];
  /** What the file printed: of interest when it failed. */
  readonly output: string;
  readonly durationMs: number;
}

interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: unknown };
}

/** A file that is too slow, crashes or holds no test has one failure. */
export async function runFile(file: string, timeLimitMs: number): Promise<FileResult> {
  const startedAt = performance.now();
  const tally = new Tally(file);
  const timeLimit = new AbortController();
  const timer = setTimeout(() => timeLimit.abort(), timeLimitMs);
  const events = run({ files: [file], isolation: 'process', signal: timeLimit.signal });
  events.on('test:pass', (event) => tally.add(event, true));
  events.on('test:fail', (event) => tally.add(event, false));
  events.on('test:stdout', (event) => tally.print(event.message));
  events.on('test:stderr', (event) => tally.print(event.message));
  // The stream ends when its events have been read.
  for await (const event of events) void event;
  clearTimeout(timer);
  if (timeLimit.signal.aborted) tally.fail(`took longer than ${timeLimitMs / 1000} s and was stopped`);
  else if (tally.count === 0) tally.fail('holds no test');
  return tally.result(performance.now() - startedAt);
}

/** Children are reported before their parent, one level deeper: a test that had any is not a leaf. */
class Tally {
  readonly file: string;
  private passed = 0;
  private skipped = 0;
  private readonly failures: string[] = [];
  private output = '';
  private readonly childrenAt = new Map<number, number>();

  constructor(file: string) {
    this.file = file;
  }

  get count(): number {
    return this.passed + this.skipped + this.failures.length;
  }

  add(event: TestEvent, passed: boolean): void {
    const children = this.childrenAt.get(event.nesting + 1) ?? 0;
    this.childrenAt.set(event.nesting + 1, 0);
    this.childrenAt.set(event.nesting, (this.childrenAt.get(event.nesting) ?? 0) + 1);
    const isFileItself = event.nesting === 0 && this.file.endsWith(event.name);
    if (!passed) {
      const error = event.details.error;
      // Stopped by us: said once, with the reason.
      if (isFileItself && failureType(error) === 'testAborted') return;
      // A parent fails with its children; only a failure of its own is one more.
      if (children > 0 && failureType(error) === 'subtestsFailed') return;
      this.fail(`${event.name}\n${inspect(causeOf(error), { depth: 8 })}`);
    } else if (isFileItself || children > 0 || event.details.type === 'suite') return;
    else if (event.skip !== undefined || event.todo !== undefined) this.skipped += 1;
    else this.passed += 1;
  }

  print(text: string): void {
    this.output = (this.output + text).slice(-20_000);
  }

  fail(what: string): void {
    this.failures.push(`${this.file}: ${what}`);
  }

  result(durationMs: number): FileResult {
    const { file, passed, skipped, failures, output } = this;
    return { file, passed, skipped, failures, output, durationMs };
  }
}

function failureType(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return 'failureType' in error ? error.failureType : failureType(error.cause);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
