// Signing in with phone number or e-mail and password. What was typed stays when it fails.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { passkeysWorkHere, useSignInWithPasskey } from '../api/passkeys.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useSignIn } from '../api/session.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';

export function SignInForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tries, setTries] = useState(0);
  const loginMissing = tries > 0 && login.trim() === '';
  const passwordMissing = tries > 0 && password === '';
  return (
    <form
      className="stack-wide"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTries(tries + 1);
        if (login.trim() === '') document.getElementById('sign-in-login')?.focus();
        else if (password === '') document.getElementById('sign-in-password')?.focus();
        else if (!signIn.isPending)
          signIn.mutate({ login: login.trim(), password }, { onSuccess: onSignedIn });
      }}
    >
      {signIn.isError ? (
        <ErrorBand key={tries} title={t('signIn.failed')}>
          {problemWords(signIn.error)}
        </ErrorBand>
      ) : null}
      <TextField
        autoCapitalize="none"
        autoComplete="username"
        error={loginMissing ? t('signIn.loginMissing') : undefined}
        id="sign-in-login"
        label={t('signIn.login')}
        maxLength={320}
        name="login"
        onChange={setLogin}
        spellCheck={false}
        value={login}
      />
      <PasswordField
        autoComplete="current-password"
        error={passwordMissing ? t('signIn.passwordMissing') : undefined}
        id="sign-in-password"
        label={t('signIn.password')}
        onChange={setPassword}
        value={password}
      />
      <Button busy={signIn.isPending && t('signIn.acting')} look="primary" type="submit" wide>
        {t('signIn.act')}
      </Button>
      <PasskeySignIn onSignedIn={onSignedIn} />
    </form>
  );
}

/** Nothing is typed: the device offers the accounts it knows. */
function PasskeySignIn({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const signIn = useSignInWithPasskey();
  if (!passkeysWorkHere()) return null;
  return (
    <div className="stack">
      {signIn.isError ? <ErrorBand title={t('signIn.failed')}>{problemWords(signIn.error)}</ErrorBand> : null}
      <Button
        busy={signIn.isPending && t('signIn.passkeyWaiting')}
        icon="key"
        onPress={() => signIn.mutate(undefined, { onSuccess: onSignedIn })}
        wide
      >
        {t('signIn.passkey')}
      </Button>
    </div>
  );
}
