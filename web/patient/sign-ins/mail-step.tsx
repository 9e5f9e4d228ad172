// Codes by mail as a second step: the code that was just sent shows that mail arrives.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useConfirmMailStep } from '../../api/factors.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { Button } from '../../ui/button.tsx';
import { CodeEntry } from '../../ui/code-entry.tsx';

export interface MailStepFormProps {
  readonly token: string;
  readonly prove: <Result>(act: () => Promise<Result>) => Promise<Result>;
  readonly onDone: (recoveryCodes: readonly string[]) => void;
}

export function MailStepForm({ token, prove, onDone }: MailStepFormProps) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const confirm = useConfirmMailStep();
  const [code, setCode] = useState('');
  const [failure, setFailure] = useState<Error>();
  const isWrong = failure instanceof ApiError && failure.code === 'code-wrong';
  return (
    <form
      className="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length !== 6 || confirm.isPending) return;
        prove(() => confirm.mutateAsync({ token, code })).then(
          ({ recoveryCodes }) => onDone(recoveryCodes),
          (caught: unknown) => setFailure(caught as Error),
        );
      }}
    >
      <p>{t('mailStep.sent')}</p>
      <CodeEntry
        error={failure === undefined ? undefined : isWrong ? t('totp.wrong') : problemWords(failure)}
        hint={t('mailStep.hint')}
        label={t('mailStep.code')}
        onChange={(value) => {
          setCode(value);
          setFailure(undefined);
        }}
        value={code}
      />
      <Button
        busy={confirm.isPending && t('proof.checking')}
        look="primary"
        missing={code.length === 6 ? undefined : t('mailStep.missing')}
        type="submit"
        wide
      >
        {t('mailStep.act')}
      </Button>
    </form>
  );
}
