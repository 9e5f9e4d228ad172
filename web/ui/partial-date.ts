// Reading a date written in three boxes: a whole day, a month or only a year, as FHIR dates allow.
// Pure: today is an argument.

export interface DateParts {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}
export type DatePrecision = 'day' | 'month' | 'year';
export type DateProblem =
  | 'date.impossible'
  | 'date.yearMissing'
  | 'date.monthMissing'
  | 'date.monthNeeded'
  | 'date.dayMissing'
  | 'date.future'
  | 'date.tooEarly';

export type DateReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'problem'; readonly problem: DateProblem };

export interface DateRules {
  /** The coarsest answer that is good enough. */
  readonly precision: DatePrecision;
  /** ISO day of today. */
  readonly today: string;
  readonly allowFuture: boolean;
}

/** Splits "1980-02-01", "1980-02" or "1980" into the three boxes. */
export function splitDate(value: string | undefined): DateParts {
  const [year = '', month = '', day = ''] = (value ?? '').slice(0, 10).split('-');
  return {
    year,
    month: month === '' ? '' : String(Number(month)),
    day: day === '' ? '' : String(Number(day)),
  };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** What the three boxes mean together, or the first thing that is wrong with them. */
export function readDate(parts: DateParts, rules: DateRules): DateReading {
  const [day, month, year] = [parts.day, parts.month, parts.year].map((text) => text.trim());
  if (day === '' && month === '' && year === '') return { kind: 'empty' };
  const wrong = (problem: DateProblem): DateReading => ({ kind: 'problem', problem });
  if (!/^\d{4}$/.test(year ?? '')) return wrong('date.yearMissing');
  if (Number(year) < 1870) return wrong('date.tooEarly');
  if (month === '' && day !== '') return wrong('date.monthMissing');
  if (month === '' && rules.precision !== 'year') return wrong('date.monthNeeded');
  if (day === '' && rules.precision === 'day') return wrong('date.dayMissing');
  const isMonth =
    month === '' || (/^\d{1,2}$/.test(month ?? '') && Number(month) >= 1 && Number(month) <= 12);
  const isDay =
    day === '' ||
    (/^\d{1,2}$/.test(day ?? '') &&
      Number(day) >= 1 &&
      Number(day) <= daysInMonth(Number(year), Number(month)));
  if (!isMonth || !isDay) return wrong('date.impossible');
  const two = (text: string | undefined): string => (text ?? '').padStart(2, '0');
  const value = [year, month === '' ? undefined : two(month), day === '' ? undefined : two(day)]
    .filter((each) => each !== undefined)
    .join('-');
  if (!rules.allowFuture && value > rules.today.slice(0, value.length)) return wrong('date.future');
  return { kind: 'date', value };
}
