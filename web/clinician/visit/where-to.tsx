// Where a test that is ordered goes: the patient chooses, unless the clinician names a laboratory.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ordered, Place } from '../../../core/visit/draft.ts';
import { useLaboratories } from '../../api/orders.ts';
import { AddField } from './add-field.tsx';

export function WhereTo(props: {
  readonly of: Ordered;
  readonly onChange: (laboratory: Place | undefined) => void;
}) {
  const { t } = useTranslation('visit');
  const { of } = props;
  const [asking, setAsking] = useState(false);
  const name = of.laboratory?.name;
  return asking ? (
    <div className="visit-where">
      <Ask
        test={of.text}
        onChange={(laboratory) => {
          props.onChange(laboratory);
          setAsking(false);
        }}
      />
    </div>
  ) : (
    <button
      aria-label={
        name === undefined
          ? t('tests.whereOf', { test: of.text })
          : t('tests.goesToOf', { test: of.text, name })
      }
      aria-pressed={name !== undefined}
      className="visit-toggle"
      onClick={() => (name === undefined ? setAsking(true) : props.onChange(undefined))}
      type="button"
    >
      {name === undefined ? t('tests.patientChooses') : t('tests.goesTo', { name })}
    </button>
  );
}

function Ask(props: { readonly test: string; readonly onChange: (laboratory: Place | undefined) => void }) {
  const { t } = useTranslation(['visit', 'common']);
  const [typed, setTyped] = useState('');
  const found = useLaboratories(typed);
  return (
    <>
      <AddField
        find={() =>
          found.map(({ id, name, kinds }) => ({
            id,
            label: name,
            hint: kinds.map((kind) => t(`tests.kind.${kind}`)).join(', '),
            value: { id, name },
          }))
        }
        label={t('tests.laboratoryFor', { test: props.test })}
        onAdd={props.onChange}
        onTyped={setTyped}
        placeholder={t('tests.laboratoryHint')}
      />
      <button className="visit-toggle" onClick={() => props.onChange(undefined)} type="button">
        {t('tests.patientChooses')}
      </button>
    </>
  );
}
