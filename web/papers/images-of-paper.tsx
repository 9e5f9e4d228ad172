// The images that a document speaks of, below it.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../core/fhir/types.ts';
import { imagesOfReportQuery } from '../api/imaging-links.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, imagesPath } from '../paths.ts';
import { LinkedEntries } from '../ui/linked-entries.tsx';

export function ImagesOfPaper({
  document,
  patient,
}: {
  readonly document: Resource;
  readonly patient: string | undefined;
}) {
  const { t } = useTranslation('papers');
  const language = useLanguage();
  const { data = [] } = useQuery(imagesOfReportQuery(document));
  return (
    <LinkedEntries
      icon="eye"
      lines={data.map(({ id, title, date, study = '' }) => ({
        key: id,
        words: t('images', {
          title: title ?? t('images.unnamed'),
          date: date === undefined ? '' : formatDate(date, language),
        }),
        href: patient === undefined ? imagesPath(study) : clinicPaths.images(patient, study),
      }))}
      title={t('images.title')}
    />
  );
}
