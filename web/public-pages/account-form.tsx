// The form of a new account: name, how to reach it, a password. What was typed stays when it fails.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { LEAST_PASSWORD_LENGTH, useProblemWords } from '../api/problem-words.ts';
import type { NewAccount } from '../api/session.ts';
import { ErrorBand, FormProblems } from '../ui/band.tsx';
import type { FormProblem } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';

const FIELD_OF_CODE: Readonly<Record<string, string>> = {
  'name-invalid': 'account-name',
  'login-taken': 'account-login',
  'login-invalid': 'account-login',
};

function fieldOf(error: Error | null): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.code.startsWith('password-') ? 'account-password' : FIELD_OF_CODE[error.code];
}

export interface AccountFormProps {
  readonly onSend: (account: NewAccount) => void;
  readonly sending: boolean;
  /** What the last try came back with. */
  readonly error: Error | null;
  /** The words of the button, and the first words when it fails. */
  readonly act: string;
  readonly failed: string;
  /** Under the button. */
  readonly children?: ReactNode;
}

export function AccountForm({ onSend, sending, error, act, failed, children }: AccountFormProps) {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tries, setTries] = useState(0);
  /** The problems as they were when the form was sent: the summary must not move while one types. */
  const [summary, setSummary] = useState<readonly FormProblem[]>([]);
  const [changed, setChanged] = useState<readonly string[]>([]);

  const problems: FormProblem[] = [];
  if (name.trim() === '') problems.push({ field: 'account-name', message: t('signUp.nameMissing') });
  if (login.trim() === '') problems.push({ field: 'account-login', message: t('signUp.loginMissing') });
  const missing = LEAST_PASSWORD_LENGTH - Array.from(password).length;
  if (missing > 0) {
    const message = t('signUp.passwordShort', { least: LEAST_PASSWORD_LENGTH, missing });
    problems.push({ field: 'account-password', message });
  }
  const refusedField = fieldOf(error);
  const refused =
    error !== null && refusedField !== undefined
      ? [{ field: refusedField, message: problemWords(error) }]
      : [];
  const errorOf = (field: string): string | undefined => {
    if (tries === 0) return undefined;
    const refusal = changed.includes(field) ? undefined : refused.find((each) => each.field === field);
    return (refusal ?? problems.find((each) => each.field === field))?.message;
  };
  const edit = (field: string, set: (value: string) => void) => (value: string) => {
    set(value);
    setChanged([...changed, field]);
  };

  return (
    <form
      className="stack-wide"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (sending) return;
        setTries(tries + 1);
        setSummary(problems);
        setChanged([]);
        if (problems.length === 0) onSend({ login: login.trim(), password, name: name.trim() });
      }}
    >
      {sending ? null : summary.length > 0 || refused.length > 0 ? (
        <FormProblems key={tries} problems={summary.length > 0 ? summary : refused} />
      ) : error === null ? null : (
        <ErrorBand key={tries} title={failed}>
          {problemWords(error)}
        </ErrorBand>
      )}
      <TextField
        autoCapitalize="words"
        autoComplete="name"
        error={errorOf('account-name')}
        hint={t('signUp.nameHint')}
        id="account-name"
        label={t('signUp.name')}
        maxLength={200}
        name="name"
        onChange={edit('account-name', setName)}
        value={name}
      />
      <TextField
        autoCapitalize="none"
        autoComplete="username"
        error={errorOf('account-login')}
        hint={t('signUp.loginHint')}
        id="account-login"
        label={t('signUp.login')}
        maxLength={320}
        name="login"
        onChange={edit('account-login', setLogin)}
        spellCheck={false}
        value={login}
      />
      <PasswordField
        autoComplete="new-password"
        error={errorOf('account-password')}
        hint={t('signUp.passwordHint', { least: LEAST_PASSWORD_LENGTH })}
        id="account-password"
        label={t('signUp.password')}
        onChange={edit('account-password', setPassword)}
        value={password}
      />
      <Button busy={sending && t('signUp.acting')} look="primary" type="submit" wide>
        {act}
      </Button>
      {children}
    </form>
  );
}
