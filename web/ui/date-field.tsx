// A date that people know by heart: day, month and year in three boxes. A year alone may be enough.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { monthNames } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Icon } from './icons.tsx';
import { readDate, splitDate } from './partial-date.ts';
import type { DateParts, DatePrecision, DateReading } from './partial-date.ts';
import { FieldError } from './text-field.tsx';
import type { FieldFrameProps } from './text-field.tsx';
import './field.css';

export interface DateFieldProps extends Omit<FieldFrameProps, 'aside'> {
  /** The date to start from, as FHIR writes it. The boxes keep what is typed from then on. */
  readonly initial?: string | undefined;
  /** Every reading of the three boxes: empty, a date, or a problem. Save nothing while it is a problem. */
  readonly onChange: (reading: DateReading) => void;
  /** The coarsest answer that is good enough; default a whole day. */
  readonly precision?: DatePrecision | undefined;
  readonly allowFuture?: boolean | undefined;
  readonly id?: string | undefined;
  /** "bday" lets the browser fill in a birth date. */
  readonly autoComplete?: 'bday' | undefined;
}

export function DateField(props: DateFieldProps) {
  const { t } = useTranslation('common');
  const language = useLanguage();
  const ownId = useId();
  const id = props.id ?? ownId;
  const [parts, setParts] = useState<DateParts>(() => splitDate(props.initial));
  const [left, setLeft] = useState(false);
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const rules = {
    precision: props.precision ?? 'day',
    today,
    allowFuture: props.allowFuture ?? false,
  };
  const reading = readDate(parts, rules);
  const error = props.error ?? (left && reading.kind === 'problem' ? t(reading.problem) : undefined);
  const change = (changed: Partial<DateParts>): void => {
    const next = { ...parts, ...changed };
    setParts(next);
    props.onChange(readDate(next, rules));
  };
  const auto = (part: string): string | undefined =>
    props.autoComplete === undefined ? undefined : `${props.autoComplete}-${part}`;
  const described = [
    props.hint === undefined ? undefined : `${id}-hint`,
    error === undefined ? undefined : `${id}-error`,
  ].filter((each) => each !== undefined);
  return (
    <fieldset
      aria-describedby={described.length === 0 ? undefined : described.join(' ')}
      className="field"
      id={id}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setLeft(true);
      }}
      tabIndex={-1}
    >
      <legend className="field-label">
        {props.label}
        {props.optional === true ? <span className="field-optional"> ({t('field.optional')})</span> : null}
      </legend>
      {props.hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      <div className="date-parts">
        <div>
          <label htmlFor={`${id}-day`}>{t('field.day')}</label>
          <div className="field-box">
            <input
              aria-invalid={error !== undefined}
              autoComplete={auto('day')}
              id={`${id}-day`}
              inputMode="numeric"
              maxLength={2}
              onChange={(event) => change({ day: event.target.value })}
              value={parts.day}
            />
          </div>
        </div>
        <div>
          <label htmlFor={`${id}-month`}>{t('field.month')}</label>
          <div className="field-box">
            <select
              aria-invalid={error !== undefined}
              autoComplete={auto('month')}
              id={`${id}-month`}
              onChange={(event) => change({ month: event.target.value })}
              value={parts.month}
            >
              <option value="" />
              {monthNames(language).map((name, index) => (
                <option key={name} value={index + 1}>
                  {name}
                </option>
              ))}
            </select>
            <Icon name="down" size={18} />
          </div>
        </div>
        <div>
          <label htmlFor={`${id}-year`}>{t('field.year')}</label>
          <div className="field-box">
            <input
              aria-invalid={error !== undefined}
              autoComplete={auto('year')}
              id={`${id}-year`}
              inputMode="numeric"
              maxLength={4}
              onChange={(event) => change({ year: event.target.value })}
              value={parts.year}
            />
          </div>
        </div>
      </div>
      <FieldError error={error} id={id} />
    </fieldset>
  );
}
