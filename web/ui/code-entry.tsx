// A one-time code: one real field, drawn as six boxes. Pasting works, the digits stay when they were wrong.
import { useId } from 'react';
import type { ReactNode } from 'react';
import { FieldError, FieldFrame } from './text-field.tsx';
import './code-entry.css';

const LENGTH = 6;

export interface CodeEntryProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Digits only. */
  readonly value: string;
  readonly onChange: (digits: string) => void;
}

export function CodeEntry({ label, hint, error, value, onChange }: CodeEntryProps) {
  const id = useId();
  return (
    <div className="code-entry">
      <FieldFrame hint={hint} id={id} label={label}>
        {(describedBy) => (
          <div className="code-boxes">
            <input
              aria-describedby={error === undefined ? describedBy : `${describedBy ?? ''} ${id}-error`.trim()}
              aria-invalid={error !== undefined}
              autoComplete="one-time-code"
              id={id}
              inputMode="numeric"
              maxLength={LENGTH * 2}
              onChange={(event) => onChange(digitsOf(event.target.value))}
              spellCheck={false}
              type="text"
              value={value}
            />
            <span aria-hidden="true" className="code-drawn">
              {Array.from({ length: LENGTH }, (_, place) => (
                // oxlint-disable-next-line react/no-array-index-key -- six places that never move
                <span data-next={place === value.length ? '' : undefined} key={place}>
                  {value[place] ?? ''}
                </span>
              ))}
            </span>
          </div>
        )}
      </FieldFrame>
      <FieldError error={error} id={id} />
    </div>
  );
}

/** What was typed or pasted, also with spaces or in Devanagari digits. */
function digitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x0966))
    .replace(/\D/g, '')
    .slice(0, LENGTH);
}
