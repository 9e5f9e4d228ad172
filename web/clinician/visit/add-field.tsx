// Adding to a list by typing: the best match is taken by Enter, the arrows choose another, own words are always the last of the list. The
// hand stays on the keyboard.
import { useId, useRef, useState } from 'react';
import { Icon } from '../../ui/icons.tsx';

export interface AddOption<Value> {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: Value;
}

export interface AddFieldProps<Value> {
  readonly label: string;
  readonly placeholder: string;
  /** For what is typed: the best first; own words are among them. */
  readonly find: (typed: string) => readonly AddOption<Value>[];
  readonly onAdd: (value: Value) => void;
  /** For what is searched elsewhere by what is typed. */
  readonly onTyped?: ((typed: string) => void) | undefined;
  readonly id?: string | undefined;
}

export function AddField<Value>({ label, placeholder, find, onAdd, onTyped, id }: AddFieldProps<Value>) {
  const ownId = useId();
  const fieldId = id ?? ownId;
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const options = typed.trim() === '' ? [] : find(typed);
  const shown = open && options.length > 0;
  const add = (option: AddOption<Value> | undefined): void => {
    if (option === undefined) return;
    onAdd(option.value);
    setTyped('');
    setOpen(false);
    input.current?.focus();
  };
  return (
    <div className="visit-add">
      <div className="field-box">
        <Icon name="plus" size={18} />
        <input
          aria-activedescendant={shown ? `${fieldId}-${at}` : undefined}
          aria-autocomplete="list"
          aria-controls={`${fieldId}-list`}
          aria-expanded={shown}
          aria-label={label}
          autoCapitalize="none"
          autoComplete="off"
          id={fieldId}
          maxLength={300}
          onBlur={() => setOpen(false)}
          onChange={(event) => {
            setTyped(event.target.value);
            onTyped?.(event.target.value);
            setAt(0);
            setOpen(true);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault();
              const step = event.key === 'ArrowDown' ? 1 : -1;
              setOpen(true);
              setAt((at + step + options.length) % Math.max(1, options.length));
            } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
              add(options[at]);
            } else if (event.key === 'Escape' && shown) {
              event.stopPropagation();
              setOpen(false);
            }
          }}
          placeholder={placeholder}
          ref={input}
          role="combobox"
          spellCheck={false}
          value={typed}
        />
      </div>
      <ul
        className="list-box visit-options"
        hidden={!shown}
        id={`${fieldId}-list`}
        role="listbox"
        aria-label={label}
      >
        {shown
          ? options.map((option, index) => (
              <li
                aria-selected={index === at}
                className="list-item"
                data-focused={index === at ? '' : undefined}
                id={`${fieldId}-${index}`}
                key={option.id}
                // The field keeps the focus, so that it goes on from there.
                onMouseDown={(event) => {
                  event.preventDefault();
                  add(option);
                }}
                role="option"
              >
                {option.label}
                {option.hint === undefined ? null : <span className="list-item-hint">{option.hint}</span>}
              </li>
            ))
          : null}
      </ul>
    </div>
  );
}
