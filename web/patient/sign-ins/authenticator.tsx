// The authenticator app: its secret shown once as QR and as text, proved by a code; then codes for the day the phone is lost.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useConfirmTotp } from '../../api/factors.ts';
import type { NewTotp } from '../../api/factors.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeEntry } from '../../ui/code-entry.tsx';
import { CopyValue } from '../../ui/copy-value.tsx';

export interface AuthenticatorFormProps {
  readonly begun: NewTotp;
  readonly prove: <Result>(act: () => Promise<Result>) => Promise<Result>;
  /** With the new codes for a lost phone, where there were none. */
  readonly onDone: (recoveryCodes: readonly string[]) => void;
}

export function AuthenticatorForm({ begun, prove, onDone }: AuthenticatorFormProps) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const confirm = useConfirmTotp();
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Error>();
  const isWrong = failure instanceof ApiError && failure.code === 'code-wrong';
  const act = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const { recoveryCodes } = await prove(() => confirm.mutateAsync(code));
      onDone(recoveryCodes);
    } catch (caught) {
      setFailure(caught as Error);
    }
  };
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === 6 && !confirm.isPending) void act();
      }}
    >
      <p>{t('totp.how')}</p>
      <div className="totp-secret">
        <svg
          aria-label={t('totp.picture')}
          className="totp-code"
          role="img"
          shapeRendering="crispEdges"
          viewBox={`0 0 ${begun.code.size} ${begun.code.size}`}
        >
          <path d={begun.code.path} />
        </svg>
        <div className="stack">
          <p className="quiet">{t('totp.noCamera')}</p>
          <ul className="totp-text">
            <CopyValue
              label={t('totp.secret')}
              shown={begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}
              value={begun.secret}
            />
          </ul>
        </div>
      </div>
      {failure === undefined || isWrong ? null : (
        <ErrorBand title={t('totp.notAdded')}>{problemWords(failure)}</ErrorBand>
      )}
      <CodeEntry
        error={isWrong ? t('totp.wrong') : undefined}
        hint={t('totp.codeHint')}
        label={t('totp.code')}
        onChange={(value) => {
          setCode(value);
          setFailure(undefined);
        }}
        value={code}
      />
      <Button
        busy={confirm.isPending && t('proof.checking')}
        look="primary"
        missing={code.length === 6 ? undefined : t('totp.missing')}
        type="submit"
        wide
      >
        {t('totp.act')}
      </Button>
    </form>
  );
}
