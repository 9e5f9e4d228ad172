// Ten codes for the day the phone is lost, shown this once: to print, to copy, to write down.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

export function NewRecoveryCodes({
  codes,
  onKept,
}: {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}) {
  const { t } = useTranslation('account');
  const [copied, setCopied] = useState(false);
  return (
    <div className="stack-wide">
      <p>{t('recoveryCodes.new')}</p>
      <ol aria-label={t('recoveryCodes.title')} className="recovery-codes">
        {codes.map((code) => (
          <li className="mono" key={code}>
            {code}
          </li>
        ))}
      </ol>
      <div className="row">
        <Button
          icon={copied ? 'tick' : 'copy'}
          onPress={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => setCopied(true))}
        >
          {t(copied ? 'recoveryCodes.copied' : 'recoveryCodes.copy')}
        </Button>
        <Button icon="document" onPress={() => print()}>
          {t('recoveryCodes.print')}
        </Button>
      </div>
      <Button look="primary" onPress={onKept} wide>
        {t('recoveryCodes.kept')}
      </Button>
    </div>
  );
}
