// The reports that speak of a study, beside its images.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LinkedEntry } from '../api/imaging-links.ts';
import { reportsOfStudyQuery } from '../api/imaging-links.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, timelineEntryPath } from '../paths.ts';
import { LinkedEntries } from '../ui/linked-entries.tsx';

/** @param patient whose record was opened; none in one's own */
export function ReportsOfStudy({
  study,
  patient,
}: {
  readonly study: string;
  readonly patient: string | undefined;
}) {
  const { t } = useTranslation('imaging');
  const language = useLanguage();
  const { data = [] } = useQuery(reportsOfStudyQuery(study));
  const hrefOf = ({ type, id }: LinkedEntry): string | undefined => {
    if (patient === undefined) return timelineEntryPath({ type, id });
    return type === 'DocumentReference' ? clinicPaths.paper(patient, id) : undefined;
  };
  return (
    <LinkedEntries
      icon="document"
      lines={data.map((one) => ({
        key: `${one.type}/${one.id}`,
        words: t('report', {
          title: one.title ?? t('report.unnamed'),
          date: one.date === undefined ? '' : formatDate(one.date, language),
        }),
        href: hrefOf(one),
        detail: one.conclusion,
      }))}
      title={t('reports')}
    />
  );
}
