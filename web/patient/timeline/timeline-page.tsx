// The record by time: years with their counts, filters, search, and a list to jump by. Only what is near to the reader is drawn.
import type { ReactNode } from 'react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { TimelineKind } from '../../../core/timeline/timeline-entry.ts';
import { timelineKinds } from '../../../core/timeline/timeline-entry.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { actingFor } from '../../api/acting.ts';
import { authorChoices, foundQuery, monthsQuery } from '../../api/timeline.ts';
import type { AuthorChoice, Place, TimelineFilter } from '../../api/timeline.ts';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { Loading, PageTitle } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useMayChange } from '../doses/use-may-change.ts';
import { JumpList, jumpTo } from './jump-list.tsx';
import { StretchView, TimelineList } from './stretch.tsx';
import { countUntil, firstOf, yearsOf } from './stretches.ts';
import '../who-looked/who-looked.css';
import './timeline.css';

const FEWEST_LETTERS = 2;
/** Entries that a narrow screen shows before it is asked for more. */
const FIRST_SHOWN = 60;
const narrow = matchMedia('(max-width: 47.99rem)');
const CHOICES = ['all', ...timelineKinds] as const;
type Choice = (typeof CHOICES)[number];

interface Chosen {
  readonly choice: Choice;
  readonly by: AuthorChoice | undefined;
  readonly at: string | undefined;
  /** On a narrow screen the newest entries, as many as this; it grows when one asks for more. */
  readonly most: number;
}

const filterOf = ({ choice, by, at }: Chosen): TimelineFilter => ({
  kinds: choice === 'all' ? [] : [choice satisfies TimelineKind],
  by,
  at,
});

/** What was chosen stands in the address, so that it is there again after an entry was opened. A place by its key, never by its name. */
function chosenInAddress(): Chosen {
  const query = new URLSearchParams(location.search);
  const at = query.get('at') ?? '';
  const most = query.get('most') ?? '';
  return {
    choice: CHOICES.find((one) => one === query.get('kind')) ?? 'all',
    by: authorChoices.find((one) => one === query.get('by')),
    at: /^[0-9a-f]{16}$/.test(at) ? at : undefined,
    most: /^[1-9]\d{1,6}$/.test(most) ? Number(most) : FIRST_SHOWN,
  };
}

function keepInAddress({ choice, by, at, most }: Chosen): void {
  const query = new URLSearchParams({
    ...(choice === 'all' ? {} : { kind: choice }),
    ...(by === undefined ? {} : { by }),
    ...(at === undefined ? {} : { at }),
    ...(most === FIRST_SHOWN ? {} : { most: String(most) }),
  }).toString();
  const address = query === '' ? location.pathname : `${location.pathname}?${query}`;
  // The router puts itself before `history.replaceState` and scrolls to the top of what it takes for another page.
  History.prototype.replaceState.call(history, history.state, '', address);
}

