// On an entry of the timeline: the reports of a study, the images of a report.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../../core/fhir/types.ts';
import { lookAt } from '../../../core/record/look-at.ts';
import type { LinkedEntry } from '../../api/imaging-links.ts';
import { imagesOfReportQuery, reportsOfStudyQuery } from '../../api/imaging-links.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { imagesPath, timelineEntryPath } from '../../paths.ts';
import { LinkedEntries } from '../../ui/linked-entries.tsx';

export function ImagingLinks({ resource }: { readonly resource: Resource }) {
  const look = lookAt(resource);
  if (look?.kind === 'images') return <Reports study={look.study} />;
  const isReport =
    resource.resourceType === 'DiagnosticReport' || resource.resourceType === 'DocumentReference';
  return isReport ? <Images report={resource} /> : null;
}

function Reports({ study }: { readonly study: string }) {
  const { t } = useTranslation('timeline');
  const { data = [] } = useQuery(reportsOfStudyQuery(study));
  const words = useLinkWords();
  return (
    <LinkedEntries
      icon="document"
      lines={data.map((one) => ({
        key: `${one.type}/${one.id}`,
        words: words('entry.report', one),
        href: timelineEntryPath(one),
        detail: one.conclusion,
      }))}
      title={t('entry.reports')}
    />
  );
}

function Images({ report }: { readonly report: Resource }) {
  const { t } = useTranslation('timeline');
  const { data = [] } = useQuery(imagesOfReportQuery(report));
  const words = useLinkWords();
  return (
    <LinkedEntries
      icon="eye"
      lines={data.map((one) => ({
        key: one.id,
        words: words('entry.imagesOf', one),
        href: imagesPath(one.study ?? ''),
      }))}
      title={t('entry.itsImages')}
    />
  );
}

function useLinkWords(): (key: 'entry.report' | 'entry.imagesOf', of: LinkedEntry) => string {
  const { t } = useTranslation('timeline');
  const language = useLanguage();
  return (key, { title, date }) =>
    t(key, {
      title: title ?? t('entry.unnamed'),
      date: date === undefined ? '' : formatDate(date, language),
    });
}
