// What administrators did, for auditors and for themselves: read out of the log, the newest first. Nothing of anybody's record.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Act } from '../api/places.ts';
import { actsQuery } from '../api/places.ts';
import { formatDateTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import './admin.css';
import { ProblemBand } from './problem-band.tsx';

export function ActsPage() {
  const { t } = useTranslation(['places', 'common']);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(actsQuery);
  const acts = data?.pages.flatMap((page) => page.acts) ?? [];
  return (
    <div className="admin">
      <PageTitle lead={t('acts.lead')}>{t('acts.title')}</PageTitle>
      <div className="row admin-ways">
        <LinkButton href={paths.oversight}>{t('acts.oversight')}</LinkButton>
        <LinkButton href={paths.explorer}>{t('acts.log')}</LinkButton>
      </div>
      <ProblemBand error={error} />
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <Section title={t('acts.list')}>
          {acts.length === 0 ? <p className="quiet">{t('acts.none')}</p> : null}
          <ul className="rows">
            {acts.map((act) => (
              <ActRow act={act} key={act.entry} />
            ))}
          </ul>
          {hasNextPage ? (
            <Button busy={isFetchingNextPage && t('common:loading')} onPress={() => void fetchNextPage()}>
              {t('acts.more')}
            </Button>
          ) : null}
        </Section>
      )}
    </div>
  );
}

const EVENTS = [
  'member-add',
  'member-end',
  'member-change',
  'member-suspend',
  'member-resume',
  'member-invite',
  'licence-enter',
  'app-approve',
  'app-refuse',
  'client-disable',
] as const;
const ENDINGS = ['create', 'rename', 'close', 'open', 'refused', 'withdrawn', 'right', 'wrong'] as const;

function ActRow({ act }: { readonly act: Act }) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const values = {
    person: act.person ?? t('acts.somebody'),
    role: act.role === null ? '' : t(`role.${act.role}`),
    former: act.formerRole === null ? '' : t(`role.${act.formerRole}`),
  };
  const event = EVENTS.find((each) => each === act.event);
  const ending = ENDINGS.find((each) => each === act.act);
  return (
    <li className="admin-row">
      <div className="admin-who">
        <p>
          {event === undefined
            ? ending === undefined
              ? t('acts.other', { event: act.event ?? t('acts.erased') })
              : t(`act.${ending}`, values)
            : t(`event.${event}`, values)}
        </p>
        <p className="quiet small">
          {[act.by ?? t('acts.operator'), act.organization?.name, formatDateTime(act.at, language)]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
    </li>
  );
}
