// What can be switched on or off about the whole card: photo, birth date, the plain-text code, telling the contacts.
import { useTranslation } from 'react-i18next';
import type { CardSettings } from '../../../core/card/card-settings.ts';
import { useChangeSettings } from '../../api/card.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { SettingTick } from './setting-tick.tsx';

const SWITCHES = ['showPhoto', 'showBirthDate', 'tellContacts', 'silentOwnScans', 'plainTextCode'] as const;

export function CardSwitches({ settings }: { readonly settings: CardSettings }) {
  const { t } = useTranslation('card');
  const problemWords = useProblemWords();
  const change = useChangeSettings();
  return (
    <>
      {change.isError ? (
        <ErrorBand key={change.failureCount} title={t('shows.failed')}>
          {problemWords(change.error)}
        </ErrorBand>
      ) : null}
      <ul className="rows">
        {SWITCHES.map((name) => (
          <li key={name}>
            <SettingTick
              checked={settings[name]}
              hint={t(`switch.${name}.hint`)}
              label={t(`switch.${name}`)}
              onChange={(isOn) => change.mutate({ [name]: isOn })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
