// Choosing from few (radio rows), several (tick rows) or many (a list box of the device). Nothing is preticked.
import { useId } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import { FieldError, FieldFrame } from './text-field.tsx';
import type { FieldFrameProps } from './text-field.tsx';
import './field.css';

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string | undefined;
}

interface GroupProps<Value extends string> extends Omit<FieldFrameProps, 'aside'> {
  readonly options: readonly Option<Value>[];
  /** Short options stand side by side where there is room. */
  readonly side?: boolean | undefined;
  readonly id?: string | undefined;
}

function ChoiceGroup<Value extends string>(
  props: GroupProps<Value> & {
    readonly kind: 'radio' | 'checkbox';
    readonly isChosen: (value: Value) => boolean;
    readonly onToggle: (value: Value, chosen: boolean) => void;
  },
) {
  const { t } = useTranslation('common');
  const ownId = useId();
  const id = props.id ?? ownId;
  const described = [
    props.hint === undefined ? undefined : `${id}-hint`,
    props.error === undefined ? undefined : `${id}-error`,
  ].filter((each) => each !== undefined);
  return (
    <fieldset
      aria-describedby={described.length === 0 ? undefined : described.join(' ')}
      className="field"
      id={id}
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
      <div className="choices" data-side={props.side === true ? '' : undefined}>
        {props.options.map((option) => (
          <label className="choice" key={option.value}>
            <input
              checked={props.isChosen(option.value)}
              name={id}
              onChange={(event) => props.onToggle(option.value, event.target.checked)}
              type={props.kind}
              value={option.value}
            />
            <span>
              <span className="choice-label">{option.label}</span>
              {option.hint === undefined ? null : <span className="choice-hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      <FieldError error={props.error} id={id} />
    </fieldset>
  );
}

export interface ChoiceProps<Value extends string> extends GroupProps<Value> {
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

/** Exactly one of a few. */
export function Choice<Value extends string>({ value, onChange, ...rest }: ChoiceProps<Value>) {
  return (
    <ChoiceGroup
      {...rest}
      isChosen={(each) => each === value}
      kind="radio"
      onToggle={(each) => onChange(each)}
    />
  );
}

export interface ManyChoiceProps<Value extends string> extends GroupProps<Value> {
  readonly values: readonly Value[];
  readonly onChange: (values: readonly Value[]) => void;
}

/** Any number of a few. */
export function ManyChoice<Value extends string>({ values, onChange, ...rest }: ManyChoiceProps<Value>) {
  return (
    <ChoiceGroup
      {...rest}
      isChosen={(each) => values.includes(each)}
      kind="checkbox"
      onToggle={(each, chosen) =>
        onChange(chosen ? [...values, each] : values.filter((value) => value !== each))
      }
    />
  );
}

export interface TickProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode | undefined;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean | undefined;
  readonly id?: string | undefined;
}

/** One thing to agree to or to switch on. */
export function Tick({ label, hint, checked, onChange, disabled, id }: TickProps) {
  return (
    <label className="choice choice-bare">
      <input
        checked={checked}
        disabled={disabled}
        id={id}
        onChange={(event) => onChange(event.target.checked)}
        type="checkbox"
      />
      <span>
        <span className="choice-label">{label}</span>
        {hint === undefined ? null : <span className="choice-hint">{hint}</span>}
      </span>
    </label>
  );
}

export interface SelectFieldProps<Value extends string> extends FieldFrameProps {
  readonly options: readonly Option<Value>[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value | undefined) => void;
  readonly id?: string | undefined;
  readonly autoComplete?: string | undefined;
}

/** One of many, by the device's own list: the best control there is on a phone. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { t } = useTranslation('common');
  const ownId = useId();
  const id = props.id ?? ownId;
  return (
    <FieldFrame {...props} id={id}>
      {(describedBy) => (
        <div className="field-box">
          <select
            aria-describedby={describedBy}
            aria-invalid={props.error !== undefined}
            autoComplete={props.autoComplete}
            id={id}
            onChange={(event) =>
              props.onChange(props.options.find((option) => option.value === event.target.value)?.value)
            }
            value={props.value ?? ''}
          >
            <option value="">{t('field.choose')}</option>
            {props.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="down" size={18} />
        </div>
      )}
    </FieldFrame>
  );
}
