// The parts of an opened record, each entry with who said it, where it stands, and that its person questions it.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Category } from '../../core/access/categories.ts';
import { isJsonObject } from '../../core/fhir/json.ts';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { codesOf, objectAt, textAt } from '../../core/record/elements.ts';
import { entryDate, entryTitle } from '../../core/record/entry-title.ts';
import type { Joined } from '../../core/record/joined.ts';
import { joinedRecordOf } from '../../core/record/joined.ts';
import { lookAt } from '../../core/record/look-at.ts';
import { saysNothing } from '../../core/record/none-known.ts';
import type { RecordIndex } from '../../core/record/record-index.ts';
import { replacedPrescriptions } from '../../core/record/replaced.ts';
import { seriesOf } from '../../core/record/series.ts';
import { timelineEntry } from '../../core/timeline/timeline-entry.ts';
import type { Questioned } from '../api/corrections.ts';
import { formatDate, NBSP } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { FactRow } from '../ui/fact-row.tsx';
import { Rows, Section } from '../ui/section.tsx';
import { useTimelineWords } from '../ui/timeline-words.ts';
import { idsIn, isSaid, lately, Measure } from './chart-measures.tsx';
import { LookLink } from './look-link.tsx';
import { sourceIn } from './source-in.ts';

export interface Chart {
  readonly patientId: string;
  readonly index: RecordIndex;
  readonly joined: readonly Joined[];
  /** By `Type/id`. */
  readonly questioned: ReadonlyMap<string, readonly Questioned[]>;
}

const SHOWN_AT_FIRST = 10;
/** More at once make the page stand still. */
const SHOWN_MORE = 200;

export const partId = (part: Category): string => `part-${part}`;

/** One part of the record: measures by measure, the rest with what stands before what is over, the newest first. */
export function Part({
  part,
  resources,
  chart,
}: {
  readonly part: Category;
  readonly resources: readonly Resource[];
  readonly chart: Chart;
}) {
  const { t } = useTranslation(['clinic', 'access']);
  const notes = useNotes(chart);
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const name = t(`access:part.${part}`);
  const replaced = useMemo(() => replacedPrescriptions(chart.index), [chart.index]);
  const { series, byId, others } = useMemo(() => {
    const core = resources as unknown as readonly CoreResource[];
    const gathered = part === 'results' || part === 'vital-signs' ? seriesOf(core).toSorted(lately) : [];
    const inLines = idsIn(gathered);
    const left = core.filter(
      (one) =>
        !(one.resourceType === 'Observation' && inLines.has(idOf(one))) &&
        (chart.questioned.has(keyOf(one)) || !isSaid(one, inLines)),
    );
    return {
      series: gathered,
      byId: new Map(gathered.length === 0 ? [] : core.map((one) => [idOf(one), one])),
      others: left
        .map((one) => ({ one, over: isOver(one) || replaced.has(one), day: dayOf(one) }))
        .sort((a, b) => Number(a.over) - Number(b.over) || b.day.localeCompare(a.day))
        .map(({ one }) => one),
    };
  }, [chart.questioned, part, replaced, resources]);
  const count = series.length + others.length;
  const more = Math.min(count, most === SHOWN_AT_FIRST ? SHOWN_MORE : most + SHOWN_MORE);
  return (
    <Section id={partId(part)} title={name}>
      <Rows>
        {series.slice(0, most).map((one) => (
          <Measure
            key={one.key}
            notes={(id) => {
              const found = byId.get(id);
              return found === undefined ? [] : notes(found);
            }}
            series={one}
            source={({ id, at }) => sourceIn(chart.index, byId.get(id), at.slice(0, 10))}
          />
        ))}
        {others.slice(0, Math.max(0, most - series.length)).map((resource) => (
          <EntryRow
            chart={chart}
            danger={part === 'allergies'}
            key={keyOf(resource)}
            notes={[...(replaced.has(resource) ? [t('record.replaced')] : []), ...notes(resource)]}
            resource={resource}
          />
        ))}
      </Rows>
      {count <= most ? null : (
        <Button
          label={
            more === count
              ? t('record.allOf', { count: more, part: name })
              : t('record.newestOf', { count: more, all: count, part: name })
          }
          look="link"
          onPress={() => setMost(more)}
        >
          {more === count
            ? t('record.all', { count: more })
            : t('record.newest', { count: more, all: count })}
        </Button>
      )}
    </Section>
  );
}

