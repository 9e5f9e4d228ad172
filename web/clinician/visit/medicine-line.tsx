// One prescribed medicine: read as a line, opened to be changed, with what speaks against it underneath.
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prescribed } from '../../../core/visit/draft.ts';
import { doseUnits, routes } from '../../../core/visit/draft.ts';
import { numberIn } from '../../../core/visit/problems.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Tick } from '../../ui/choice.tsx';

export interface MedicineLineProps {
  readonly of: Prescribed;
  readonly wrong: boolean;
  readonly onChange: (one: Prescribed) => void;
  readonly onRemove: () => void;
}

export function MedicineLine({ of, wrong, onChange, onRemove }: MedicineLineProps) {
  const { t } = useTranslation('visit');
  const [open, setOpen] = useState(false);
  const count = (text: string): number => numberIn(text) ?? 0;
  const said = [
    of.dose === '' ? t('line.noDose') : `${of.dose}\u00a0${t(`unit.${of.unit}`)}`,
    ...(of.perDay === '' ? [] : [t('line.times', { count: count(of.perDay) })]),
    ...(of.asNeeded ? [t('line.asNeeded').toLocaleLowerCase()] : []),
    ...(of.route === '' ? [] : [t(`route.${of.route}`).toLocaleLowerCase()]),
    ...(of.note === '' ? [] : [of.note]),
  ].join(', ');
  return (
    <div className="visit-line">
      <div className="visit-line-head">
        <strong>{of.text}</strong>
        <span>{said}</span>
        <span>{of.days === '' ? '' : t('line.for', { count: count(of.days) })}</span>
        <Button
          expanded={open}
          label={t(open ? 'line.doneOf' : 'line.editOf', { name: of.text })}
          look="link"
          onPress={() => setOpen(!open)}
        >
          {t(open ? 'line.done' : 'line.edit')}
        </Button>
        <IconButton icon="cross" label={t('remove', { name: of.text })} onPress={onRemove} />
      </div>
      {wrong ? <p className="field-error">{t('line.wrong')}</p> : null}
      {open ? <LineFields of={of} onChange={onChange} /> : null}
    </div>
  );
}

function LineFields({ of, onChange }: Pick<MedicineLineProps, 'of' | 'onChange'>) {
  const { t } = useTranslation('visit');
  const text = (name: 'text' | 'dose' | 'perDay' | 'days' | 'note', label: string, numeric = true) => (
    <Small label={label}>
      {(id) => (
        <input
          id={id}
          inputMode={numeric ? 'decimal' : 'text'}
          maxLength={numeric ? 10 : 200}
          onChange={(event) =>
            onChange({ ...of, [name]: event.target.value, ...(name === 'text' ? { codes: [] } : {}) })
          }
          value={of[name]}
        />
      )}
    </Small>
  );
  return (
    <div className="visit-line-fields">
      {text('text', t('line.name'), false)}
      {text('dose', t('line.dose'))}
      <Small label={t('line.unit')}>
        {(id) => (
          <select
            id={id}
            onChange={(event) =>
              onChange({ ...of, unit: doseUnits.find((unit) => unit === event.target.value) ?? of.unit })
            }
            value={of.unit}
          >
            {doseUnits.map((unit) => (
              <option key={unit} value={unit}>
                {t(`unit.${unit}`)}
              </option>
            ))}
          </select>
        )}
      </Small>
      {text('perDay', t('line.perDay'))}
      {text('days', t('line.days'))}
      <Small label={t('line.route')}>
        {(id) => (
          <select
            id={id}
            onChange={(event) =>
              onChange({ ...of, route: routes.find((route) => route === event.target.value) ?? '' })
            }
            value={of.route}
          >
            <option value="">{t('route.none')}</option>
            {routes.map((route) => (
              <option key={route} value={route}>
                {t(`route.${route}`)}
              </option>
            ))}
          </select>
        )}
      </Small>
      {text('note', t('line.note'), false)}
      <Tick
        checked={of.asNeeded}
        label={t('line.asNeeded')}
        onChange={(asNeeded) => onChange({ ...of, asNeeded })}
      />
    </div>
  );
}

/** A field with a small label above. */
export function Small({
  label,
  spoken,
  children,
}: {
  readonly label: string;
  /** For those who hear it, where the label is short. */
  readonly spoken?: string | undefined;
  readonly children: (id: string) => React.ReactNode;
}) {
  const id = useId();
  return (
    <div className="visit-small">
      <label htmlFor={id}>
        {spoken === undefined ? (
          label
        ) : (
          <>
            <span aria-hidden="true">{label}</span>
            <span className="visually-hidden">{spoken}</span>
          </>
        )}
      </label>
      <div className="field-box">{children(id)}</div>
    </div>
  );
}
