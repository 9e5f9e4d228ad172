// The consent sheet: who asks for what, what for, until when, what they would see; allow, allow less, or refuse.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../core/access/categories.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import { requestQuery, useApprove, useRefuse, useShowCode } from '../../api/sharing.ts';
import type { AccessRequest, Scope } from '../../api/sharing.ts';
import { formatDate, formatDateTime, formatTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { ManyChoice, Tick } from '../../ui/choice.tsx';
import { VerifiedMark } from '../../ui/icons.tsx';
import { usePurposeWords, useScopeWords } from '../../ui/scope-words.ts';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import { SHAREABLE } from '../../ui/terms-form.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { useNow } from '../who-looked/use-now.ts';
import { Preview } from './preview.tsx';
import './sharing.css';

export function RequestPage() {
  const { t } = useTranslation(['sharing', 'common']);
  const problemWords = useProblemWords();
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(requestQuery(id));
  if (error !== null)
    return (
      <>
        <PageTitle>{t('sheet.gone')}</PageTitle>
        <ErrorBand actions={<LinkButton href={paths.sharing}>{t('back')}</LinkButton>}>
          {problemWords(error)}
        </ErrorBand>
      </>
    );
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return <ConsentSheet request={data} />;
}

function ConsentSheet({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation(['sharing', 'access']);
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const purposeWords = usePurposeWords();
  const { requester, state, scope } = request;
  const [fewer, setFewer] = useState<readonly Category[]>();
  const isOwn = lookedAfter(useSignedIn()) === undefined;
  const [withSealed, setWithSealed] = useState(scope.sealed && isOwn);
  const [knowsSealed, setKnowsSealed] = useState(false);
  const [onlyAsker, setOnlyAsker] = useState(false);
  const categories = fewer ?? scope.categories;
  const ends = new Date(useNow().getTime() + request.durationMs).toISOString();
  return (
    <article className="consent-sheet">
      <p className="quiet">{t('sheet.sent', { when: formatDateTime(request.createdAt, language) })}</p>
      <PageTitle>
        {t(request.extends === true ? 'asksLonger' : request.everybody === true ? 'asksForAll' : 'asks', {
          name: requester.name,
          organization: requester.organization ?? '',
          what: scopeWords(scope, 'own'),
        })}
      </PageTitle>
      <p className="consent-licence">
        <VerifiedMark />
        <span>
          {requester.organization === undefined
            ? t('sheet.licence')
            : t('sheet.licenceAt', { organization: requester.organization })}
        </span>
      </p>
      <dl className="consent-terms">
        <Term name={t('sheet.why')}>{purposeWords(request.purpose)}</Term>
        {request.everybody === true ? (
          <Term name={t('sheet.who')}>
            {onlyAsker
              ? requester.name
              : t(scope.write === true ? 'sheet.everybody' : 'sheet.everybodyLooks', {
                  name: requester.name,
                  organization: requester.organization ?? '',
                })}
          </Term>
        ) : null}
        <Term name={t('sheet.may')}>{mayWords(t, scope)}</Term>
        <Term name={t('sheet.covers')}>
          {scopeWords({ ...scope, ...(categories ? { categories } : {}) }, 'own')}
        </Term>
        <Term name={t('sheet.ends')}>
          {request.durationMs < 86_400_000 ? formatDateTime(ends, language) : formatDate(ends, language)}
          <span className="quiet">. {t('sheet.byItself')}</span>
        </Term>
      </dl>
      {state === 'requested' ? (
        <>
          {scope.sealed && !isOwn ? (
            <Band tone="info" title={t('sheet.sealedNotYours')}>
              {t('sheet.sealedNotYoursText')}
            </Band>
          ) : null}
          <Preview categories={categories} sealed={withSealed} />
          {/* Single entries have no parts to choose from. */}
          {scope.entries === undefined && request.extends !== true ? (
            <ChooseFewer
              asked={scope}
              onChange={setFewer}
              onSealed={isOwn ? setWithSealed : undefined}
              value={fewer}
              withSealed={withSealed}
            />
          ) : null}
          {/* Only the person themself, and only with the whole record. */}
          {categories === undefined &&
          scope.entries === undefined &&
          request.extends !== true &&
          !withSealed &&
          isOwn ? (
            <Tick
              checked={knowsSealed}
              hint={t('access:terms.share.knowsSealedHint')}
              label={t('access:terms.share.knowsSealed')}
              onChange={setKnowsSealed}
            />
          ) : null}
          {request.everybody === true ? (
            <Tick
              checked={onlyAsker}
              label={t('sheet.onlyAsker', { name: requester.name })}
              onChange={setOnlyAsker}
            />
          ) : null}
          <Answer
            categories={fewer}
            knowsSealed={knowsSealed && categories === undefined && !withSealed}
            onlyAsker={onlyAsker}
            request={request}
            sealed={withSealed}
          />
        </>
      ) : (
        <Answered request={request} />
      )}
    </article>
  );
}

function Term({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function mayWords(t: ReturnType<typeof useTranslation<'sharing'>>['t'], { share, write }: Scope): string {
  const look = t(share ? 'may.viewAndShare' : 'may.viewOnly');
  return write === true ? `${look}. ${t('may.writeHalfHour')}` : look;
}

interface ChooseFewerProps {
  readonly asked: Scope;
  readonly value: readonly Category[] | undefined;
  readonly onChange: (parts: readonly Category[] | undefined) => void;
  readonly withSealed: boolean;
  /** Absent: not theirs to open. */
  readonly onSealed: ((sealed: boolean) => void) | undefined;
}

function ChooseFewer({ asked, value, onChange, withSealed, onSealed }: ChooseFewerProps) {
  const { t } = useTranslation(['sharing', 'access']);
  const offered = asked.categories ?? SHAREABLE;
  if (value === undefined)
    return (
      <Button look="link" onPress={() => onChange(offered)}>
        {t('sheet.fewer')}
      </Button>
    );
  return (
    <div className="stack">
      <ManyChoice
        label={t('sheet.fewerLabel')}
        onChange={onChange}
        options={offered.map((part) => ({ value: part, label: t(`access:part.${part}`) }))}
        side
        values={value}
      />
      {asked.sealed && onSealed !== undefined ? (
        <Button look="link" onPress={() => onSealed(!withSealed)}>
          {t(withSealed ? 'sheet.withoutSealed' : 'sheet.withSealed')}
        </Button>
      ) : null}
      <Button look="link" onPress={() => onChange(undefined)}>
        {t('sheet.all')}
      </Button>
    </div>
  );
}

interface AnswerProps {
  readonly request: AccessRequest;
  readonly categories: readonly Category[] | undefined;
  readonly sealed: boolean;
  readonly knowsSealed: boolean;
  readonly onlyAsker: boolean;
}

function Answer({ request, categories, sealed, knowsSealed, onlyAsker }: AnswerProps) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const approve = useApprove(request.id);
  const refuse = useRefuse(request.id);
  const { scope, requester } = request;
  const narrower =
    categories !== undefined || sealed !== scope.sealed || knowsSealed
      ? {
          scope: {
            ...(categories ? { categories } : {}),
            ...(scope.entries ? { entries: scope.entries } : {}),
            sealed,
            ...(knowsSealed ? { knowsSealed } : {}),
            share: scope.share,
            write: scope.write === true,
          },
        }
      : {};
  const failure = approve.error ?? refuse.error;
  return (
    <>
      {failure === null ? null : (
        <ErrorBand key={approve.failureCount + refuse.failureCount} title={t('sheet.failed')}>
          {problemWords(failure)}
        </ErrorBand>
      )}
      <div className="row-even consent-answers">
        <Button
          busy={approve.isPending && t('sheet.allowing')}
          look="primary"
          missing={categories?.length === 0 ? t('sheet.nothingChosen') : undefined}
          onPress={() =>
            approve.mutate(
              { ...narrower, ...(onlyAsker ? { everybody: false } : {}) },
              {
                onSuccess: ({ until }) =>
                  announceDone(
                    t('sheet.allowed', { name: requester.name, when: formatDate(until, language) }),
                  ),
              },
            )
          }
        >
          {t('sheet.allow')}
        </Button>
        <Button busy={refuse.isPending && t('sheet.refusing')} onPress={() => refuse.mutate('decline')}>
          {t('sheet.refuse')}
        </Button>
      </div>
      <p className="quiet">{t('sheet.noHarm')}</p>
      <Button look="link" onPress={() => refuse.mutate('block')}>
        {t('sheet.block')}
      </Button>
      <OwnCode request={request} />
    </>
  );
}

/** For whoever stands beside the doctor: the code on the own screen, in place of a message that did not come. */
function OwnCode({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('sharing');
  const problemWords = useProblemWords();
  const show = useShowCode(request.id);
  return (
    <Section note={t('code.text', { name: request.requester.name })} title={t('code.title')}>
      {show.isError ? <ErrorBand key={show.failureCount}>{problemWords(show.error)}</ErrorBand> : null}
      {show.data === undefined ? null : (
        <p className="own-code" role="status">
          <strong>{show.data.code.replace(/^(...)/, '$1\u00a0')}</strong>
          <span className="quiet">{t('code.until', { time: formatTime(show.data.until) })}</span>
        </p>
      )}
      <Button busy={show.isPending && t('code.making')} onPress={() => show.mutate()}>
        {t(show.data === undefined ? 'code.show' : 'code.another')}
      </Button>
    </Section>
  );
}

const ANSWERED = ['approved', 'refused', 'withdrawn', 'locked', 'expired'] as const;

function Answered({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const state = ANSWERED.find((each) => each === request.state) ?? 'expired';
  return (
    <Band
      actions={<LinkButton href={paths.sharing}>{t('back')}</LinkButton>}
      tone={state === 'approved' ? 'ok' : state === 'locked' ? 'caution' : 'info'}
      title={t(`answered.${state}`, { name: request.requester.name })}
    >
      {formatDateTime(request.answeredAt ?? request.expiresAt, language)}
    </Band>
  );
}
