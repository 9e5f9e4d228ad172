// One question of a form as a field of the page. Knows nothing of what the form is about.
import { useTranslation } from 'react-i18next';
import type { QuestionnaireItem } from '@medplum/fhirtypes';
import { useLanguage } from '../i18n/texts.ts';
import { Choice, ManyChoice, SelectField } from './choice.tsx';
import { DateField } from './date-field.tsx';
import { TextField } from './text-field.tsx';
import { badDate, unitOf, wordsOf } from './form-answers.ts';

export interface FormQuestionProps {
  readonly item: QuestionnaireItem;
  readonly id: string;
  readonly values: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (values: readonly string[]) => void;
}

/** More than these are a list of the device. */
const MOST_ROWS = 8;

export function FormQuestion({ item, id, values, error, onChange }: FormQuestionProps) {
  const { t } = useTranslation('forms');
  const language = useLanguage();
  const label = wordsOf(item, 'text', language);
  const shared = { id, label, error, optional: item.required !== true };
  const [first = ''] = values;
  // What a form has no widget for is written as text.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the default is meant
  switch (item.type) {
    case 'boolean':
      return (
        <Choice
          {...shared}
          onChange={(value) => onChange([value])}
          options={[
            { value: 'yes', label: t('yes') },
            { value: 'no', label: t('no') },
          ]}
          side
          value={first === 'yes' || first === 'no' ? first : undefined}
        />
      );
    case 'date':
      return (
        <DateField
          {...shared}
          allowFuture
          initial={first === '' || first === badDate ? undefined : first}
          onChange={(reading) =>
            onChange(reading.kind === 'date' ? [reading.value] : reading.kind === 'empty' ? [] : [badDate])
          }
        />
      );
    case 'choice':
    case 'open-choice':
      return <Options {...shared} item={item} onChange={onChange} values={values} />;
    case 'decimal':
    case 'integer':
      return (
        <TextField
          {...shared}
          inputMode={item.type === 'decimal' ? 'decimal' : 'numeric'}
          maxLength={12}
          onChange={(value) => onChange([value])}
          suffix={unitOf(item)}
          value={first}
        />
      );
    default: {
      const several = item.repeats === true;
      const text = several ? values.join('\n') : first;
      return (
        <TextField
          {...shared}
          hint={several ? t('onePerLine') : undefined}
          lines={several || item.type === 'text' ? 3 : undefined}
          maxLength={item.maxLength}
          onChange={(value) => onChange(several ? value.split('\n') : [value])}
          value={text}
        />
      );
    }
  }
}

interface OptionsProps extends FormQuestionProps {
  readonly label: string;
  readonly optional: boolean;
}

function Options({ item, values, onChange, ...shared }: OptionsProps) {
  const { t } = useTranslation('forms');
  const language = useLanguage();
  const options = (item.answerOption ?? []).flatMap(({ valueCoding }) =>
    valueCoding?.code === undefined
      ? []
      : [{ value: valueCoding.code, label: wordsOf(valueCoding, 'display', language) }],
  );
  const known = new Set(options.map(({ value }) => value));
  const chosen = values.filter((value) => known.has(value));
  if (item.repeats === true)
    return <ManyChoice {...shared} onChange={onChange} options={options} side values={chosen} />;
  const [value] = chosen;
  const own = values.find((one) => !known.has(one)) ?? '';
  return (
    <>
      {options.length > MOST_ROWS ? (
        <SelectField
          {...shared}
          onChange={(next) => onChange(next === undefined ? [] : [next])}
          options={options}
          value={value}
        />
      ) : (
        <Choice {...shared} onChange={(next) => onChange([next])} options={options} side value={value} />
      )}
      {item.type === 'open-choice' ? (
        <TextField
          id={`${shared.id}-own`}
          label={t('orElse', { what: shared.label })}
          maxLength={500}
          onChange={(next) => onChange([next])}
          optional
          value={own}
        />
      ) : null}
    </>
  );
}
