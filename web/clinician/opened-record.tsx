// A record that was opened: what the permission covers, by parts, dangers first; and writing while the pen is lent.
import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
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
import { AskToWrite } from './ask-to-write.tsx';
import { ChartContradictions } from './chart-contradictions.tsx';
import { ChartFindings, HeldResults } from './chart-warnings.tsx';
import { Part, partId } from './chart-parts.tsx';
import type { Chart } from './chart-parts.tsx';
import { Handovers } from './handovers.tsx';
import { localDay } from './local-day.ts';
import { Dangers, nameIn, patientOf, usePersonLead } from './person-head.tsx';
import { OrdersOfChart } from './orders-of-chart.tsx';
import { TickedDoses } from './ticked-doses.tsx';
import { useClinicProblem } from './problem.ts';
import { WriteEntry } from './write-entry.tsx';
import './clinic.css';

/** What kills fastest comes first, who they are is in the title. */
const ORDER: readonly Category[] = [
  'allergies',
  ...categories.filter((each) => !['allergies', 'identity', 'sharing', 'other'].includes(each)),
  'other',
];

/** Named in the record by reference; nothing that is about its person. */
const NOT_OF_THEM: readonly string[] = [
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'Medication',
  'HealthcareService',
];

export function OpenedRecordPage() {
  const { t } = useTranslation(['clinic', 'access', 'common', 'visit']);
  const problem = useClinicProblem();
  const { id = '' } = useParams({ strict: false });
  const { data: held } = useQuery(heldQuery);
  const { data, error } = useQuery(openedRecordQuery(id));
  const mine = held?.filter(({ patient, state }) => patient === id && state === 'active') ?? [];
  const grant = mine.find(({ person: each }) => each?.name !== undefined)?.person ?? mine[0]?.person;
  const uhid = grant?.uhid ?? '';
  const { data: questioned } = useQuery(questionedQuery(id));
  const lead = usePersonLead();
  const [today] = useState(() => localDay());
  const chart = useMemo((): Chart & { readonly ticked: CoreResource[]; readonly parts: Parts } => {
    const record = (data ?? []) as unknown as readonly CoreResource[];
    const person = patientOf(record, id);
    const ticked = record.filter((resource) => isTicked(resource));
    const isTickedOne = new Set(ticked);
    const others = record.filter(
      (resource) => !isTickedOne.has(resource) && !NOT_OF_THEM.includes(resource.resourceType),
    );
    return {
      patientId: id,
      index: recordIndex([...record]),
      joined: person === undefined ? [] : joinedIn(person),
      questioned: Map.groupBy(questioned ?? [], ({ entry }) => entry),
      ticked,
      parts: Map.groupBy(others, (resource) => categoryOf(resource)),
    };
  }, [data, id, questioned]);
  const record = (data ?? []) as unknown as readonly CoreResource[];
  const person = patientOf(record, id);
  const name = nameIn(person) ?? grant?.name;
  const shown = ORDER.flatMap((part) => {
    const resources = chart.parts.get(part);
    return resources === undefined ? [] : [{ part, resources }];
  });
  const pen = latest(mine.filter(({ basis }) => basis === 'edit'));
  const former = held?.find(
    ({ patient, basis, endedAt, endsAt }) =>
      patient === id && basis === 'edit' && (endedAt === null || endedAt === endsAt),
  );
  return (
    <div className="clinic chart">
      <PageTitle
        lead={name === undefined && person === undefined ? undefined : lead({ person, uhid, today })}
      >
        {name ?? (uhid === '' ? t('record.title') : formatUhid(uhid))}
      </PageTitle>
      {data === undefined ? null : (
        <>
          <Dangers
            index={chart.index}
            record={record}
            seesAllergies={sees(mine, 'allergies')}
            today={today}
          />
          <ChartContradictions joined={chart.joined} record={data} />
        </>
      )}
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
      <JoinedRecords joined={chart.joined} />
      {data === undefined && error === null ? <Loading>{t('record.loading')}</Loading> : null}
      {data === undefined ? null : (
        <>
          <Acts
            mayPrint={chart.parts.has('identity')}
            patientId={id}
            pen={pen}
            uhid={former === undefined ? uhid : ''}
          />
          <ChartFindings record={data} />
          <HeldResults patientId={id} />
          <PartLinks shown={shown.map(({ part, resources }) => ({ part, count: resources.length }))} />
          <OrdersOfChart patientId={id} />
          <TickedDoses record={chart.ticked} />
          {shown.length === 0 ? <p className="quiet">{t('record.nothing')}</p> : null}
          {shown.map(({ part, resources }) => (
            <Part chart={chart} key={part} part={part} resources={resources as unknown as Resource[]} />
          ))}
          <SealedEntries patientId={id} />
          <p className="quiet clinic-note">{t('record.onlyThis')}</p>
        </>
      )}
      {pen === undefined && former === undefined ? null : (
        <WriteEntry former={former} patientId={id} pen={pen} />
      )}
    </div>
  );
}

type Parts = ReadonlyMap<Category, readonly CoreResource[]>;

/** Whether what was given covers a part of the record. */
const sees = (held: readonly Grant[], part: Category): boolean =>
  held.some(({ scope }) => scope.categories === undefined || scope.categories.includes(part));

/** What one comes for, before what is read. */
function Acts(props: {
  readonly patientId: string;
  readonly pen: Grant | undefined;
  /** 14 digits where a code that lets write can be asked for. */
  readonly uhid: string;
  readonly mayPrint: boolean;
}) {
  const { t } = useTranslation(['clinic', 'visit']);
  const language = useLanguage();
  const { patientId, pen, uhid } = props;
  return (
    <div className="row clinic-ways">
      {pen === undefined ? null : (
        <>
          <LinkButton href={clinicPaths.visit(patientId)} icon="pencil" look="primary">
            {t('visit:writeVisit')}
          </LinkButton>
          <LinkButton href={formPaths.list(patientId)} icon="pencil">
            {t('record.forms')}
          </LinkButton>
        </>
      )}
      {pen === undefined && uhid !== '' ? <AskToWrite primary uhid={uhid} /> : null}
      {props.mayPrint ? (
        <LinkButton href={recordPrintHref(language, patientId)} icon="print" newTab>
          {t('record.print')}
        </LinkButton>
      ) : null}
    </div>
  );
}

/** A chart is long: each part can be gone to, and its length is known before. */
function PartLinks({
  shown,
}: {
  readonly shown: readonly { readonly part: Category; readonly count: number }[];
}) {
  const { t } = useTranslation(['clinic', 'access']);
  if (shown.length < 2) return null;
  return (
    <nav aria-label={t('record.parts')} className="chart-parts">
      <ul>
        {shown.map(({ part, count }) => (
          <li key={part}>
            <a href={`#${partId(part)}`}>
              {t(`access:part.${part}`)} <span className="quiet">{count}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
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
