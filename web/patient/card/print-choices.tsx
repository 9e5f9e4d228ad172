// Every form in which the card can be printed or saved. Each is drawn by the server from the same facts.
import { useTranslation } from 'react-i18next';
import { printHref } from '../../api/card.ts';
import type { PrintForm } from '../../api/card.ts';
import { useLanguage } from '../../i18n/texts.ts';
import type { IconName } from '../../ui/icons.tsx';
import { NextRow, Rows } from '../../ui/section.tsx';

const CHOICES: readonly (readonly [PrintForm, IconName])[] = [
  ['sheet', 'print'],
  ['wristband', 'person'],
  ['fridge', 'document'],
  ['lockScreen', 'phone'],
  ['picture', 'download'],
  ['card', 'card'],
];

export function PrintChoices() {
  const { t } = useTranslation('card');
  const language = useLanguage();
  return (
    <Rows>
      {CHOICES.map(([form, icon]) => (
        <NextRow
          detail={t(`print.${form}.detail`)}
          href={printHref(form, language)}
          icon={icon}
          key={form}
          newTab
          title={t(`print.${form}`)}
        />
      ))}
    </Rows>
  );
}
