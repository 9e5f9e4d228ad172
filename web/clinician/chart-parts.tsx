// The parts of an opened record, each entry with who said it, where it stands, and that its person questions it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import { categoryOf, isSealed } from '../../core/access/categories.ts';
import type { Category } from '../../core/access/categories.ts';
import { isJsonObject } from '../../core/fhir/json.ts';
import type { Resource as CoreResource } from '../../core/fhir/types.ts';
import { codesOf } from '../../core/record/elements.ts';
import { entryDate, entryTitle } from '../../core/record/entry-title.ts';
import type { Joined } from '../../core/record/joined.ts';
import { joinedRecordOf } from '../../core/record/joined.ts';
import { lookAt } from '../../core/record/look-at.ts';
import { saysNothing } from '../../core/record/none-known.ts';
import { readSource } from '../../core/record/read-source.ts';
import type { RecordIndex } from '../../core/record/record-index.ts';
import type { Questioned } from '../api/corrections.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { FactRow } from '../ui/fact-row.tsx';
import { Rows, Section } from '../ui/section.tsx';
import { LookLink } from './look-link.tsx';

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

/** One part of the record, the newest first; of a long one more is shown when that is wished. */
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
  const [most, setMost] = useState(SHOWN_AT_FIRST);
  const name = t(`access:part.${part}`);
  const newest = resources.toSorted((a, b) => dayOf(b).localeCompare(dayOf(a)));
  const shown = newest.slice(0, most);
  const more = Math.min(newest.length, most === SHOWN_AT_FIRST ? SHOWN_MORE : most + SHOWN_MORE);
  return (
    <Section title={name}>
      <Rows>
        {shown.map((resource) => (
          <EntryRow chart={chart} danger={part === 'allergies'} key={keyOf(resource)} resource={resource} />
        ))}
      </Rows>
      {shown.length === newest.length ? null : (
        <Button
          label={
            more === newest.length
              ? t('record.allOf', { count: more, part: name })
              : t('record.newestOf', { count: more, all: newest.length, part: name })
          }
          look="link"
          onPress={() => setMost(more)}
        >
          {more === newest.length
            ? t('record.all', { count: more })
            : t('record.newest', { count: more, all: newest.length })}
        </Button>
      )}
    </Section>
  );
}

const keyOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id ?? ''}`;

const dayOf = (resource: Resource): string =>
  entryDate(resource as unknown as CoreResource) ?? resource.meta?.lastUpdated?.slice(0, 10) ?? '';

function EntryRow({
  resource,
  danger,
  chart,
}: {
  readonly resource: Resource;
  readonly danger: boolean;
  readonly chart: Chart;
}) {
  const { t } = useTranslation(['clinic', 'access']);
  const language = useLanguage();
  const core = resource as unknown as CoreResource;
  const on = dayOf(resource);
  const title = entryTitle(core) ?? t(`access:part.${categoryOf(core)}`);
  const look = lookAt(core);
  const codes = isJsonObject(core['code']) ? codesOf(core['code']) : [];
  const { kind, who } = readSource(chart.index, core);
  const joined = joinedRecordOf(core, chart.joined);
  const said = [
    ...(isSealed(core) ? [t('record.sealed')] : []),
    ...(joined === undefined
      ? []
      : [
          joined.on === undefined
            ? t('record.joined')
            : t('record.joinedOn', { when: formatDate(joined.on, language) }),
        ]),
    ...(chart.questioned.get(keyOf(resource)) ?? []).flatMap(({ state, openedAt, disagreement }) => [
      t(`record.questioned.${state}`, { when: formatDate(openedAt, language) }),
      ...(disagreement === null ? [] : [t('record.disagrees', { words: disagreement })]),
    ]),
  ];
  return (
    <FactRow
      // "No known allergies" is good news.
      danger={danger && !saysNothing(codes, entryTitle(core) ?? '')}
      detail={said.length === 0 ? undefined : said.join(' ')}
      source={{
        author: kind,
        ...(who === undefined ? {} : { who }),
        ...(on === '' ? {} : { on }),
      }}
      value={title}
      actions={
        look === undefined ? undefined : (
          <LookLink look={look} of={`${title}, ${formatDate(on, language)}`} patientId={chart.patientId} />
        )
      }
    />
  );
}
