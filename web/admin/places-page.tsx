// Where one works: each place with its role, the licence that counts and the one that waits for a look, and the way out.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '../api/places.ts';
import { leavePlace, ownPlacesQuery, writeOwnLicence } from '../api/places.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import './admin.css';
import { LicenceForm } from './licence-form.tsx';
import { needsLicence } from './member-row.tsx';
import { ProblemBand } from './problem-band.tsx';
import { licenceWords, useAct } from './use-act.ts';

export function PlacesPage() {
  const { t } = useTranslation(['places', 'common']);
  const { data, error } = useQuery(ownPlacesQuery);
  return (
    <div className="admin">
      <PageTitle lead={t('own.lead')}>{t('own.title')}</PageTitle>
      <ProblemBand error={error} />
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data?.length === 0 ? <p className="quiet">{t('own.none')}</p> : null}
      {data?.map((place) => (
        <PlaceSection key={place.id} place={place} />
      ))}
    </div>
  );
}

function PlaceSection({ place }: { readonly place: Place }) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const write = useAct(writeOwnLicence);
  const leave = useAct(leavePlace);
  const where = place.organization ?? t('noName');
  const line = (licence: NonNullable<Place['licence']>) => ({
    licence: licenceWords(licence),
    when: formatDate(licence.until ?? '', language),
  });
  return (
    <Section title={`${where}, ${t(`role.${place.role}`)}`}>
      <div className="stack">
        <p className="quiet">{t(`may.${place.role}`)}</p>
        <p className="quiet small">{t('people.since', { when: formatDate(place.since, language) })}</p>
        {place.suspended ? <Band tone="caution">{t('own.suspended')}</Band> : null}
        {place.licence === null ? null : <p>{t('licence.line', line(place.licence))}</p>}
        {place.entered === null ? null : (
          <Band title={t('own.waiting')} tone="info">
            {t('licence.line', line(place.entered))}
          </Band>
        )}
        <ProblemBand error={write.error ?? leave.error} />
        {needsLicence(place.role) && place.entered === null ? (
          <LicenceForm
            busy={write.isPending}
            onWritten={(licence) =>
              write.mutate(
                { place: place.id, licence },
                { onSuccess: () => announceDone(t('licence.written')) },
              )
            }
          />
        ) : null}
        <p>
          <Button
            busy={leave.isPending && t('working')}
            label={t('own.leaveOf', { place: where, role: t(`role.${place.role}`) })}
            look="link"
            onPress={() => leave.mutate(place.id)}
          >
            {t('own.leave')}
          </Button>
        </p>
      </div>
    </Section>
  );
}
