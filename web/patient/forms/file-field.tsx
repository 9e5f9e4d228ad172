// Choosing one file, or taking a picture with a phone. The whole control is the input, so every reader finds it.
import { FieldError } from '../../ui/text-field.tsx';
import { Icon } from '../../ui/icons.tsx';
import type { IconName } from '../../ui/icons.tsx';

export interface FileFieldProps {
  readonly id: string;
  /** What is to be chosen, for those who hear the page. */
  readonly label: string;
  /** The words on the control. */
  readonly words: string;
  readonly hint?: string | undefined;
  readonly icon: IconName;
  readonly accept: string;
  readonly chosen?: string | undefined;
  readonly error?: string | undefined;
  readonly onChoose: (file: File) => void;
}

export function FileField(props: FileFieldProps) {
  const { id, label, words, hint, icon, accept, chosen, error, onChoose } = props;
  const described = [
    hint === undefined ? undefined : `${id}-hint`,
    chosen === undefined ? undefined : `${id}-chosen`,
    error === undefined ? undefined : `${id}-error`,
  ].filter((each) => each !== undefined);
  return (
    <div className="field">
      {hint === undefined ? null : (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div>
        <label className="button button-plain file-choose">
          <Icon name={icon} size={20} />
          <span aria-hidden="true">{words}</span>
          <input
            accept={accept}
            aria-describedby={described.length === 0 ? undefined : described.join(' ')}
            aria-invalid={error !== undefined}
            aria-label={`${label}: ${words}`}
            id={id}
            onChange={(event) => {
              const file = event.target.files?.[0];
              // The same file may be chosen again after a failure.
              event.target.value = '';
              if (file) onChoose(file);
            }}
            type="file"
          />
        </label>
      </div>
      {chosen === undefined ? null : (
        <p id={`${id}-chosen`} role="status">
          {chosen}
        </p>
      )}
      <FieldError error={error} id={id} />
    </div>
  );
}
