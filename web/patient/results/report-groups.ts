// Reports by the test that they are of: the newest of each first, what came before it behind. Pure; finds by words that stand in a report.
import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';

export interface OneReport {
  readonly report: DiagnosticReport;
  readonly values: readonly Observation[];
  /** `YYYY-MM-DD` or an instant; '' where it says none. */
  readonly day: string;
}

export interface ReportGroup {
  /** Stable: code and system, or the words where it has no code. */
  readonly key: string;
  /** '' where the report does not name itself. */
  readonly title: string;
  /** The newest first. */
  readonly reports: readonly [OneReport, ...OneReport[]];
}

const titleOf = ({ code }: DiagnosticReport): string => code?.text ?? code?.coding?.[0]?.display ?? '';

function keyOf(report: DiagnosticReport): string {
  const [coding] = report.code?.coding ?? [];
  return coding?.code === undefined
    ? titleOf(report).trim().toLowerCase()
    : `${coding.system ?? ''}|${coding.code}`;
}

const dayOf = (report: DiagnosticReport): string => report.effectiveDateTime ?? report.issued ?? '';

/** The group with the newest report first. */
export function reportGroups(all: readonly (DiagnosticReport | Observation)[]): readonly ReportGroup[] {
  const values = new Map<string, Observation>(
    all.flatMap((one) =>
      one.resourceType === 'Observation' ? [[`Observation/${one.id}`, one] as const] : [],
    ),
  );
  const reports = all
    .filter((one) => one.resourceType === 'DiagnosticReport')
    .map((report) => ({
      report,
      values: (report.result ?? []).flatMap(({ reference }) => values.get(reference ?? '') ?? []),
      day: dayOf(report),
    }))
    .toSorted((a, b) => b.day.localeCompare(a.day));
  return [...Map.groupBy(reports, ({ report }) => keyOf(report))].flatMap(([key, [first, ...more]]) =>
    first === undefined ? [] : [{ key, title: titleOf(first.report), reports: [first, ...more] as const }],
  );
}

/** Every word stands somewhere in it: in its name, its values, who made it, its conclusion. */
export function isFoundBy({ report, values }: OneReport, words: string): boolean {
  const asked = plain(words)
    .split(' ')
    .filter((word) => word !== '');
  if (asked.length === 0) return true;
  const said = plain(
    [
      titleOf(report),
      report.conclusion ?? '',
      ...(report.performer ?? []).map(({ display }) => display ?? ''),
      ...values.map(({ code }) => code?.text ?? code?.coding?.[0]?.display ?? ''),
      dayOf(report).slice(0, 10),
    ].join(' '),
  );
  return asked.every((word) => said.includes(word));
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .trim();
