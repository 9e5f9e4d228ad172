// A laboratory's own range and method for one value. Ours stands there with its source, and holds where they write none. Nothing is kept
// for the next order: a range is of one age and sex.
import { useTranslation } from 'react-i18next';
import type { Draft, OwnRange, ShownRange } from '../api/results.ts';
import { useLanguage } from '../i18n/texts.ts';
import { TextField } from '../ui/text-field.tsx';

export interface TypedRange {
  readonly low: string;
  readonly high: string;
  readonly method: string;
}
export type Typed = Readonly<Record<string, TypedRange | undefined>>;
const empty: TypedRange = { low: '', high: '', method: '' };

/** As they were entered before. */
export function typedRanges(draft: Draft | null, form: string | undefined): Typed {
  if (draft === null || draft.form !== form) return {};
  return Object.fromEntries(
    Object.entries(draft.ranges ?? {}).map(([field, { low, high, method }]) => [
      field,
      { low: String(low ?? ''), high: String(high ?? ''), method: method ?? '' },
    ]),
  );
}

const bound = (text: string): number | undefined => {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return undefined;
  return /^-?\d{1,6}(\.\d{1,4})?$/.test(plain) ? Number(plain) : Number.NaN;
};

/** Undefined for what cannot be one; nothing typed is nothing said. */
export function rangeOf(typed: TypedRange = empty): OwnRange | undefined {
  const [low, high, method] = [bound(typed.low), bound(typed.high), typed.method.trim()];
  if (Number.isNaN(low) || Number.isNaN(high)) return undefined;
  if (low !== undefined && high !== undefined && low > high) return undefined;
  return {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(method === '' ? {} : { method }),
  };
}

/** Of all fields that something was typed for; undefined where one cannot be right. */
export function rangesOf(typed: Typed): Record<string, OwnRange> | undefined {
  const ranges: Record<string, OwnRange> = {};
  for (const [field, one] of Object.entries(typed)) {
    const range = rangeOf(one);
    if (range === undefined) return undefined;
    if (Object.keys(range).length > 0) ranges[field] = range;
  }
  return ranges;
}

export function OwnRangeFields(props: {
  readonly id: string;
  readonly name: string;
  readonly shown: ShownRange | undefined;
  readonly typed: TypedRange | undefined;
  readonly wrong: boolean;
  readonly onChange: (typed: TypedRange) => void;
}) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { id, name, shown, typed = empty } = props;
  const { low, high } = shown ?? {};
  const usual =
    low !== undefined && high !== undefined
      ? t('range.both', { low, high })
      : low !== undefined
        ? t('range.from', { low })
        : high !== undefined
          ? t('range.to', { high })
          : t('range.none');
  const of = shown?.of[language === 'hi' ? 1 : 0];
  return (
    <details className="lab-range" open={props.wrong || typed !== empty ? true : undefined}>
      <summary>
        {[usual, ...(of === undefined ? [] : [`(${of})`])].join(' ')}
        {'. '}
        <span>{t('lab.rangeOf', { name })}</span>
      </summary>
      {shown === undefined ? null : <p className="quiet small">{shown.source}</p>}
      <div className="lab-range-fields">
        <TextField
          error={props.wrong ? t('lab.rangeWrong') : undefined}
          id={`${id}-low`}
          inputMode="decimal"
          label={t('lab.lowOf', { name })}
          maxLength={12}
          onChange={(value) => props.onChange({ ...typed, low: value })}
          optional
          value={typed.low}
        />
        <TextField
          id={`${id}-high`}
          inputMode="decimal"
          label={t('lab.highOf', { name })}
          maxLength={12}
          onChange={(value) => props.onChange({ ...typed, high: value })}
          optional
          value={typed.high}
        />
        <TextField
          id={`${id}-method`}
          label={t('lab.methodOf', { name })}
          maxLength={200}
          onChange={(value) => props.onChange({ ...typed, method: value })}
          optional
          value={typed.method}
        />
      </div>
    </details>
  );
}
