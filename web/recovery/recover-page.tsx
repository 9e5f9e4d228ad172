// Somebody who lost every way in: asks for it, reads the number to those who vouch, waits, sets a new password. What they must keep is the
// address of this page: its fragment is sent to no server.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { LEAST_PASSWORD_LENGTH, useProblemWords } from '../api/problem-words.ts';
import { recoveryStateQuery, useBeginRecovery, useFinishRecovery } from '../api/recovery.ts';
import type { RecoveryState } from '../api/recovery.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { PasswordField, TextField } from '../ui/text-field.tsx';
import './recovery.css';

export function RecoverPage() {
  const { t } = useTranslation('recovery');
  const token = useRouterState({ select: (state) => state.location.hash });
  return (
    <div className="recovery">
      <PageTitle lead={token === '' ? t('recover.lead') : undefined}>{t('recover.title')}</PageTitle>
      {token === '' ? <BeginForm /> : <Waiting token={token} />}
    </div>
  );
}

function BeginForm() {
  const { t } = useTranslation('recovery');
  const problemWords = useProblemWords();
  const navigate = useNavigate();
  const begin = useBeginRecovery();
  const [login, setLogin] = useState('');
  return (
    <>
      <form
        className="open-sheet stack-wide"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (login.trim() === '' || begin.isPending) return;
          begin.mutate(login.trim(), {
            onSuccess: ({ token }) => void navigate({ to: paths.recover, hash: token }),
          });
        }}
      >
        {begin.isError ? <ErrorBand>{problemWords(begin.error)}</ErrorBand> : null}
        <TextField
          autoCapitalize="none"
          autoComplete="username"
          hint={t('recover.loginHint')}
          label={t('recover.login')}
          maxLength={320}
          name="login"
          onChange={setLogin}
          spellCheck={false}
          value={login}
        />
        <Button
          busy={begin.isPending && t('recover.beginning')}
          look="primary"
          missing={login.trim() === '' ? t('recover.loginMissing') : undefined}
          type="submit"
          wide
        >
          {t('recover.begin')}
        </Button>
      </form>
      <Section title={t('how.title')}>
        <ol className="recovery-steps">
          <li>{t('how.ask')}</li>
          <li>{t('how.vouch')}</li>
          <li>{t('how.wait')}</li>
          <li>{t('how.password')}</li>
        </ol>
        <p className="quiet">{t('how.desk')}</p>
      </Section>
    </>
  );
}

function Waiting({ token }: { readonly token: string }) {
  const { t } = useTranslation(['recovery', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(recoveryStateQuery(token));
  if (error instanceof ApiError && error.code === 'recovery-over') return <Unknown />;
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  if (data.state !== 'open')
    return (
      <div className="stack-wide">
        <Band tone={data.state === 'done' ? 'ok' : 'caution'}>{t(`ended.${data.state}`)}</Band>
        <div className="row">
          <LinkButton href={data.state === 'done' ? paths.signIn : paths.recover}>
            {t(data.state === 'done' ? 'ended.signIn' : 'ended.again')}
          </LinkButton>
        </div>
      </div>
    );
  return data.ready ? <NewPassword token={token} /> : <Progress state={data} />;
}

/** No such account, or three requests are open already: for a stranger that is one and the same. */
function Unknown() {
  const { t } = useTranslation('recovery');
  return (
    <div className="stack-wide">
      <Band tone="info">{t('unknown.what')}</Band>
      <div className="row">
        <LinkButton href={paths.recover}>{t('ended.again')}</LinkButton>
      </div>
    </div>
  );
}

function Progress({ state }: { readonly state: RecoveryState }) {
  const { t } = useTranslation('recovery');
  const language = useLanguage();
  const { number, vouched, readyAt, expiresAt } = state;
  return (
    <>
      <Section title={t('number.title')}>
        <p className="recovery-number">{`${number.slice(0, 3)} ${number.slice(3)}`}</p>
        <p>{t('number.what')}</p>
      </Section>
      <Section title={t('progress.title')}>
        <ul className="rows">
          <li className="recovery-row">
            <span>{t('progress.asked')}</span>
            <span className="quiet">{formatDateTime(state.begunAt, language)}</span>
          </li>
          {vouched.map((as, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- in the order in which they came, never changed
            <li className="recovery-row" key={place}>
              <span>{t(`vouched.${as}`)}</span>
            </li>
          ))}
          <li className="recovery-row">
            <span>{readyAt === null ? t('progress.waitsForPeople') : t('progress.waitsForTime')}</span>
            <span className="quiet">
              {readyAt === null
                ? t('progress.until', { when: formatDateTime(expiresAt, language) })
                : t('progress.from', { when: formatDateTime(readyAt, language) })}
            </span>
          </li>
        </ul>
      </Section>
      <Section title={t('keep.title')}>
        <p>{t('keep.what')}</p>
        <ul className="recovery-keep">
          <CopyValue label={t('keep.label')} value={location.href} />
        </ul>
      </Section>
    </>
  );
}

function NewPassword({ token }: { readonly token: string }) {
  const { t } = useTranslation('recovery');
  const problemWords = useProblemWords();
  const finish = useFinishRecovery(token);
  const [password, setPassword] = useState('');
  const short = Array.from(password).length < LEAST_PASSWORD_LENGTH;
  if (finish.isSuccess)
    return (
      <div className="stack-wide">
        <Band announce tone="ok">
          {t('ended.done')}
        </Band>
        <div className="row">
          <LinkButton href={paths.signIn} look="primary">
            {t('ended.signIn')}
          </LinkButton>
        </div>
      </div>
    );
  return (
    <form
      className="open-sheet stack-wide"
      method="post"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!short && !finish.isPending) finish.mutate(password);
      }}
    >
      <p>{t('finish.what')}</p>
      {finish.isError ? <ErrorBand>{problemWords(finish.error)}</ErrorBand> : null}
      <PasswordField
        autoComplete="new-password"
        hint={t('finish.hint', { least: LEAST_PASSWORD_LENGTH })}
        label={t('finish.password')}
        onChange={setPassword}
        value={password}
      />
      <Button
        busy={finish.isPending && t('finish.busy')}
        look="primary"
        missing={short ? t('finish.missing') : undefined}
        type="submit"
        wide
      >
        {t('finish.act')}
      </Button>
    </form>
  );
}
