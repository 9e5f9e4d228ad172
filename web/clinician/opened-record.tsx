// A record that was opened: what the permission covers, by parts, dangers first; and writing while the pen is lent.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { categories, categoryOf } from '../../core/access/categories.ts';
import type { Category } from '../../core/access/categories.ts';
import { isTicked } from '../../core/doses/two-weeks.ts';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { joinedIn } from '../../core/record/joined.ts';
import type { Joined } from '../../core/record/joined.ts';
import { recordIndex } from '../../core/record/record-index.ts';
import { questionedQuery } from '../api/corrections.ts';
import { heldQuery, openedRecordQuery, sealedEntriesQuery, useCloseGlass } from '../api/clinic.ts';
import { recordPrintHref } from '../api/keeping.ts';
import type { Grant } from '../api/sharing.ts';
import { formatDate, formatDateTime, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, formPaths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { SealedRow } from '../ui/fact-row.tsx';
import { Loading, PageTitle, Rows, Section } from '../ui/section.tsx';
import { ChartFindings, HeldResults } from './chart-warnings.tsx';
import { Part } from './chart-parts.tsx';
import { TickedDoses } from './ticked-doses.tsx';
import { useClinicProblem } from './problem.ts';
import { WriteEntry } from './write-entry.tsx';
import { Handovers } from './handovers.tsx';
import './clinic.css';

/** What kills fastest comes first, who they are is in the title. */
const ORDER: readonly Category[] = [
  'allergies',
  ...categories.filter((each) => !['allergies', 'identity', 'sharing', 'other'].includes(each)),
  'other',
];

export function OpenedRecordPage() {
  const { t } = useTranslation(['clinic', 'access', 'common', 'visit']);
  const problem = useClinicProblem();
  const { id = '' } = useParams({ strict: false });
  const language = useLanguage();
  const { data: held } = useQuery(heldQuery);
  const { data, error } = useQuery(openedRecordQuery(id));
  const mine = held?.filter(({ patient, state }) => patient === id && state === 'active') ?? [];
  const person = mine.find(({ person: each }) => each?.name !== undefined)?.person ?? mine[0]?.person;
  const uhid = person === undefined ? '' : formatUhid(person.uhid);
  const patient = data?.find(({ resourceType, id: each }) => resourceType === 'Patient' && each === id);
  const joined = patient === undefined ? [] : joinedIn(patient as unknown as CoreResource);
  const { data: questioned = [] } = useQuery(questionedQuery(id));
  const chart = {
    patientId: id,
    index: recordIndex([...(data ?? [])]),
    joined,
    questioned: Map.groupBy(questioned, ({ entry }) => entry),
  };
  const ticked = (data ?? []).filter((resource) => isTicked(resource as unknown as CoreResource));
  const others = (data ?? []).filter((resource) => !ticked.includes(resource));
  const byPart = Map.groupBy(others, (resource) => categoryOf(resource as unknown as CoreResource));
  return (
    <div className="clinic">
      <PageTitle lead={person?.name === undefined ? undefined : uhid}>
        {person?.name ?? (uhid === '' ? t('record.title') : uhid)}
      </PageTitle>
      {held === undefined ? null : <Basis held={mine} />}
      {error === null ? null : (
        <ErrorBand
          actions={<LinkButton href={clinicPaths.ask}>{t('record.askAgain')}</LinkButton>}
          title={t('record.closed')}
        >
          {problem(error)}
        </ErrorBand>
      )}
      <Handovers patientId={id} />
      <JoinedRecords joined={joined} />
      {data === undefined && error === null ? <Loading>{t('record.loading')}</Loading> : null}
      {data === undefined ? null : (
        <>
          <ChartFindings record={data} />
          <HeldResults patientId={id} />
          <TickedDoses record={ticked as unknown as readonly CoreResource[]} />
          {ORDER.map((part) => {
            const resources = byPart.get(part);
            return resources === undefined ? null : (
              <Part chart={chart} key={part} part={part} resources={resources} />
            );
          })}
          <SealedEntries patientId={id} />
          <p className="quiet clinic-note">{t('record.onlyThis')}</p>
          {byPart.has('identity') ? (
            <LinkButton href={recordPrintHref(language, id)} icon="print" newTab>
              {t('record.print')}
            </LinkButton>
          ) : null}
        </>
      )}
      <WriteEntry
        former={held?.find(
          ({ patient, basis, endedAt, endsAt }) =>
            patient === id && basis === 'edit' && (endedAt === null || endedAt === endsAt),
        )}
        patientId={id}
        pen={latest(mine.filter(({ basis }) => basis === 'edit'))}
      />
      {mine.some(({ basis }) => basis === 'edit') ? (
        <LinkButton href={clinicPaths.visit(id)} icon="pencil" look="primary">
          {t('visit:writeVisit')}
        </LinkButton>
      ) : null}
      {mine.some(({ basis }) => basis === 'edit') ? (
        <LinkButton href={formPaths.list(id)} icon="pencil">
          {t('record.forms')}
        </LinkButton>
      ) : null}
    </div>
  );
}

/** What may kill in a record that was joined stands below, in its part; that there is one is said at once. */
function JoinedRecords({ joined }: { readonly joined: readonly Joined[] }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  return joined.map(({ patientId, on }) => (
    <Band
      key={patientId}
      title={
        on === undefined
          ? t('record.joinedTitle')
          : t('record.joinedTitleOn', { when: formatDate(on, language) })
      }
      tone="info"
    >
      {t('record.joinedText')}
    </Band>
  ));
}

/** Only for whoever may know of them; without any the page does not say so either. */
function SealedEntries({ patientId }: { readonly patientId: string }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const { data = [] } = useQuery(sealedEntriesQuery(patientId));
  if (data.length === 0) return null;
  return (
    <Section note={t('sealed.ask')} title={t('sealed.title')}>
      <Rows>
        {data.map(({ place, month }, at) => (
          <SealedRow
            // oxlint-disable-next-line react/no-array-index-key -- nothing else tells them apart, and nothing may
            key={at}
            title={
              place === null
                ? t('sealed.some', { month: formatDate(month, language) })
                : t('sealed.keptBy', { place, month: formatDate(month, language) })
            }
          />
        ))}
      </Rows>
    </Section>
  );
}

/** Why this is open, until when, and until when it may be written into. */
function Basis({ held }: { readonly held: readonly Grant[] }) {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const close = useCloseGlass();
  const glass = held.find(({ basis }) => basis === 'break-glass');
  const grant = held.find(({ basis }) => basis === 'grant');
  const pen = latest(held.filter(({ basis }) => basis === 'edit'));
  if (glass?.endsAt != null)
    return (
      <Band
        actions={
          <Button busy={close.isPending && t('record.closing')} onPress={() => close.mutate(glass.id)}>
            {t('record.closeGlass')}
          </Button>
        }
        tone="danger"
        title={t('record.glass', { when: formatDateTime(glass.endsAt, language) })}
      >
        {t('record.glassTold')}
      </Band>
    );
  if (grant?.endsAt == null) return null;
  return (
    <Band tone="info" title={t('record.until', { when: formatDateTime(grant.endsAt, language) })}>
      {pen?.endsAt == null
        ? t('record.readOnly')
        : t('record.pen', { when: formatDateTime(pen.endsAt, language) })}
    </Band>
  );
}

/** Of several stretches that run at once, the one that runs longest. */
const latest = (pens: readonly Grant[]): Grant | undefined =>
  pens.toSorted((a, b) => (b.endsAt ?? '').localeCompare(a.endsAt ?? ''))[0];
