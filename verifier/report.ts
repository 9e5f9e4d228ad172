// What the verifier found, as data, as text and as an exit code: 0 only when everything that was asked for holds.
import { problemWords } from './problem-words.ts';

export const exitCodes = {
  holds: 0,
  /** The command line is not understood, or Node is too old. */
  usage: 2,
  /** Log, file or chain cannot be read: nothing is known. */
  unreadable: 3,
  /** Not signed by the key that is trusted. */
  signature: 4,
  /** Entries, tiles and root do not belong together, or a person's chain has a gap. */
  tiles: 5,
  /** Not an extension of what was seen or anchored before. */
  history: 6,
  /** Too few of the witnesses that are trusted have seen it. */
  witnesses: 7,
  /** The chain says something else, or nothing. */
  anchors: 8,
  /** An exported record or receipt does not hold. */
  record: 9,
} as const;
export type ExitName = keyof typeof exitCodes;

export interface Problem {
  readonly code: string;
  /** Where: a leaf, a tile, an entry, a file. */
  readonly where?: string;
}

export interface Check {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'not-checked';
  /** What was found, in a few words. */
  readonly detail: string;
  readonly problems?: readonly Problem[];
  /** The kind of doubt, when it failed. */
  readonly exit?: ExitName;
}

export interface Report {
  readonly verifier: 'medallion-verify/1';
  readonly source?: string;
  readonly origin?: string;
  readonly size?: number;
  /** Base64. */
  readonly root?: string;
  readonly checks: readonly Check[];
}

/** The code of the gravest doubt; a report without a single passed check is a doubt too. */
export function exitCodeOf({ checks }: Report): number {
  const failed = checks.flatMap(({ outcome, exit }) =>
    outcome === 'failed' ? [exitCodes[exit ?? 'unreadable']] : [],
  );
  if (failed.length > 0) return Math.min(...failed);
  return checks.some(({ outcome }) => outcome === 'passed') ? exitCodes.holds : exitCodes.unreadable;
}

const marks = { passed: 'ok    ', failed: 'FAILED', 'not-checked': '-     ' } as const;
const mostShown = 20;

export function formatReport(report: Report): string {
  const head = [
    report.source === undefined ? undefined : `Log        ${report.source}`,
    report.origin === undefined ? undefined : `Name       ${report.origin}`,
    report.size === undefined ? undefined : `Entries    ${report.size}`,
    report.root === undefined ? undefined : `Root       ${report.root}`,
  ].filter((line) => line !== undefined);
  const lines = report.checks.flatMap(({ name, outcome, detail, problems = [] }) => [
    `${marks[outcome]} ${name}: ${detail}`,
    ...problems
      .slice(0, mostShown)
      .map(({ code, where }) => `         ${where === undefined ? '' : `${where}: `}${problemWords(code)}`),
    ...(problems.length > mostShown ? [`         and ${problems.length - mostShown} more`] : []),
  ]);
  const code = exitCodeOf(report);
  const verdict = code === 0 ? 'Everything that was checked holds.' : `This does not hold (${code}).`;
  return `${[...head, ...(head.length > 0 ? [''] : []), ...lines, '', verdict].join('\n')}\n`;
}
