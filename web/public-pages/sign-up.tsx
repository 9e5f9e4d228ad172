// Making an account: name, how to reach it, a password. The rest is asked afterwards, step by step.
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { LEAST_PASSWORD_LENGTH, useProblemWords } from '../api/problem-words.ts';
import { useSignUp } from '../api/session.ts';
import { paths } from '../paths.ts';
import { ErrorBand, FormProblems } from '../ui/band.tsx';
import type { FormProblem } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { PageTitle, Section } from '../ui/section.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import { OpenFrame } from './open-frame.tsx';
import './form-page.css';

const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  'name-invalid': 'sign-up-name',
  'login-taken': 'sign-up-login',
  'login-invalid': 'sign-up-login',
  'password-too-short': 'sign-up-password',
  'password-common': 'sign-up-password',
};

export function SignUpPage() {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const navigate = useNavigate();
  const signUp = useSignUp();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tries, setTries] = useState(0);
  const [hasChanged, setHasChanged] = useState(false);

  const length = Array.from(password).length;
  const problems: FormProblem[] = [];
  if (name.trim() === '') problems.push({ field: 'sign-up-name', message: t('signUp.nameMissing') });
  if (login.trim() === '') problems.push({ field: 'sign-up-login', message: t('signUp.loginMissing') });
  if (length < LEAST_PASSWORD_LENGTH) {
    const missing = LEAST_PASSWORD_LENGTH - length;
    problems.push({
      field: 'sign-up-password',
      message: t('signUp.passwordShort', { least: LEAST_PASSWORD_LENGTH, missing }),
    });
  }
  const refused =
    signUp.error instanceof ApiError && !hasChanged ? FIELD_OF_CODE[signUp.error.code] : undefined;
  const shown =
    problems.length === 0 && refused !== undefined
      ? [{ field: refused, message: problemWords(signUp.error) }]
      : problems;
  const errorOf = (field: string): string | undefined =>
    tries === 0 ? undefined : shown.find((each) => each.field === field)?.message;
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value);
    setHasChanged(true);
  };

  return (
    <OpenFrame>
      <div className="form-page">
        <PageTitle lead={t('signUp.lead')}>{t('signUp.title')}</PageTitle>
        <form
          className="open-sheet stack-wide"
          method="post"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setTries(tries + 1);
            if (problems.length > 0 || signUp.isPending) return;
            setHasChanged(false);
            signUp.mutate(
              { login: login.trim(), password, name: name.trim() },
              {
                onSuccess: () => void navigate({ href: paths.begin }),
                onSettled: () => setTries((before) => before + 1),
              },
            );
          }}
        >
          {tries > 0 && !signUp.isPending ? (
            signUp.isError && refused === undefined && problems.length === 0 && !hasChanged ? (
              <ErrorBand key={tries} title={t('signUp.failed')}>
                {problemWords(signUp.error)}
              </ErrorBand>
            ) : (
              <FormProblems key={tries} problems={shown} />
            )
          ) : null}
          <TextField
            autoCapitalize="words"
            autoComplete="name"
            error={errorOf('sign-up-name')}
            hint={t('signUp.nameHint')}
            id="sign-up-name"
            label={t('signUp.name')}
            maxLength={200}
            name="name"
            onChange={edit(setName)}
            value={name}
          />
          <TextField
            autoCapitalize="none"
            autoComplete="username"
            error={errorOf('sign-up-login')}
            hint={t('signUp.loginHint')}
            id="sign-up-login"
            label={t('signUp.login')}
            maxLength={320}
            name="login"
            onChange={edit(setLogin)}
            spellCheck={false}
            value={login}
          />
          <PasswordField
            autoComplete="new-password"
            error={errorOf('sign-up-password')}
            hint={t('signUp.passwordHint', { least: LEAST_PASSWORD_LENGTH })}
            id="sign-up-password"
            label={t('signUp.password')}
            onChange={edit(setPassword)}
            value={password}
          />
          <Button busy={signUp.isPending && t('signUp.acting')} look="primary" type="submit" wide>
            {t('signUp.act')}
          </Button>
          <p>
            <Trans components={{ go: <a href={paths.signIn} /> }} i18nKey="signUp.have" ns="public-pages" />
          </p>
        </form>
        <Section title={t('signUp.next')}>
          <ol className="steps">
            <li>{t('signUp.next1')}</li>
            <li>{t('signUp.next2')}</li>
            <li>{t('signUp.next3')}</li>
          </ol>
        </Section>
      </div>
    </OpenFrame>
  );
}
