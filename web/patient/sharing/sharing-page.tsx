// The consent centre: who asks, who may see what now, and what is over. By person, or by part of the record.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../../api/problem-words.ts';
import { givenQuery, requestsQuery, useRevoke } from '../../api/sharing.ts';
import type { AccessRequest, Grant } from '../../api/sharing.ts';
import { formatDate, formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { sharingPaths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { useScopeWords } from '../../ui/scope-words.ts';
import { Loading, NextRow, PageTitle, Rows, Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { Amendments } from './amendments.tsx';
import { AskedDoctors } from './asked-doctors.tsx';
import { AccessRules } from './rules.tsx';
import { GrantRow } from './grant-row.tsx';
import { SharedParts } from './shared-parts.tsx';
import './sharing.css';

export function SharingPage() {
  const { t } = useTranslation(['sharing', 'common']);
  const problemWords = useProblemWords();
  const requests = useQuery(requestsQuery);
  const given = useQuery(givenQuery);
  const [view, setView] = useState<'people' | 'parts'>('people');
  const [ending, setEnding] = useState<Grant>();
  const failed = requests.error ?? given.error;
  const waiting = requests.data?.filter(({ state }) => state === 'requested') ?? [];
  const active = given.data?.filter(({ state, basis }) => state === 'active' && basis !== 'guardian') ?? [];
  return (
    <div className="sharing">
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <div className="row sharing-ways">
        <LinkButton href={sharingPaths.share} icon="plus" look="primary">
          {t('share')}
        </LinkButton>
        <LinkButton href={sharingPaths.askDoctor} icon="person">
          {t('doctor.title')}
        </LinkButton>
      </div>
      {failed === null ? null : <ErrorBand title={t('failed')}>{problemWords(failed)}</ErrorBand>}
      {requests.isPending || given.isPending ? <Loading>{t('common:loading')}</Loading> : null}
      {waiting.length === 0 ? null : (
        <Section title={t('waiting')}>
          <Rows>
            {waiting.map((request) => (
              <WaitingRow key={request.id} request={request} />
            ))}
          </Rows>
        </Section>
      )}
      <Amendments />
      <AskedDoctors />
      {given.data === undefined ? null : (
        <Section
          action={
            active.length === 0 ? undefined : (
              <Button look="link" onPress={() => setView(view === 'people' ? 'parts' : 'people')}>
                {t(view === 'people' ? 'byPart' : 'byPerson')}
              </Button>
            )
          }
          title={t('now')}
        >
          {active.length === 0 ? <p className="quiet">{t('nobody')}</p> : null}
          {view === 'people' ? (
            <Rows>
              {active.map((grant) => (
                <GrantRow grant={grant} key={grant.id} onEnd={() => setEnding(grant)} />
              ))}
            </Rows>
          ) : (
            <SharedParts grants={active} />
          )}
        </Section>
      )}
      <AccessRules />
      <Earlier given={given.data ?? []} requests={requests.data ?? []} />
      <EndSheet grant={ending} onClose={() => setEnding(undefined)} />
    </div>
  );
}

function WaitingRow({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  return (
    <NextRow
      detail={t('askedAt', { when: formatDateTime(request.createdAt, language) })}
      href={sharingPaths.request(request.id)}
      icon="key"
      kind={request.requester.organization}
      title={t(request.extends === true ? 'asksLonger' : request.everybody === true ? 'asksForAll' : 'asks', {
        name: request.requester.name,
        organization: request.requester.organization ?? '',
        what: scopeWords(request.scope, 'own'),
      })}
    />
  );
}

/** What ended and what was answered, each state by its own name. */
function Earlier({
  given,
  requests,
}: {
  readonly given: readonly Grant[];
  readonly requests: readonly AccessRequest[];
}) {
  const { t } = useTranslation('sharing');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const [all, setAll] = useState(false);
  const lines = [
    ...given
      .filter(({ state, basis }) => state !== 'active' && basis !== 'guardian' && basis !== 'edit')
      .map((grant) => ({
        id: grant.id,
        at: grant.endedAt ?? grant.startsAt,
        who: grant.holder.name,
        what: scopeWords(grant.scope, 'own'),
        state: grant.state,
      })),
    ...requests
      .filter(({ state }) => state !== 'requested' && state !== 'approved')
      .map((request) => ({
        id: request.id,
        at: request.answeredAt ?? request.expiresAt,
        who: request.requester.name,
        what: scopeWords(request.scope, 'own'),
        state: request.state,
      })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  if (lines.length === 0) return null;
  const shown = all ? lines : lines.slice(0, 5);
  return (
    <Section title={t('earlier')}>
      <Rows>
        {shown.map((line) => (
          <li key={line.id}>
            <p className="sharing-who">{line.who}</p>
            <p>{line.what}</p>
            <p className="quiet small">{t(stateKey(line.state), { when: formatDate(line.at, language) })}</p>
          </li>
        ))}
      </Rows>
      {shown.length === lines.length ? null : (
        <Button look="link" onPress={() => setAll(true)}>
          {t('earlierAll', { count: lines.length })}
        </Button>
      )}
    </Section>
  );
}

const STATES = ['refused', 'withdrawn', 'locked', 'expired', 'revoked', 'closed'] as const;

function stateKey(state: string) {
  return `state.${STATES.find((each) => each === state) ?? 'expired'}` as const;
}

function EndSheet({ grant, onClose }: { readonly grant: Grant | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation('sharing');
  const problemWords = useProblemWords();
  const revoke = useRevoke();
  const name = grant?.holder.name ?? '';
  return (
    <Sheet onClose={onClose} open={grant !== undefined} title={t('end.title', { name })}>
      <div className="stack-wide">
        <p>{t('end.text')}</p>
        {revoke.isError ? (
          <ErrorBand key={revoke.failureCount}>{problemWords(revoke.error)}</ErrorBand>
        ) : null}
        <div className="row-even">
          <Button onPress={onClose}>{t('end.keep')}</Button>
          <Button
            busy={revoke.isPending && t('end.acting')}
            look="danger"
            onPress={() => {
              if (grant === undefined) return;
              revoke.mutate(grant.id, {
                onSuccess: () => {
                  onClose();
                  announceDone(t('end.done', { name }));
                },
              });
            }}
          >
            {t('end.act')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
