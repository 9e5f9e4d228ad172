// A clinician's day: who may be looked at now, what was asked and how it was answered, and the ways to ask.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { askedQuery, heldQuery, workQuery } from '../api/clinic.ts';
import { comingQuery } from '../api/handovers.ts';
import { useProblemWords } from '../api/problem-words.ts';
import type { AccessRequest, Grant } from '../api/sharing.ts';
import { formatDateTime, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { LinkButton } from '../ui/button.tsx';
import { ComingIn } from '../ui/coming-in.tsx';
import { useScopeWords } from '../ui/scope-words.ts';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { AskingPatients } from './asking-patients.tsx';
import { FindPerson } from './find-person.tsx';
import { TodayList } from './today-list.tsx';
import { YourTasks } from './your-tasks.tsx';
import './clinic.css';

export function ClinicPage() {
  const { t } = useTranslation(['clinic', 'common']);
  const problemWords = useProblemWords();
  const { data: work } = useQuery(workQuery);
  const held = useQuery(heldQuery);
  const asked = useQuery(askedQuery);
  const { data: coming = [] } = useQuery(comingQuery);
  const failed = held.error ?? asked.error;
  return (
    <div className="clinic">
      <PageTitle>{t('title')}</PageTitle>
      {work?.clinician === null ? <Band tone="caution">{t('noLicence')}</Band> : null}
      <ComingIn
        renderAct={(patient, last4) => (
          <LinkButton
            href={`${clinicPaths.emergency}?person=${encodeURIComponent(patient)}&ends=${last4}`}
            icon="octagon"
            look="danger"
          >
            {t('coming.open', { last4 })}
          </LinkButton>
        )}
        coming={coming}
      />
      <YourTasks />
      {work?.clinician == null ? null : <FindPerson />}
      {work?.clinician == null ? null : <TodayList />}
      <div className="row clinic-ways">
        <LinkButton href={clinicPaths.ask} icon="key">
          {t('ask.title')}
        </LinkButton>
        <LinkButton href={clinicPaths.card} icon="card">
          {t('card.way')}
        </LinkButton>
        <LinkButton href={clinicPaths.results} icon="flask">
          {t('results')}
        </LinkButton>
        <LinkButton href={clinicPaths.emergency} icon="octagon" look="danger">
          {t('emergency.way')}
        </LinkButton>
        {work?.answers === true || work?.audits === true ? (
          <LinkButton href={paths.oversight}>{t('oversight.title')}</LinkButton>
        ) : null}
      </div>
      {failed === null ? null : <ErrorBand>{problemWords(failed)}</ErrorBand>}
      {held.data === undefined && failed === null ? <Loading>{t('common:loading')}</Loading> : null}
      {work?.clinician == null ? null : <AskingPatients />}
      {held.data === undefined ? null : <Open held={held.data} />}
      {asked.data === undefined ? null : (
        <Section title={t('asked.title')}>
          {asked.data.length === 0 ? <p className="quiet">{t('asked.none')}</p> : null}
          <Rows>
            {asked.data.slice(0, 30).map((request) => (
              <AskedRow key={request.id} request={request} />
            ))}
          </Rows>
        </Section>
      )}
    </div>
  );
}

/** The newest permission for each person; a pen or a broken glass stands beside it in words. */
function Open({ held }: { readonly held: readonly Grant[] }) {
  const { t } = useTranslation('clinic');
  const active = held.filter(({ state, basis }) => state === 'active' && basis !== 'guardian');
  const byPerson = Map.groupBy(active, ({ patient }) => patient);
  return (
    <Section title={t('open.title')}>
      {byPerson.size === 0 ? <p className="quiet">{t('open.none')}</p> : null}
      <Rows>
        {[...byPerson].map(([patient, grants]) => (
          <OpenRow grants={grants} key={patient} patient={patient} />
        ))}
      </Rows>
    </Section>
  );
}

function OpenRow({ patient, grants }: { readonly patient: string; readonly grants: readonly Grant[] }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  const person = grants.find(({ person: each }) => each?.name !== undefined)?.person ?? grants[0]?.person;
  const glass = grants.find(({ basis }) => basis === 'break-glass');
  const grant = grants.find(({ basis }) => basis === 'grant');
  const pen = grants.find(({ basis }) => basis === 'edit');
  const lines = [
    ...(glass?.endsAt == null ? [] : [t('open.glass', { when: formatDateTime(glass.endsAt, language) })]),
    ...(grant?.endsAt == null
      ? []
      : [
          t('open.until', {
            what: scopeWords(grant.scope, 'theirs'),
            when: formatDateTime(grant.endsAt, language),
          }),
        ]),
    ...(grant?.holder.everybody === true ? [t('open.everybody', { organization: grant.holder.name })] : []),
    ...(pen?.endsAt == null ? [] : [t('open.pen', { when: formatDateTime(pen.endsAt, language) })]),
  ];
  const uhid = person === undefined ? '' : formatUhid(person.uhid);
  return (
    <NextRow
      detail={lines.join(' ')}
      href={clinicPaths.patient(patient)}
      icon="person"
      kind={person?.name === undefined ? undefined : uhid}
      title={person?.name ?? uhid}
    />
  );
}

function AskedRow({ request }: { readonly request: AccessRequest }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const scopeWords = useScopeWords();
  return (
    <NextRow
      detail={t('asked.when', { when: formatDateTime(request.createdAt, language) })}
      href={clinicPaths.request(request.id)}
      icon="key"
      kind={t(`state.${request.state}`)}
      title={
        request.extends === true
          ? t('asked.extends')
          : t('asked.what', { what: scopeWords(request.scope, 'theirs') })
      }
    />
  );
}
