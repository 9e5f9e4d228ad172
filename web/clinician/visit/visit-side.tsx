// What to know while writing: what is taken, what ails, the last visits, what is sealed. Only what the permission covers.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isTaken } from '../../../core/clinical/read-record.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { entryDate, entryTitle } from '../../../core/record/entry-title.ts';
import { textAt } from '../../../core/record/elements.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';
import { sealedEntriesQuery } from '../../api/clinic.ts';
import { formatDate, formatDayMonth } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { clinicPaths } from '../../paths.ts';
import { Band } from '../../ui/band.tsx';
import { FactRow } from '../../ui/fact-row.tsx';
import type { Author } from '../../ui/source.ts';
import { Rows, Section } from '../../ui/section.tsx';

const SHOWN = 6;
const AUTHORS: readonly Author[] = ['patient', 'guardian', 'professional', 'organization', 'import'];

export function VisitSide(props: {
  readonly patientId: string;
  readonly record: readonly Resource[];
  readonly today: string;
}) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const { data: sealed = [] } = useQuery(sealedEntriesQuery(props.patientId));
  const newest = (a: Resource, b: Resource): number => (entryDate(b) ?? '').localeCompare(entryDate(a) ?? '');
  const takes = props.record.filter((one) => isTaken(one, props.today)).sort(newest);
  const ails = props.record
    .filter(({ resourceType }) => resourceType === 'Condition')
    .filter((one) => timelineEntry(one)?.status === undefined)
    .sort(newest);
  const visits = props.record.filter(({ resourceType }) => resourceType === 'Encounter').sort(newest);
  return (
    <aside className="visit-side">
      <Facts of={takes} patientId={props.patientId} title={t('context.takes')} />
      <Facts of={ails} patientId={props.patientId} title={t('context.problems')} />
      <Section title={t('context.visits')}>
        {visits.length === 0 ? <p className="quiet">{t('context.none')}</p> : null}
        <ul className="visit-past">
          {visits.slice(0, SHOWN).map((one) => {
            const entry = timelineEntry(one);
            return (
              <li key={textAt(one, 'id')}>
                <span>{entry?.lines[0] ?? entry?.title}</span>
                <span className="quiet">{formatDate(entryDate(one) ?? '', language)}</span>
              </li>
            );
          })}
        </ul>
      </Section>
      {sealed.length === 0 ? null : (
        <Band tone="sealed">{t('context.sealed', { count: sealed.length })}</Band>
      )}
    </aside>
  );
}

function Facts(props: {
  readonly title: string;
  readonly of: readonly Resource[];
  readonly patientId: string;
}) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const { of } = props;
  return (
    <Section
      action={
        of.length > SHOWN ? (
          <a href={clinicPaths.patient(props.patientId)}>{t('context.more', { count: of.length })}</a>
        ) : undefined
      }
      title={props.title}
    >
      {of.length === 0 ? <p className="quiet">{t('context.none')}</p> : null}
      <Rows>
        {of.slice(0, SHOWN).map((one) => {
          const entry = timelineEntry(one);
          const tag = authorOf(one);
          return (
            <FactRow
              detail={entry?.lines[0]}
              key={`${one.resourceType}/${textAt(one, 'id') ?? ''}`}
              source={{
                author: AUTHORS.find((each) => each === tag) ?? 'import',
                who: entry?.who,
                ...(entryDate(one) === undefined ? {} : { on: entryDate(one) }),
              }}
              value={entryTitle(one) ?? formatDayMonth(entryDate(one) ?? '', language)}
            />
          );
        })}
      </Rows>
    </Section>
  );
}

function authorOf(resource: Resource): string | undefined {
  const meta = resource['meta'] as { tag?: readonly { system?: string; code?: string }[] } | undefined;
  return meta?.tag?.find(({ system }) => system === 'urn:medallion:author')?.code;
}
