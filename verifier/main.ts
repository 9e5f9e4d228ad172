// The program `medallion-verify`: command line in, report out, exit code.
import { readOptions, usage } from './options.ts';
import { exitCodeOf, exitCodes, formatReport } from './report.ts';
import { verify } from './verify.ts';

/** Runs once; returns the exit code. */
export async function run(
  args: readonly string[],
  io: {
    out: (text: string) => void;
    err: (text: string) => void;
    environment: Readonly<Record<string, string | undefined>>;
    now: () => number;
  },
): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    io.err(usage);
    return args.includes('--help') ? exitCodes.holds : exitCodes.usage;
  }
  const report = await verify(options, { now: io.now, stateHome: io.environment['XDG_STATE_HOME'] });
  const exitCode = exitCodeOf(report);
  io.out(options.json ? `${JSON.stringify({ ...report, exitCode }, undefined, 2)}\n` : formatReport(report));
  return exitCode;
}