const idOf = (resource: CoreResource): string => textAt(resource, 'id') ?? '';
const keyOf = (resource: CoreResource): string => `${resource.resourceType}/${idOf(resource)}`;

const dayOf = (resource: CoreResource): string => entryDate(resource) ?? savedOn(resource);
const savedOn = (resource: CoreResource): string =>
  textAt(objectAt(resource, 'meta'), 'lastUpdated')?.slice(0, 10) ?? '';

const OVER: readonly (string | undefined)[] = [
  'resolved',
  'inactive',
  'remission',
  'refuted',
  'stopped',
  'cancelled',
  'entered-in-error',
];
const isOver = (resource: CoreResource): boolean => OVER.includes(timelineEntry(resource)?.status);

/** What is to be said of an entry beside what it says itself. */
function useNotes({ joined, questioned }: Chart): (resource: CoreResource) => readonly string[] {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  return (resource) => {
    const from = joinedRecordOf(resource, joined);
    return [
      ...(isSealed(resource) ? [t('record.sealed')] : []),
      ...(from === undefined
        ? []
        : [
            from.on === undefined
              ? t('record.joined')
              : t('record.joinedOn', { when: formatDate(from.on, language) }),
          ]),
      ...(questioned.get(keyOf(resource)) ?? []).flatMap(({ state, openedAt, disagreement }) => [
        t(`record.questioned.${state}`, { when: formatDate(openedAt, language) }),
        ...(disagreement === null ? [] : [t('record.disagrees', { words: disagreement })]),
      ]),
    ];
  };
}

function EntryRow({
  resource,
  danger,
  notes,
  chart,
}: {
  readonly resource: CoreResource;
  readonly danger: boolean;
  readonly notes: readonly string[];
  readonly chart: Chart;
}) {
  const { t } = useTranslation('access');
  const language = useLanguage();
  const timelineWords = useTimelineWords();
  const on = dayOf(resource);
  const entry = timelineEntry(resource);
  const said = entry === undefined ? undefined : timelineWords(entry);
  const title = entry?.title ?? entryTitle(resource) ?? t(`part.${categoryOf(resource)}`);
  const look = lookAt(resource);
  const codes = isJsonObject(resource['code']) ? codesOf(resource['code']) : [];
  const lines = said?.lines ?? [];
  return (
    <FactRow
      actions={
        look === undefined ? undefined : (
          <LookLink look={look} of={`${title}, ${formatDate(on, language)}`} patientId={chart.patientId} />
        )
      }
      // "No known allergies" is good news.
      danger={danger && !saysNothing(codes, title)}
      detail={
        lines.length === 0 && notes.length === 0 ? undefined : (
          <>
            {lines.length === 0 ? null : <p className="chart-detail">{lines.join(' · ')}</p>}
            {notes.map((note) => (
              <p key={note}>{note}</p>
            ))}
          </>
        )
      }
      source={sourceIn(chart.index, resource, on)}
      value={
        said?.value === undefined ? (
          title
        ) : (
          <>
            {/^\p{L}/u.test(said.value) ? `${title}:` : title}{' '}
            <span className="chart-value" data-odd={said.flag?.odd === true ? '' : undefined}>
              {said.value.replaceAll(' ', NBSP)}
              {said.flag?.odd === true ? ` ${said.flag.word}` : ''}
            </span>
          </>
        )
      }
    />
  );
}
