// One request that was sent: the code that the person tells, or their answer in their own application.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useConfirm, usePresence, useResend, useWithdraw } from '../api/clinic.ts';
import { passkeysWorkHere } from '../api/passkeys.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { requestQuery } from '../api/sharing.ts';
import type { AccessRequest } from '../api/sharing.ts';
import { formatDateTime, formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CodeEntry } from '../ui/code-entry.tsx';
import { useScopeWords } from '../ui/scope-words.ts';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useClinicProblem } from './problem.ts';
import './clinic.css';

export function AskedPage() {
  const { t } = useTranslation(['clinic', 'common']);
  const language = useLanguage();
  const problemWords = useProblemWords();
  const scopeWords = useScopeWords();
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(requestQuery(id));
  if (error !== null)
    return (
      <>
        <PageTitle>{t('asked.gone')}</PageTitle>
        <ErrorBand>{problemWords(error)}</ErrorBand>
      </>
    );
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return (
    <div className="clinic stack-wide">
      <PageTitle
        lead={t(data.extends === true ? 'extend.lead' : 'asked.lead', {
          what: scopeWords(data.scope, 'theirs'),
          when: formatDateTime(data.createdAt, language),
        })}
      >
        {t(data.state === 'requested' ? 'code.title' : `state.${data.state}`)}
      </PageTitle>
      {data.state === 'requested' ? <Waiting request={data} /> : <Over request={data} />}
    </div>
  );
}

function Waiting({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const [code, setCode] = useState('');
  const confirm = useConfirm(request.id);
  const resend = useResend(request.id);
  const withdraw = useWithdraw(request.id);
  const wrong = confirm.error instanceof ApiError && confirm.error.code.startsWith('code-');
  const other = (wrong ? null : confirm.error) ?? resend.error ?? withdraw.error;
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(code, {
          onSuccess: () => void navigate({ to: afterYes(request) }),
        });
      }}
    >
      <CodeEntry
        error={wrong ? problem(confirm.error) : undefined}
        hint={t('code.hint')}
        label={t('code.label')}
        onChange={setCode}
        value={code}
      />
      {other === null ? null : (
        <ErrorBand key={confirm.failureCount + resend.failureCount}>{problem(other)}</ErrorBand>
      )}
      {resend.data === undefined ? null : (
        <Band announce tone="info">
          {resend.data.codeSent === 'sent' && resend.data.codeUntil !== undefined
            ? t('code.sentUntil', { time: formatTime(resend.data.codeUntil) })
            : t('code.notSent')}
        </Band>
      )}
      <Button
        busy={confirm.isPending && t('code.checking')}
        look="primary"
        missing={code.length < 6 ? t('code.missing', { count: 6 - code.length }) : undefined}
        type="submit"
      >
        {t('code.act')}
      </Button>
      <p className="quiet">{t('code.inApp')}</p>
      <Presence request={request} />
      <div className="row">
        <Button busy={resend.isPending && t('code.sending')} look="link" onPress={() => resend.mutate()}>
          {t('code.again')}
        </Button>
        <Button
          busy={withdraw.isPending && t('code.withdrawing')}
          look="link"
          onPress={() => withdraw.mutate(undefined, { onSuccess: () => announceDone(t('code.withdrawn')) })}
        >
          {t('code.withdraw')}
        </Button>
      </div>
    </form>
  );
}

/** Offered where this browser can do it. */
function Presence({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const presence = usePresence(request.id);
  if (!passkeysWorkHere()) return null;
  return (
    <Section note={t('presence.text')} title={t('presence.title')}>
      {presence.isError ? <ErrorBand key={presence.failureCount}>{problem(presence.error)}</ErrorBand> : null}
      <Button
        busy={presence.isPending && t('presence.waiting')}
        icon="key"
        onPress={() =>
          presence.mutate(undefined, {
            onSuccess: () => void navigate({ to: afterYes(request) }),
          })
        }
      >
        {t('presence.act')}
      </Button>
    </Section>
  );
}

function Over({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const at = formatDateTime(request.answeredAt ?? request.expiresAt, language);
  const approved = request.state === 'approved';
  return (
    <Band
      actions={
        <LinkButton href={approved ? afterYes(request) : paths.clinic}>
          {t(approved ? 'asked.open' : 'asked.back')}
        </LinkButton>
      }
      tone={approved ? 'ok' : 'info'}
      title={t(`over.${request.state}`)}
    >
      {at}
    </Band>
  );
}

/** Whoever asked to write goes on to the visit. */
const afterYes = ({ scope, extends: longer, patient }: AccessRequest): string =>
  scope.write === true || longer === true ? clinicPaths.visit(patient) : clinicPaths.patient(patient);
