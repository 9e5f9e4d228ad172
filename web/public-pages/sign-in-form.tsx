// Signing in with phone number or e-mail and password, and the second step where there is one. What was typed stays when it fails.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sendSignInCode, useSignInSecond } from '../api/factors.ts';
import type { SecondStep as Step } from '../api/factors.ts';
import { passkeysWorkHere, useSignInWithPasskey } from '../api/passkeys.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { useSignIn } from '../api/session.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { SecondStep } from '../ui/second-step.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';

export function SignInForm({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tries, setTries] = useState(0);
  const [step, setStep] = useState<Step>();
  const loginMissing = tries > 0 && login.trim() === '';
  const passwordMissing = tries > 0 && password === '';
  if (step !== undefined)
    return <SecondStepOfSignIn onSignedIn={onSignedIn} onOver={() => setStep(undefined)} step={step} />;
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
          signIn.mutate(
            { login: login.trim(), password },
            {
              onSuccess: (answer) => {
                if (!('secondStep' in answer)) return onSignedIn();
                setPassword('');
                setStep(answer.secondStep);
              },
            },
          );
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

function SecondStepOfSignIn({
  step,
  onSignedIn,
  onOver,
}: {
  readonly step: Step;
  readonly onSignedIn: () => void;
  readonly onOver: () => void;
}) {
  const { t } = useTranslation('common');
  const problemWords = useProblemWords();
  const second = useSignInSecond();
  return (
    <div className="stack-wide">
      <h2>{t('second.title')}</h2>
      <SecondStep
        busy={second.isPending}
        factors={step.factors}
        onCode={(factor, code) =>
          second.mutate({ token: step.token, factor, code }, { onSuccess: onSignedIn })
        }
        onSendMail={() => sendSignInCode(step.token)}
        onTyped={() => second.reset()}
        passkey={passkeysWorkHere() ? <PasskeySignIn onSignedIn={onSignedIn} /> : undefined}
        problem={second.isError ? problemWords(second.error) : undefined}
      />
      <Button look="link" onPress={onOver}>
        {t('act.back')}
      </Button>
    </div>
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