export function TimelinePage() {
  const { t } = useTranslation('timeline');
  const [chosen, setChosen] = useState(chosenInAddress);
  const choose = (change: Partial<Chosen>): void => {
    const next = { ...chosen, most: FIRST_SHOWN, ...change };
    setChosen(next);
    keepInAddress(next);
  };
  const [words, setWords] = useState('');
  const own = actingFor() === undefined;
  const mayChange = useMayChange();
  const filter = filterOf(chosen);
  const sought = useSettled(words.trim());
  return (
    <div className="timeline">
      <PageTitle
        action={
          <div className="row">
            <LinkButton href={paths.record} icon="record">
              {t('facts')}
            </LinkButton>
            {mayChange ? (
              <LinkButton href={paths.doses} icon="plus" look="primary">
                {t('add')}
              </LinkButton>
            ) : null}
          </div>
        }
        lead={t('lead')}
      >
        {t('title')}
      </PageTitle>
      <fieldset className="filter">
        <legend className="visually-hidden">{t('filter')}</legend>
        <div>
          {CHOICES.map((one) => (
            <label key={one}>
              <input
                checked={one === chosen.choice}
                name="timeline-kind"
                onChange={() => choose({ choice: one })}
                type="radio"
                value={one}
              />
              <span>{t(`kind.${one}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Narrowing isUsed={chosen.by !== undefined || chosen.at !== undefined}>
        <search>
          <TextField
            hint={t('search.hint')}
            label={t('search')}
            onChange={setWords}
            type="search"
            value={words}
          />
        </search>
        <div className="timeline-narrow">
          <SelectField
            label={t('author')}
            onChange={(key) => choose({ by: authorChoices.find((one) => one === key) })}
            options={[
              { value: 'all', label: t('author.all') },
              ...authorChoices.map((one) => ({
                value: one,
                label: t(one === 'self' && own ? 'author.own' : `author.${one}`),
              })),
            ]}
            value={chosen.by ?? 'all'}
          />
          <PlaceChoice at={chosen.at} filter={filter} onChange={(at) => choose({ at })} />
        </div>
      </Narrowing>
      {sought.length < FEWEST_LETTERS ? (
        <Years
          filter={filter}
          isFiltered={chosen.choice !== 'all' || chosen.by !== undefined || chosen.at !== undefined}
          most={chosen.most}
          onMore={(most) => choose({ most })}
          own={own}
        />
      ) : (
        <Found filter={filter} own={own} words={sought} />
      )}
    </div>
  );
}

interface NarrowingProps {
  readonly isUsed: boolean;
  readonly children: ReactNode;
}

/** On a phone the record begins on the first screen: what few use stands folded above it, open where something was chosen before. */
function Narrowing({ isUsed, children }: NarrowingProps) {
  const { t } = useTranslation('timeline');
  const isNarrow = useNarrow();
  // Later it opens and closes by its reader's hand alone.
  const [isOpen] = useState(isUsed);
  if (!isNarrow) return children;
  return (
    <details className="timeline-more" open={isOpen}>
      <summary>{t('narrow')}</summary>
      {children}
    </details>
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
    <SelectField
      label={t('place')}
      onChange={(key) => onChange(key === 'all' ? undefined : key)}
      options={[
        { value: 'all', label: t('place.all') },
        ...known.map(({ key, name, count }) => ({ value: key, label: `${name} (${count})` })),
      ]}
      value={at ?? 'all'}
    />
  );
}

interface YearsProps {
  readonly filter: TimelineFilter;
  readonly isFiltered: boolean;
  readonly own: boolean;
  readonly most: number;
  readonly onMore: (most: number) => void;
}

function Years({ filter, isFiltered, own, most, onMore }: YearsProps) {
  const { t } = useTranslation(['timeline', 'common']);
  const language = useLanguage();
  const isNarrow = useNarrow();
  const goal = useRef<string>(undefined);
  // A year that was not drawn yet is gone to once it is.
  useEffect(() => {
    if (goal.current === undefined) return;
    jumpTo(goal.current);
    goal.current = undefined;
  });
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
  const { years: shown, next } = firstOf(years, isNarrow ? most : Number.POSITIVE_INFINITY);
  const jump = (year: string): void => {
    if (shown.some((one) => one.year === year)) {
      jumpTo(year);
      return;
    }
    goal.current = year;
    onMore(countUntil(years, year));
  };
  const counted = (count: number): string => t('entries', { count, shown: formatNumber(count) });
  return (
    <div className="timeline-columns">
      <div>
        {shown.map(({ year, count, stretches }) => (
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
        {next === undefined ? null : (
          <Button onPress={() => onMore(most * 2)} wide>
            {t('earlier', { month: formatDate(next.to, language) })}
          </Button>
        )}
      </div>
      <aside>
        <JumpList counted={counted} onJump={jump} years={years} />
        <MarginKey />
      </aside>
    </div>
  );
}

/** A phone ends its pages: what is further down is asked for. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed);
      return () => narrow.removeEventListener('change', changed);
    },
    () => narrow.matches,
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
