// The two choices everybody has everywhere: language and colours.
import { useTranslation } from 'react-i18next';
import type { Language } from '../i18n/format.ts';
import { chooseLanguage, useLanguage } from '../i18n/texts.ts';
import { chooseTheme, useTheme } from './theme.ts';
import type { Theme } from './theme.ts';
import './preferences.css';

/** One press to the other language, named in that language. */
export function LanguageSwitch() {
  const { t } = useTranslation('common');
  const language = useLanguage();
  const other: Language = language === 'en' ? 'hi' : 'en';
  return (
    <button className="language-switch" lang={other} onClick={() => void chooseLanguage(other)} type="button">
      {other === 'hi' ? t('language.hi') : t('language.en')}
    </button>
  );
}

const THEMES = [
  ['system', 'theme.system'],
  ['light', 'theme.light'],
  ['dark', 'theme.dark'],
] as const satisfies readonly (readonly [Theme, string])[];

/** Colours as the device says, light, or dark. */
export function ThemeSwitch() {
  const { t } = useTranslation('common');
  const theme = useTheme();
  return (
    <fieldset className="segments">
      <legend>{t('theme')}</legend>
      <div>
        {THEMES.map(([value, words]) => (
          <label key={value}>
            <input
              checked={theme === value}
              name="theme"
              onChange={() => chooseTheme(value)}
              type="radio"
              value={value}
            />
            <span>{t(words)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface LanguageChoiceProps {
  /** For instance to keep the choice with the account. */
  readonly onChosen?: ((language: Language) => void) | undefined;
}

/** The same two languages spelled out: for the settings page. */
export function LanguageChoice({ onChosen }: LanguageChoiceProps) {
  const { t } = useTranslation('common');
  const language = useLanguage();
  return (
    <fieldset className="segments">
      <legend>{t('language')}</legend>
      <div>
        {(['en', 'hi'] as const).map((value) => (
          <label key={value}>
            <input
              checked={language === value}
              name="language"
              onChange={() => {
                void chooseLanguage(value);
                onChosen?.(value);
              }}
              type="radio"
              value={value}
            />
            <span lang={value}>{value === 'en' ? t('language.en') : t('language.hi')}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
