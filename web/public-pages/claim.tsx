// Taking over a record that was begun at a front desk: number and code from the sheet, and a sign-in of one's own.
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useClaim } from '../api/desk.ts';
import { LEAST_PASSWORD_LENGTH, useProblemWords } from '../api/problem-words.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths, signInThen } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { PageTitle } from '../ui/section.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import './form-page.css';
import { OpenFrame } from './open-frame.tsx';

export function ClaimPage() {
  const { t } = useTranslation('public-pages');
  const problemWords = useProblemWords();
  const language = useLanguage();
  const navigate = useNavigate();
  const claim = useClaim();
  const [uhid, setUhid] = useState('');
  const [code, setCode] = useState('');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const { error } = claim;
  const refusal = error instanceof ApiError ? error.code : undefined;
  const missing =
    uhid.replace(/\D/g, '').length < 14
      ? 'uhid'
      : code.replace(/[\s-]/g, '').length < 10
        ? 'code'
        : login.trim() === ''
          ? 'login'
          : Array.from(password).length < LEAST_PASSWORD_LENGTH
            ? 'password'
            : undefined;
  return (
    <OpenFrame>
      <div className="form-page">
        <PageTitle lead={t('claim.lead')}>{t('claim.title')}</PageTitle>
        <div className="open-sheet">
          <form
            className="stack-wide"
            method="post"
            onSubmit={(event) => {
              event.preventDefault();
              if (missing !== undefined || claim.isPending) return;
              claim.mutate(
                { uhid, code, login: login.trim(), password, language },
                { onSuccess: () => void navigate({ href: paths.home }) },
              );
            }}
          >
            {error === null ? null : (
              <ErrorBand key={claim.failureCount} title={t('claim.failed')}>
                {refusal === 'claim-wrong'
                  ? t('claim.wrong')
                  : refusal === 'login-taken'
                    ? t('claim.loginTaken')
                    : problemWords(error)}
              </ErrorBand>
            )}
            <TextField
              autoComplete="off"
              hint={t('claim.uhidHint')}
              inputMode="numeric"
              label={t('claim.uhid')}
              maxLength={24}
              onChange={setUhid}
              value={uhid}
            />
            <TextField
              autoCapitalize="none"
              autoComplete="off"
              hint={t('claim.codeHint')}
              label={t('claim.code')}
              maxLength={16}
              onChange={setCode}
              spellCheck={false}
              value={code}
            />
            <TextField
              autoCapitalize="none"
              autoComplete="username"
              hint={t('claim.loginHint')}
              label={t('signUp.login')}
              maxLength={320}
              name="login"
              onChange={setLogin}
              spellCheck={false}
              value={login}
            />
            <PasswordField
              autoComplete="new-password"
              hint={t('signUp.passwordHint', { least: LEAST_PASSWORD_LENGTH })}
              label={t('signUp.password')}
              onChange={setPassword}
              value={password}
            />
            <Button
              busy={claim.isPending && t('signUp.acting')}
              look="primary"
              missing={missing === undefined ? undefined : t(`claimMissing.${missing}`)}
              type="submit"
              wide
            >
              {t('claim.act')}
            </Button>
            <p>
              <Trans
                components={{ go: <a href={signInThen(paths.family)} /> }}
                i18nKey="claim.guardian"
                ns="public-pages"
              />
            </p>
          </form>
        </div>
      </div>
    </OpenFrame>
  );
}
