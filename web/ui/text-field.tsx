// One line or several lines of text, with label, hint and error tied to the input for every reader.
import { useId, useState } from 'react';
import type { HTMLInputTypeAttribute, ReactNode, Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import './button.css';
import './field.css';

export interface FieldFrameProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode | undefined;
  readonly error?: string | undefined;
  /** Says "optional" beside the label; a required field says nothing. */
  readonly optional?: boolean | undefined;
  /** A link at the end of the label's line. */
  readonly aside?: ReactNode | undefined;
}

/** Label above, error under; `children` gets the ids to tie the input with. */
export function FieldFrame(
  props: FieldFrameProps & {
    readonly id: string;
    readonly children: (describedBy: string | undefined) => ReactNode;
  },
) {
  const { t } = useTranslation('common');
  const { id, label, hint, error, optional, aside, children } = props;
  const described = [
    hint === undefined ? undefined : `${id}-hint`,
    error === undefined ? undefined : `${id}-error`,
  ].filter((each) => each !== undefined);
  return (
    <div className="field">
      <div className="field-head">
        <label className="field-label" htmlFor={id}>
          {label}
          {optional === true ? <span className="field-optional"> ({t('field.optional')})</span> : null}
        </label>
        {aside}
      </div>
      {hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children(described.length === 0 ? undefined : described.join(' '))}
      <FieldError error={error} id={id} />
    </div>
  );
}

/** The words under a field that needs another look. */
export function FieldError({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p className="field-error" id={`${id}-error`}>
      <Icon name="octagon" size={18} />
      <span>{error}</span>
    </p>
  );
}

export interface TextFieldProps extends FieldFrameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: (() => void) | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly type?: HTMLInputTypeAttribute | undefined;
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'search' | undefined;
  readonly autoComplete?: string | undefined;
  readonly autoCapitalize?: 'none' | 'words' | 'sentences' | undefined;
  readonly spellCheck?: boolean | undefined;
  readonly placeholder?: string | undefined;
  readonly maxLength?: number | undefined;
  readonly required?: boolean | undefined;
  /** More than one: a box of several lines. */
  readonly lines?: number | undefined;
  /** The unit after the number: "kg". */
  readonly suffix?: string | undefined;
  readonly ref?: Ref<HTMLInputElement> | undefined;
}

export function TextField(props: TextFieldProps) {
  const ownId = useId();
  const id = props.id ?? ownId;
  const shared = {
    id,
    name: props.name,
    value: props.value,
    onBlur: props.onBlur,
    autoComplete: props.autoComplete,
    autoCapitalize: props.autoCapitalize,
    spellCheck: props.spellCheck,
    inputMode: props.inputMode,
    placeholder: props.placeholder,
    maxLength: props.maxLength,
    'aria-required': props.required,
    'aria-invalid': props.error !== undefined,
  };
  return (
    <FieldFrame {...props} id={id}>
      {(describedBy) => (
        <div className="field-box">
          {props.lines !== undefined && props.lines > 1 ? (
            <textarea
              {...shared}
              aria-describedby={describedBy}
              onChange={(event) => props.onChange(event.target.value)}
              rows={props.lines}
            />
          ) : (
            <input
              {...shared}
              aria-describedby={describedBy}
              onChange={(event) => props.onChange(event.target.value)}
              ref={props.ref}
              type={props.type ?? 'text'}
            />
          )}
          {props.suffix === undefined ? null : <span className="field-suffix">{props.suffix}</span>}
        </div>
      )}
    </FieldFrame>
  );
}

export interface PasswordFieldProps extends FieldFrameProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly id?: string | undefined;
  /** "current-password" to sign in, "new-password" to choose one. */
  readonly autoComplete: 'current-password' | 'new-password';
}

/** A password that can be shown, so that a slip on a small keyboard is seen. */
export function PasswordField(props: PasswordFieldProps) {
  const { t } = useTranslation('common');
  const ownId = useId();
  const id = props.id ?? ownId;
  const [shown, setShown] = useState(false);
  return (
    <FieldFrame {...props} id={id}>
      {(describedBy) => (
        <div className="field-box">
          <input
            aria-describedby={describedBy}
            aria-invalid={props.error !== undefined}
            autoCapitalize="none"
            autoComplete={props.autoComplete}
            id={id}
            name="password"
            onChange={(event) => props.onChange(event.target.value)}
            spellCheck={false}
            type={shown ? 'text' : 'password'}
            value={props.value}
          />
          <button
            aria-label={shown ? t('field.hidePassword') : t('field.showPassword')}
            className="link-button"
            onClick={() => setShown(!shown)}
            type="button"
          >
            {shown ? t('field.hide') : t('field.show')}
          </button>
        </div>
      )}
    </FieldFrame>
  );
}
