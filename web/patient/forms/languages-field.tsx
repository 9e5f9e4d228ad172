// The languages somebody speaks, the best first: chosen from a list, one after the other.
import { useTranslation } from 'react-i18next';
import { languageEntry, languages } from '../../../core/record/code-lists/languages.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { IconButton } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { Rows } from '../../ui/section.tsx';
import { entryLabel } from './code-field.tsx';

export interface LanguagesFieldProps {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly id: string;
  readonly error: string | undefined;
}

export function LanguagesField({ values, onChange, id, error }: LanguagesFieldProps) {
  const { t } = useTranslation('patient-forms');
  const language = useLanguage();
  const nameOf = (code: string): string => {
    const entry = languageEntry(code);
    return entry === undefined ? code : entryLabel(entry, language);
  };
  return (
    <div className="stack">
      <SelectField
        error={error}
        hint={t('identity.languagesHint')}
        id={id}
        label={t('identity.languages')}
        onChange={(code) => {
          if (code !== undefined) onChange([...values, code]);
        }}
        optional
        options={languages
          .filter((entry) => !values.some((code) => languageEntry(code)?.id === entry.id))
          .map((entry) => ({ value: entry.id, label: entryLabel(entry, language) }))}
        value={undefined}
      />
      {values.length === 0 ? null : (
        <div className="chosen-languages">
          <Rows label={t('identity.chosenLanguages')}>
            {values.map((code) => (
              <li key={code}>
                <span>{nameOf(code)}</span>
                <IconButton
                  icon="cross"
                  label={t('identity.removeLanguage', { language: nameOf(code) })}
                  onPress={() => onChange(values.filter((one) => one !== code))}
                />
              </li>
            ))}
          </Rows>
        </div>
      )}
    </div>
  );
}
