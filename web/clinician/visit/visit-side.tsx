// What to know while writing: what is taken, what ails, the last visits, what is sealed. Only what the permission covers.
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { isTaken } from '../../../core/clinical/read-record.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { entryDate, entryTitle } from '../../../core/record/entry-title.ts';
import { textAt } from '../../../core/record/elements.ts';
import type { RecordIndex } from '../../../core/record/record-index.ts';
import { replacedPrescriptions } from '../../../core/record/replaced.ts';
import type { Series } from '../../../core/record/series.ts';
import { seriesOf } from '../../../core/record/series.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';
import type { Prescribed } from '../../../core/visit/draft.ts';
import { prescribeAgain } from '../../../core/visit/prescribe-again.ts';
import { sealedEntriesQuery } from '../../api/clinic.ts';
import { formatDate, formatDayMonth } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { clinicPaths } from '../../paths.ts';
import { Band } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { FactRow } from '../../ui/fact-row.tsx';
import { Rows, Section } from '../../ui/section.tsx';
import { SmallTrend } from '../../ui/small-trend.tsx';
import { lately, measured, MeasuredValue } from '../chart-measures.tsx';
import { sourceIn } from '../source-in.ts';

const SHOWN = 6;
const SAID = 12;

export interface VisitSideProps {
  readonly patientId: string;
  readonly record: readonly Resource[];
  readonly index: RecordIndex;
  readonly today: string;
  /** Absent where medicines may not be written. */
  readonly onAgain?: ((one: Omit<Prescribed, 'key'>) => void) | undefined;
  /** What stands on this visit already, as `MedicationRequest/id`. */
  readonly continued: readonly (string | undefined)[];
}

export function VisitSide({ patientId, record, index, today, onAgain, continued }: VisitSideProps) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const { data: sealed = [] } = useQuery(sealedEntriesQuery(patientId));
  const { takes, ails, visits, series } = useMemo(() => {
    const newest = (a: Resource, b: Resource): number =>
      (entryDate(b) ?? '').localeCompare(entryDate(a) ?? '');
    const replaced = replacedPrescriptions(index);
    return {
      takes: record.filter((one) => isTaken(one, today) && !replaced.has(one)).sort(newest),
      ails: record
        .filter(({ resourceType }) => resourceType === 'Condition')
        .filter((one) => timelineEntry(one)?.status === undefined)
        .sort(newest),
      visits: record.filter(({ resourceType }) => resourceType === 'Encounter').sort(newest),
      series: seriesOf(record).toSorted((a, b) => Number(isOdd(b)) - Number(isOdd(a)) || lately(a, b)),
    };
  }, [index, record, today]);
  return (
    <aside className="visit-side">
      <Facts
        index={index}
        of={takes}
        patientId={patientId}
        renderAct={(one) => {
          const again = onAgain === undefined ? undefined : prescribeAgain(one);
          return again === undefined || continued.includes(again.prior) ? undefined : (
            <Button label={t('again.of', { name: again.text })} look="link" onPress={() => onAgain?.(again)}>
              {t('again')}
            </Button>
          );
        }}
        title={t('context.takes')}
      />
      {series.length === 0 ? null : (
        <Section
          action={
            series.length > SHOWN ? (
              <a href={clinicPaths.patient(patientId)}>{t('context.more', { count: series.length })}</a>
            ) : undefined
          }
          title={t('context.measured')}
        >
          <Rows>
            {series.slice(0, SHOWN).map((one) => (
              <MeasuredRow index={index} key={one.key} of={one} />
            ))}
          </Rows>
        </Section>
      )}
      <Facts index={index} of={ails} patientId={patientId} title={t('context.problems')} />
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

/** The newest value asks for attention. */
function isOdd({ points }: Series): boolean {
  const flag = points.at(-1)?.flag;
  return flag !== undefined && flag !== 'N';
}

function MeasuredRow({ of, index }: { readonly of: Series; readonly index: RecordIndex }) {
  const language = useLanguage();
  const last = of.points.at(-1);
  if (last === undefined) return null;
  return (
    <FactRow
      actions={
        <SmallTrend
          label={`${of.title}: ${of.points
            .slice(-SAID)
            .map((one) => `${measured(one, of)} (${formatDate(one.at.slice(0, 10), language)})`)
            .join(', ')}`}
          points={of.points}
        />
      }
      source={sourceIn(index, index.byReference.get(`Observation/${last.id}`), last.at.slice(0, 10))}
      value={
        <>
          {of.title} <MeasuredValue of={last} series={of} />
        </>
      }
    />
  );
}

function Facts(props: {
  readonly title: string;
  readonly of: readonly Resource[];
  readonly index: RecordIndex;
  readonly patientId: string;
  readonly renderAct?: (one: Resource) => ReactNode;
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
        {of.slice(0, SHOWN).map((one) => (
          <FactRow
            actions={props.renderAct?.(one)}
            detail={timelineEntry(one)?.lines[0]}
            key={`${one.resourceType}/${textAt(one, 'id') ?? ''}`}
            source={sourceIn(props.index, one, entryDate(one) ?? '')}
            value={entryTitle(one) ?? formatDayMonth(entryDate(one) ?? '', language)}
          />
        ))}
      </Rows>
    </Section>
  );
}
