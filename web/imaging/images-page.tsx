// A study's images: its series, and the one that is looked at. Every look is in the record's log.
import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { headersQuery, oneImageQuery, previewAddress, seriesQuery } from '../api/images.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths, paths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { seriesShown, slicesOf, studyShown } from './slices.ts';
import type { SeriesShown } from './slices.ts';
import { ReportsOfStudy } from './reports-of-study.tsx';
import { Stage } from './stage.tsx';
import './imaging.css';

export function ImagesPage() {
  const { study: written = '', id: patient } = useParams({ strict: false });
  const study = written.replaceAll('-', '.');
  const { t } = useTranslation(['imaging', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(seriesQuery(study));
  const [chosen, setChosen] = useState<string>();
  const language = useLanguage();
  const all = useMemo(() => seriesShown(data ?? []), [data]);
  const about = useMemo(() => studyShown(data ?? []), [data]);
  const shown = all.find(({ uid }) => uid === chosen) ?? all[0];
  return (
    <div className="images">
      <PageTitle
        lead={about.date === undefined ? undefined : formatDate(about.date, language)}
        tab={t('title')}
      >
        {about.description ?? t('title')}
      </PageTitle>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {shown === undefined ? null : <SeriesStage key={shown.uid} series={shown} study={study} />}
      {all.length < 2 ? null : (
        <Section title={t('series')}>
          <ul className="series-list">
            {all.map((one) => (
              <li key={one.uid}>
                <button
                  aria-pressed={one.uid === shown?.uid}
                  className="series-one"
                  onClick={() => setChosen(one.uid)}
                  type="button"
                >
                  <SeriesWords series={one} />
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <ReportsOfStudy patient={patient} study={study} />
      <p className="quiet small">{t('note')}</p>
      {patient === undefined ? (
        <LinkButton href={paths.timeline} look="link">
          {t('back')}
        </LinkButton>
      ) : (
        <LinkButton href={clinicPaths.patient(patient)} look="link">
          {t('backToRecord')}
        </LinkButton>
      )}
    </div>
  );
}

function SeriesWords({ series }: { readonly series: SeriesShown }) {
  const { t } = useTranslation('imaging');
  return (
    <>
      <strong>{series.description ?? t('series.number', { number: series.number ?? '?' })}</strong>
      <span className="quiet small">
        {series.modality} · {t('images', { count: series.images })}
      </span>
    </>
  );
}

function SeriesStage({ study, series }: { readonly study: string; readonly series: SeriesShown }) {
  const { t } = useTranslation('imaging');
  const problemWords = useProblemWords();
  const { data, error } = useQuery(headersQuery(study, series.uid, series.images));
  const slices = useMemo(() => slicesOf(study, series.uid, data ?? []), [study, series.uid, data]);
  const name = [series.modality, series.description].filter((word) => word !== undefined).join(', ');
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <FirstImage series={series} study={study} />;
  return slices.length === 0 ? <p className="quiet">{t('none')}</p> : <Stage name={name} slices={slices} />;
}

/** The image in the middle, as the server draws it, while the others are asked for. */
function FirstImage({ study, series }: { readonly study: string; readonly series: SeriesShown }) {
  const { data } = useQuery(oneImageQuery(study, series.uid, Math.floor((series.images - 1) / 2)));
  const [slice] = slicesOf(study, series.uid, data ?? []);
  return (
    <div className="stage-frame">
      <div className="stage">
        {slice === undefined ? null : (
          <img
            alt=""
            className="stage-picture stage-preview"
            fetchPriority="high"
            src={previewAddress(slice)}
          />
        )}
      </div>
    </div>
  );
}
