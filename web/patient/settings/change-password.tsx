// A new password. Every other device is signed out by it, and the page says so before.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChangePassword } from '../../api/account.ts';
import { ApiError } from '../../api/client.ts';
import { LEAST_PASSWORD_LENGTH, useProblemWords } from '../../api/problem-words.ts';
import { useSignedIn } from '../../api/session.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { PasswordField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useFocusInvalid } from './focus-invalid.ts';
import { isWrongPassword } from './proof.tsx';

export function ChangePassword() {
  const { t } = useTranslation('account');
  const [isOpen, setOpen] = useState(false);
  return (
    <Section title={t('password.title')}>
      <div className="stack">
        <p>{t('password.what')}</p>
        <Button onPress={() => setOpen(true)}>{t('password.change')}</Button>
      </div>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('password.ask')}>
        <PasswordForm
          onChanged={() => {
            setOpen(false);
            announceDone(t('password.changed'));
          }}
        />
      </Sheet>
    </Section>
  );
}

function PasswordForm({ onChanged }: { readonly onChanged: () => void }) {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const { login } = useSignedIn().account;
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const { error } = change;
  const form = useFocusInvalid(error);
  const isShort = Array.from(next).length < LEAST_PASSWORD_LENGTH;
  const nextRefused =
    error instanceof ApiError && error.code.startsWith('password-') && !isWrongPassword(error);
  const missing =
    current === '' ? t('password.currentMissing') : next === '' ? t('password.nextMissing') : undefined;
  return (
    <form
      className="stack-wide"
      ref={form}
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (missing === undefined && !isShort && !change.isPending) {
          change.mutate({ current, next }, { onSuccess: onChanged });
        }
      }}
    >
      {error !== null && !nextRefused && !isWrongPassword(error) ? (
        <ErrorBand title={t('password.failed')}>{problemWords(error)}</ErrorBand>
      ) : null}
      <input autoComplete="username" hidden name="login" readOnly value={login} />
      <PasswordField
        autoComplete="current-password"
        error={error !== null && isWrongPassword(error) ? t('proof.wrong') : undefined}
        label={t('password.current')}
        onChange={(value) => {
          setCurrent(value);
          change.reset();
        }}
        value={current}
      />
      <PasswordField
        autoComplete="new-password"
        error={
          tried && next !== '' && isShort
            ? t('password.short', { least: LEAST_PASSWORD_LENGTH })
            : nextRefused
              ? problemWords(error)
              : undefined
        }
        hint={t('password.hint', { least: LEAST_PASSWORD_LENGTH })}
        label={t('password.next')}
        onChange={(value) => {
          setNext(value);
          change.reset();
        }}
        value={next}
      />
      <p className="quiet">{t('password.others')}</p>
      <Button busy={change.isPending && t('saving')} look="primary" missing={missing} type="submit" wide>
        {t('password.act')}
      </Button>
    </form>
  );
}
