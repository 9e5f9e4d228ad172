// One entry of the timeline: its day in the margin, what it is, what it says, who says so, how far it is proven. A visit carries what
// belongs to it, folded.
import { useTranslation } from 'react-i18next';
import type { ProofState, TimelineItem } from '../../api/timeline.ts';
import { formatDayMonth, NBSP } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { recordBlocks, timelineEntryPath } from '../../paths.ts';
import { EntryProof } from '../../ui/entry-proof.tsx';
import { SourceLine } from '../../ui/fact-row.tsx';
import { Icon } from '../../ui/icons.tsx';
import { marginRule } from '../../ui/source.ts';
import { KIND_ICON, useTimelineWords } from '../../ui/timeline-words.ts';
import { sourceOf } from './source-of.ts';
import type { Shown } from './visits.ts';

/** Letters that a number with its unit has at most; what is longer is broken like any text. */
const LONGEST_NUMBER = 24;
/** A longer value is words: it stands under the title. */
const LONG_VALUE = 120;
/** What is longer is cut in the list, about four lines of a phone. */
const LONG_LINE = 200;

const unbroken = (value: string): string =>
  value.length <= LONGEST_NUMBER ? value.replaceAll(' ', NBSP) : value;

export interface TimelineEntryProps {
  readonly shown: Shown;
  readonly own: boolean;
  readonly states: Readonly<Record<string, ProofState>>;
}

export function TimelineEntry({ shown: { item, within, report }, own, states }: TimelineEntryProps) {
  const { t } = useTranslation('timeline');
  const words = useTimelineWords()(item);
  const source = sourceOf(item, own);
  const proof = states[item.entryId];
  const isLong = (words.value?.length ?? 0) > LONG_VALUE;
  // A dose or a danger is never cut.
  const isCut = (line: string): boolean =>
    line.length > LONG_LINE && item.kind !== 'medicines' && item.kind !== 'allergies';
  return (
    <li className="timeline-entry" data-rule={item.sealed ? 'sealed' : marginRule(source)}>
      <EntryDay item={item} />
      <article className="timeline-words">
        <div className="timeline-head">
          <p className="timeline-kind">
            <Icon name={item.sealed ? 'lock' : KIND_ICON[item.kind]} size={18} />
            <span>{item.sealed ? `${words.kind} · ${t('sealed')}` : words.kind}</span>
          </p>
          {proof === undefined ? null : <EntryProof href={recordBlocks(item)} of={proof} />}
        </div>
        <h3>
          <a
            aria-label={t('open.named', { what: words.title, date: words.date })}
            dir="auto"
            href={timelineEntryPath(item)}
          >
            {words.title}
          </a>
          {words.value === undefined || isLong ? null : (
            <span className="timeline-value" data-odd={words.flag?.odd === true ? '' : undefined}>
              {' '}
              {unbroken(words.value)}
              {words.flag === undefined ? null : <span className="timeline-flag"> {words.flag.word}</span>}
            </span>
          )}
        </h3>
        {[...(isLong ? [words.value ?? ''] : []), ...words.lines].map((line) => (
          <p className="timeline-line" data-long={isCut(line) ? '' : undefined} dir="auto" key={line}>
            {line}
          </p>
        ))}
        {isLong || words.lines.some(isCut) ? (
          <a
            aria-label={t('whole.named', { what: words.title, date: words.date })}
            href={timelineEntryPath(item)}
          >
            {t('whole')}
          </a>
        ) : null}
        <SourceLine source={source} />
        {report === undefined ? null : (
          <p className="timeline-report">
            <a
              aria-label={t('report.named', { what: words.title, date: words.date })}
              href={timelineEntryPath(report)}
            >
              {t('report.one')}
            </a>
          </p>
        )}
        {within.length === 0 ? null : <Within isVisit={item.type === 'Encounter'} items={within} />}
      </article>
    </li>
  );
}

/** A few results are read at once; many are opened. */
const SHOWN_RESULTS = 5;

/** The year is said above. */
function EntryDay({ item }: { readonly item: TimelineItem }) {
  const language = useLanguage();
  const date = item.date ?? item.day;
  const [day = '', month] = formatDayMonth(date, language).split(NBSP);
  return (
    <p className="timeline-day">
      <time dateTime={date}>
        {date.length === 10 && month !== undefined ? (
          <>
            <span className="timeline-number">{day}</span> <span>{month}</span>
          </>
        ) : (
          <span>{day}</span>
        )}
      </time>
    </p>
  );
}

function Within({ items, isVisit }: { readonly items: readonly TimelineItem[]; readonly isVisit: boolean }) {
  const { t } = useTranslation('timeline');
  if (!isVisit && items.length <= SHOWN_RESULTS)
    return (
      <div className="timeline-within">
        <WithinList items={items} />
      </div>
    );
  const odd = isVisit ? 0 : items.filter(({ flag }) => flag !== undefined && flag !== 'N').length;
  return (
    <details className="timeline-within">
      <summary>
        {t(isVisit ? 'visit' : 'report', { count: items.length })}
        {odd === 0 ? null : <span className="timeline-odd">{t('report.odd', { count: odd })}</span>}
      </summary>
      <WithinList items={items} />
    </details>
  );
}

function WithinList({ items }: { readonly items: readonly TimelineItem[] }) {
  const words = useTimelineWords();
  return (
    <ul>
      {items.map((item) => {
        const { kind, title, value, flag } = words(item);
        return (
          <li key={`${item.type}/${item.id}`}>
            <Icon name={KIND_ICON[item.kind]} size={16} />
            <span>
              <span className="visually-hidden">{kind}: </span>
              <a dir="auto" href={timelineEntryPath(item)}>
                {title}
              </a>
              {value === undefined ? null : (
                <span className="timeline-value" data-odd={flag?.odd === true ? '' : undefined}>
                  {' '}
                  {unbroken(value)}
                  {flag?.odd === true ? <span className="timeline-flag"> {flag.word}</span> : null}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
