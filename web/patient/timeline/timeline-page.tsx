// The record by time: years with their counts, filters, search, and a list to jump by. Only what is near to the reader is drawn.
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TimelineKind } from '../../../core/timeline/timeline-entry.ts';
import { timelineKinds } from '../../../core/timeline/timeline-entry.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { actingFor } from '../../api/acting.ts';
import { foundQuery, monthsQuery } from '../../api/timeline.ts';
import type { Place, TimelineFilter } from '../../api/timeline.ts';
import { formatNumber } from '../../i18n/format.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { JumpList } from './jump-list.tsx';
import { StretchView, TimelineList } from './stretch.tsx';
import { yearsOf } from './stretches.ts';
import '../who-looked/who-looked.css';
import './timeline.css';

const FEWEST_LETTERS = 2;
const CHOICES = ['all', ...timelineKinds, 'self'] as const;
type Choice = (typeof CHOICES)[number];

function filterOf(choice: Choice, at: string | undefined): TimelineFilter {
  if (choice === 'all') return { kinds: [], at };
  if (choice === 'self') return { kinds: [], by: 'self', at };
  return { kinds: [choice satisfies TimelineKind], at };
}

/** What was chosen stands in the address, so that it is there again after an entry was opened. A place by its key, never by its name. */
function chosenInAddress(): { readonly choice: Choice; readonly at: string | undefined } {
  const query = new URLSearchParams(location.search);
  const at = query.get('at') ?? '';
  return {
    choice: CHOICES.find((one) => one === query.get('kind')) ?? 'all',
    at: /^[0-9a-f]{16}$/.test(at) ? at : undefined,
  };
}

function keepInAddress(choice: Choice, at: string | undefined): void {
  const query = new URLSearchParams({
    ...(choice === 'all' ? {} : { kind: choice }),
    ...(at === undefined ? {} : { at }),
  }).toString();
  history.replaceState(history.state, '', query === '' ? location.pathname : `${location.pathname}?${query}`);
}

export function TimelinePage() {
  const { t } = useTranslation('timeline');
  const [{ choice, at }, setChosen] = useState(chosenInAddress);
  const choose = (next: Choice, place: string | undefined): void => {
    setChosen({ choice: next, at: place });
    keepInAddress(next, place);
  };
  const [words, setWords] = useState('');
  const own = actingFor() === undefined;
  const filter = filterOf(choice, at);
  const sought = useSettled(words.trim());
  return (
    <div className="timeline">
      <PageTitle
        action={
          <LinkButton href={paths.record} icon="record">
            {t('facts')}
          </LinkButton>
        }
        lead={t('lead')}
      >
        {t('title')}
      </PageTitle>
      <search>
        <TextField
          hint={t('search.hint')}
          label={t('search')}
          onChange={setWords}
          type="search"
          value={words}
        />
      </search>
      <fieldset className="filter">
        <legend className="visually-hidden">{t('filter')}</legend>
        <div>
          {CHOICES.map((one) => (
            <label key={one}>
              <input
                checked={one === choice}
                name="timeline-kind"
                onChange={() => choose(one, at)}
                type="radio"
                value={one}
              />
              <span>{t(`kind.${one}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <PlaceChoice at={at} filter={filter} onChange={(place) => choose(choice, place)} />
      {sought.length < FEWEST_LETTERS ? (
        <Years filter={filter} isFiltered={choice !== 'all' || at !== undefined} own={own} />
      ) : (
        <Found filter={filter} own={own} words={sought} />
      )}
    </div>
  );
}

/** Each search is a look that the record keeps: it waits until the reader has stopped writing. */
function useSettled(words: string): string {
  const [settled, setSettled] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), 400);
    return () => clearTimeout(timer);
  }, [words]);
  return settled;
}

interface PlaceChoiceProps {
  readonly filter: TimelineFilter;
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

/** Nothing to choose where no entry names a place. */
function PlaceChoice({ filter, at, onChange }: PlaceChoiceProps) {
  const { t } = useTranslation('timeline');
  const { data } = useQuery(monthsQuery(filter));
  const [known, setKnown] = useState<readonly Place[]>([]);
  // While another choice is fetched the list stays.
  if (data !== undefined && data.places !== known) setKnown(data.places);
  if (known.length === 0 && at === undefined) return null;
  return (
    <div className="timeline-place">
      <SelectField
        label={t('place')}
        onChange={(key) => onChange(key === 'all' ? undefined : key)}
        options={[
          { value: 'all', label: t('place.all') },
          ...known.map(({ key, name, count }) => ({ value: key, label: `${name} (${count})` })),
        ]}
        value={at ?? 'all'}
      />
    </div>
  );
}

interface YearsProps {
  readonly filter: TimelineFilter;
  readonly isFiltered: boolean;
  readonly own: boolean;
}

function Years({ filter, isFiltered, own }: YearsProps) {
  const { t } = useTranslation(['timeline', 'common']);
  const problemWords = useProblemWords();
  const { data, error, refetch } = useQuery(monthsQuery(filter));
  if (error !== null)
    return (
      <ErrorBand
        actions={<Button onPress={() => void refetch()}>{t('common:act.tryAgain')}</Button>}
        title={t('failed')}
      >
        {problemWords(error)}
      </ErrorBand>
    );
  if (data === undefined) return <Loading>{t('loading')}</Loading>;
  const years = yearsOf(data.months);
  if (years.length === 0) return <p className="quiet">{t(isFiltered ? 'empty.filtered' : 'empty')}</p>;
  const counted = (count: number): string => t('entries', { count, shown: formatNumber(count) });
  return (
    <div className="timeline-columns">
      <div>
        {years.map(({ year, count, stretches }) => (
          <section aria-labelledby={`year-${year}`} className="timeline-year" key={year}>
            <div className="timeline-year-head">
              <h2 id={`year-${year}`} tabIndex={-1}>
                {year}
              </h2>
              <p className="quiet">{counted(count)}</p>
            </div>
            {stretches.map((stretch) => (
              <StretchView
                filter={filter}
                key={`${stretch.from} ${filter.kinds.join()} ${filter.by ?? ''} ${filter.at ?? ''}`}
                own={own}
                stretch={stretch}
              />
            ))}
          </section>
        ))}
      </div>
      <aside>
        <JumpList counted={counted} years={years} />
        <MarginKey />
      </aside>
    </div>
  );
}

interface FoundProps {
  readonly words: string;
  readonly filter: TimelineFilter;
  readonly own: boolean;
}

function Found({ words, filter, own }: FoundProps) {
  const { t } = useTranslation('timeline');
  const problemWords = useProblemWords();
  const { data, error } = useQuery(foundQuery(words, filter));
  if (error !== null) return <ErrorBand title={t('failed')}>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('loading')}</Loading>;
  const { entries, more } = data;
  return (
    <section aria-live="polite" className="timeline-found">
      <p className="quiet">
        {entries.length === 0 ? t('search.none', { words }) : t('search.found', { count: entries.length })}{' '}
        {more ? t('search.more') : null}
      </p>
      <TimelineList items={entries.map(({ visit: _visit, ...entry }) => entry)} own={own} />
    </section>
  );
}

function MarginKey() {
  const { t } = useTranslation('timeline');
  return (
    <section aria-labelledby="margin-key" className="timeline-key">
      <h2 id="margin-key">{t('margin.title')}</h2>
      <ul className="rows">
        {(['verified', 'said', 'sealed'] as const).map((rule) => (
          <li data-rule={rule} key={rule}>
            {t(`margin.${rule}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
