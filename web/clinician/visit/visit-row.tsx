// One row of the visit: its name at the left, what is written at the right.
import type { ReactNode } from 'react';
import { useId } from 'react';
import { IconButton } from '../../ui/button.tsx';
import type { Named } from '../../../core/visit/draft.ts';

export interface VisitRowProps {
  readonly label: string;
  readonly note?: ReactNode;
  /** Of the one field in it; without, the row is a group. */
  readonly htmlFor?: string | undefined;
  readonly children: ReactNode;
}

export function VisitRow({ label, note, htmlFor, children }: VisitRowProps) {
  const id = useId();
  const group = htmlFor === undefined;
  return (
    <div aria-labelledby={group ? id : undefined} className="visit-row" role={group ? 'group' : undefined}>
      <div className="visit-row-label">
        {group ? <span id={id}>{label}</span> : <label htmlFor={htmlFor}>{label}</label>}
        {note === undefined ? null : <span className="visit-row-note">{note}</span>}
      </div>
      <div className="visit-row-field">{children}</div>
    </div>
  );
}

/** Words of one or several lines. */
export function WordsRow(props: {
  readonly id: string;
  readonly label: string;
  readonly note?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string | undefined;
}) {
  return (
    <VisitRow htmlFor={props.id} label={props.label} note={props.note}>
      <div className="field-box visit-words">
        <textarea
          id={props.id}
          maxLength={5000}
          onChange={(event) => props.onChange(event.target.value)}
          placeholder={props.placeholder}
          rows={1}
          value={props.value}
        />
      </div>
    </VisitRow>
  );
}

/** What was added, each with its way out. */
export function NamedList<One extends Named>(props: {
  readonly of: readonly One[];
  readonly remove: (one: One) => string;
  readonly onRemove: (one: One) => void;
  readonly renderDetail?: (one: One) => ReactNode;
}) {
  if (props.of.length === 0) return null;
  return (
    <ul className="visit-named">
      {props.of.map((one) => (
        <li key={one.key}>
          <span className="visit-named-words">
            <strong>{one.text}</strong>
            {one.codes[0] === undefined ? null : (
              <span className="quiet small">{` ${systemName(one.codes[0].system)} ${one.codes[0].code}`}</span>
            )}
          </span>
          {props.renderDetail?.(one)}
          <IconButton icon="cross" label={props.remove(one)} onPress={() => props.onRemove(one)} />
        </li>
      ))}
    </ul>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  'http://snomed.info/sct': 'SNOMED CT',
  'http://hl7.org/fhir/sid/icd-10': 'ICD-10',
  'http://loinc.org': 'LOINC',
  'http://www.whocc.no/atc': 'ATC',
};
const systemName = (system: string): string => NAMES[system] ?? '';

/** Two ways, the chosen one pressed. */
export function Toggle(props: {
  readonly on: boolean;
  readonly label: string;
  readonly words: string;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <button
      aria-label={props.label}
      aria-pressed={props.on}
      className="visit-toggle"
      onClick={() => props.onChange(!props.on)}
      type="button"
    >
      {props.words}
    </button>
  );
}
