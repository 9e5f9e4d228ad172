// One entry of the timeline: what it says now, who can see it, every version with its changes, its blocks in the log, and the stored text.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { canonicalJson, numberText } from '../../../core/fhir/json.ts';
import type { Resource } from '../../../core/fhir/types.ts';
import { textAt, objectAt, objectsAt } from '../../../core/record/elements.ts';
import { lookAt } from '../../../core/record/look-at.ts';
import { timelineEntry } from '../../../core/timeline/timeline-entry.ts';
import type { Version } from '../../api/record.ts';
import { versionsQuery } from '../../api/record.ts';
import { actingFor } from '../../api/acting.ts';
import { formatDate, formatDateTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { imagesPath, paperPath, paths, recordBlocks } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { SourceLine } from '../../ui/fact-row.tsx';
import { PageTitle, Rows, Section } from '../../ui/section.tsx';
import { EraseEntry } from '../erase/erase-entry.tsx';
import { BackLink } from '../record/back-link.tsx';
import { NothingHere } from '../record/nothing-here.tsx';
import { WhoSees } from '../sharing/who-sees.tsx';
import type { Part, PartChange } from './entry-steps.ts';
import { changesBetween, partsOf } from './entry-steps.ts';
import { ImagingLinks } from './imaging-links.tsx';
import { PutRight } from './put-right.tsx';
import { useTimelineWords } from '../../ui/timeline-words.ts';
import { sourceOf } from './source-of.ts';
import '../record/record.css';
import './timeline.css';

const AUTHOR_TAG = 'urn:medallion:author';

export function TimelineEntryPage() {
  const { type = '', id = '' } = useParams({ strict: false });
  return <KnownEntry id={id} key={`${type}/${id}`} type={type} />;
}

function KnownEntry({ type, id }: { readonly type: string; readonly id: string }) {
  const { t } = useTranslation('timeline');
  const navigate = useNavigate();
  const language = useLanguage();
  const words = useTimelineWords();
  const { data: versions } = useSuspenseQuery(versionsQuery(type, id));
  const read = versions.map((version) => ({
    version,
    entry: version.resource === undefined ? undefined : timelineEntry(version.resource, numberText),
  }));
  const [newest] = read;
  const latest = read.find(({ entry }) => entry !== undefined);
  if (newest === undefined || latest?.entry === undefined || latest.version.resource === undefined)
    return <NothingHere />;
  const { title, date } = words(latest.entry);
  const source = sourceOf(
    { ...latest.entry, ...stored(latest.version), day: latest.entry.date ?? latest.version.at },
    actingFor() === undefined,
  );
  return (
    <div className="timeline-one">
      <BackLink href={paths.timeline}>{t('entry.back')}</BackLink>
      <PageTitle lead={date}>{title}</PageTitle>
      <Section>
        <dl className="timeline-parts">
          {[...partsOf(latest.entry)]
            .filter(([part, said]) => part !== 'title' || said !== title)
            .map(([part, said]) => (
              <div key={part}>
                <dt>{t(part === 'title' ? 'part.written' : `part.${part}`)}</dt>
                <dd>{saidOf(part, said)}</dd>
              </div>
            ))}
        </dl>
        <SourceLine source={source} />
        <LookButton resource={latest.version.resource} />
      </Section>
      <ImagingLinks resource={latest.version.resource} />
      <Section title={t('entry.versions')}>
        <Rows label={t('entry.versions')}>
          {read.map(({ version, entry }, place) => (
            <li key={version.version}>
              <p>
                <strong>
                  {entry === undefined
                    ? t('entry.removed')
                    : place === read.length - 1
                      ? t('entry.first')
                      : t('entry.changed')}
                </strong>
              </p>
              <p className="quiet small">
                {t('entry.version', { number: version.version, when: formatDateTime(version.at, language) })}
              </p>
              {entry === undefined || place === read.length - 1 ? null : (
                <Changes
                  changes={changesBetween(partsOf(read[place + 1]?.entry), partsOf(entry))}
                  saidOf={saidOf}
                />
              )}
            </li>
          ))}
        </Rows>
        <LinkButton href={recordBlocks({ type, id })} look="link">
          {t('entry.blocks')}
        </LinkButton>
      </Section>
      <PutRight by={stored(newest.version).by} entry={`${type}/${id}`} />
      <WhoSees id={id} type={type} />
      <details className="timeline-raw">
        <summary>{t('entry.raw')}</summary>
        <pre tabIndex={0}>{indented(latest.version)}</pre>
      </details>
      <EraseEntry id={id} onErased={() => void navigate({ to: paths.timeline })} type={type} what={title} />
    </div>
  );

  function saidOf(part: Part, said: string): string {
    if (part === 'date' || part === 'until') return formatDate(said, language);
    if (part === 'flag') return words({ ...emptyEntry, flag: said }).flag?.word ?? said;
    if (part === 'status') return words({ ...emptyEntry, status: said }).lines[0] ?? said;
    return said;
  }
}

/** What an entry opens: the images of a study, the paper of a document. */
function LookButton({ resource }: { readonly resource: Resource }) {
  const { t } = useTranslation('timeline');
  if (resource.resourceType === 'ServiceRequest' && textAt(resource, 'status') === 'active')
    return (
      <LinkButton href={paths.orders} icon="flask" look="primary">
        {t('entry.order')}
      </LinkButton>
    );
  const look = lookAt(resource);
  if (look === undefined) return null;
  const isPaper = look.kind === 'paper';
  return (
    <LinkButton href={isPaper ? paperPath(look.id) : imagesPath(look.study)} icon="eye" look="primary">
      {t(isPaper ? 'entry.paper' : 'entry.images')}
    </LinkButton>
  );
}

const emptyEntry = { type: '', id: '', kind: 'results', lines: [], sealed: false } as const;

/** What the server adds to an entry, read off the stored resource. */
function stored({ version, resource, at }: Version): {
  version: number;
  by: string;
  entryId: string;
  recordedAt: string;
} {
  const tag = objectsAt(objectAt(resource, 'meta'), 'tag').find(
    (one) => textAt(one, 'system') === AUTHOR_TAG,
  );
  return { version: Number(version), by: textAt(tag, 'code') ?? 'import', entryId: '', recordedAt: at };
}

function indented({ resource }: Version): string {
  return resource === undefined ? '' : JSON.stringify(JSON.parse(canonicalJson(resource)), null, 2);
}

interface ChangesProps {
  readonly changes: readonly PartChange[];
  readonly saidOf: (part: Part, said: string) => string;
}

function Changes({ changes, saidOf }: ChangesProps) {
  const { t } = useTranslation('timeline');
  if (changes.length === 0) return <p className="quiet">{t('entry.same')}</p>;
  return (
    <ul className="version-lines">
      {changes.map(({ part, was, now }) => (
        <li key={part}>
          {now === undefined ? (
            <span className="was">
              {t('entry.gone', { part: t(`part.${part}`), words: saidOf(part, was ?? '') })}
            </span>
          ) : (
            <>
              <strong>{t('entry.now', { part: t(`part.${part}`), words: saidOf(part, now) })}</strong>
              {was === undefined ? null : (
                <span className="was"> {t('entry.was', { words: saidOf(part, was) })}</span>
              )}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
