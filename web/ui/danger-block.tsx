// What can kill, in order of how fast: word and octagon first, red second. The only large red area there is.
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/texts.ts';
import { Icon } from './icons.tsx';
import './danger-block.css';

export interface DangerLine {
  readonly noun: string;
  readonly instruction?: string | undefined;
}

export interface DangerBlockProps {
  readonly lines: readonly DangerLine[];
  /** One strip, sticky under the person's name; wraps, never cuts a word off. */
  readonly compact?: boolean | undefined;
}

export function DangerBlock({ lines, compact }: DangerBlockProps) {
  const { t } = useTranslation('common');
  const other = useLanguage() === 'hi' ? 'en' : 'hi';
  return (
    <section
      aria-label={t('danger')}
      className="danger-block"
      data-compact={compact === true ? '' : undefined}
    >
      <p className="danger-head">
        <Icon name="octagon" size={compact === true ? 20 : 24} />
        <strong>{t('danger')}</strong>
        {compact === true ? null : <span lang={other}>{t('danger.other')}</span>}
      </p>
      <ul className="danger-lines">
        {lines.map((line) => (
          <li key={line.noun}>
            <strong>{line.noun}</strong>
            {line.instruction === undefined ? null : <span> {line.instruction}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
