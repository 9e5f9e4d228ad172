// The second step after a right password: one way at a time, the others a press away. What is done with a code is the page's.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { CodeEntry } from './code-entry.tsx';
import { TextField } from './text-field.tsx';
import './second-step.css';

export type StepFactor = 'totp' | 'passkey' | 'mail' | 'recovery-code';
type CodeFactor = Exclude<StepFactor, 'passkey'>;

export interface SecondStepProps {
  readonly factors: readonly StepFactor[];
  /** The dialogue with a passkey, where this browser has one. */
  readonly passkey?: ReactNode;
  readonly onCode: (factor: CodeFactor, code: string) => void;
  readonly onSendMail: () => Promise<unknown>;
  readonly busy: boolean;
  /** What was wrong with the code, in words. */
  readonly problem?: string | undefined;
  readonly onTyped: () => void;
}

export function SecondStep({
  factors,
  passkey,
  onCode,
  onSendMail,
  busy,
  problem,
  onTyped,
}: SecondStepProps) {
  const { t } = useTranslation('common');
  const [chosen, setChosen] = useState<StepFactor>(factors[0] ?? 'totp');
  const [code, setCode] = useState('');
  const [sent, setSent] = useState<'no' | 'sending' | 'yes' | 'failed'>('no');
  const type = (value: string): void => {
    setCode(value);
    onTyped();
  };
  const choose = (factor: StepFactor): void => {
    setChosen(factor);
    type('');
  };
  const sendMail = async (): Promise<void> => {
    setSent('sending');
    await onSendMail().then(
      () => setSent('yes'),
      () => setSent('failed'),
    );
  };
  const isWhole = chosen === 'recovery-code' ? code.replace(/[\s-]/g, '').length === 12 : code.length === 6;
  const canType = chosen !== 'mail' || sent === 'yes';
  return (
    <div className="stack-wide">
      {chosen === 'passkey' ? (
        <>
          <p>{t('second.passkey')}</p>
          {passkey}
        </>
      ) : (
        <form
          className="stack-wide"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (isWhole && !busy && canType) onCode(chosen, code);
          }}
        >
          {chosen === 'mail' ? (
            <div className="stack">
              <p aria-live="polite">
                {t(
                  sent === 'yes'
                    ? 'second.mailSent'
                    : sent === 'failed'
                      ? 'second.mailFailed'
                      : 'second.mail',
                )}
              </p>
              <div className="row">
                <Button busy={sent === 'sending' && t('second.mailSending')} onPress={() => void sendMail()}>
                  {t(sent === 'yes' ? 'second.mailAgain' : 'second.mailSend')}
                </Button>
              </div>
            </div>
          ) : null}
          {!canType ? null : chosen === 'recovery-code' ? (
            <TextField
              autoCapitalize="none"
              autoComplete="off"
              error={problem}
              hint={t('second.recoveryHint')}
              label={t('second.recovery')}
              maxLength={40}
              name="recovery-code"
              onChange={type}
              spellCheck={false}
              value={code}
            />
          ) : (
            <CodeEntry
              error={problem}
              hint={t(chosen === 'totp' ? 'second.totpHint' : 'second.mailHint')}
              label={t(chosen === 'totp' ? 'second.totp' : 'second.mailCode')}
              onChange={type}
              value={code}
            />
          )}
          {canType ? (
            <Button
              busy={busy && t('second.checking')}
              look="primary"
              missing={isWhole ? undefined : t('second.missing')}
              type="submit"
              wide
            >
              {t('second.goOn')}
            </Button>
          ) : null}
        </form>
      )}
      {factors.length > 1 ? (
        <div className="second-others">
          <p className="quiet small">{t('second.others')}</p>
          <ul className="second-ways">
            {factors
              .filter((factor) => factor !== chosen && (factor !== 'passkey' || passkey !== undefined))
              .map((factor) => (
                <li key={factor}>
                  <Button look="link" onPress={() => choose(factor)}>
                    {t(`second.way.${factor}`)}
                  </Button>
                </li>
              ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
