// A long value for experts, in even letters, with a button that copies it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import './copy-value.css';

export interface CopyValueProps {
  readonly label: string;
  /** What is copied, whole. */
  readonly value: string;
  /** What is shown, when the whole is too long. */
  readonly shown?: string | undefined;
}

export function CopyValue({ label, value, shown }: CopyValueProps) {
  const { t } = useTranslation('common');
  const [copied, setCopied] = useState(false);
  return (
    <li className="copy-value">
      <div>
        <p className="copy-value-label">
          {label} <span role="status">{copied ? `· ${t('act.copied')}` : ''}</span>
        </p>
        <p className="mono">{shown ?? value}</p>
      </div>
      <IconButton
        icon={copied ? 'tick' : 'copy'}
        label={t('act.copy', { what: label })}
        onPress={() => {
          navigator.clipboard.writeText(value).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      />
    </li>
  );
}
