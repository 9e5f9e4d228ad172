// Puts every signed-in page into the shell: who is looked at, where one can go, what is new.
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BRINGING, workQuery } from '../api/clinic.ts';
import { unreadQuery } from '../api/notices.ts';
import { switchTo } from '../api/acting.ts';
import { lookedAfter, useMe } from '../api/session.ts';
import { followAccountLanguage } from '../i18n/texts.ts';
import { appPaths, formPaths, isVisit, paths } from '../paths.ts';
import { Shell } from '../ui/shell.tsx';
import type { NavEntry } from '../ui/shell.tsx';

const SECTIONS = [
  { href: paths.home, label: 'nav.home', icon: 'home', place: 'both' },
  { href: paths.record, label: 'nav.record', icon: 'record', place: 'both' },
  { href: paths.card, label: 'nav.yourCard', shortLabel: 'nav.card', icon: 'card', place: 'both' },
  { href: paths.whoLooked, label: 'nav.whoLooked', icon: 'eye', place: 'both' },
  { href: paths.sharing, label: 'nav.sharing', icon: 'key', place: 'rail' },
  { href: paths.clinic, label: 'nav.clinic', icon: 'people', place: 'rail', works: 'clinician' },
  { href: paths.oversight, label: 'nav.oversight', icon: 'hospital', place: 'rail', works: 'oversight' },
  { href: paths.office, label: 'nav.office', icon: 'pencil', place: 'rail', works: 'office' },
  { href: paths.laboratory, label: 'nav.laboratory', icon: 'flask', place: 'rail', works: 'laboratory' },
  { href: paths.desk, label: 'nav.desk', icon: 'card', place: 'rail', works: 'desk' },
  { href: paths.uploads, label: 'nav.uploads', icon: 'upload', place: 'rail', works: 'brings' },
  { href: paths.admin, label: 'nav.admin', icon: 'person', place: 'rail', works: 'administers' },
  { href: paths.acts, label: 'nav.acts', icon: 'document', place: 'rail', works: 'audits' },
  { href: paths.verify, label: 'nav.verify', icon: 'tick', place: 'rail' },
  { href: paths.family, label: 'nav.family', icon: 'people', place: 'rail' },
  { href: paths.settings, label: 'nav.settings', icon: 'settings', place: 'rail' },
  { href: paths.more, label: 'nav.more', icon: 'more', place: 'bar' },
  { href: paths.more, label: 'nav.more', icon: 'more', place: 'rail' },
] as const;

/** Where somebody works, the most used first: the first of them stands in the bar of a phone, in place of who looked. */
const WORKPLACES = ['clinician', 'laboratory', 'desk', 'office', 'oversight', 'administers'] as const;

/** On phones these are reached through More; the rail of wide screens names them itself. */
const UNDER_MORE: readonly string[] = [
  paths.whoLooked,
  paths.sharing,
  paths.clinic,
  paths.oversight,
  paths.office,
  paths.admin,
  paths.desk,
  paths.places,
  paths.verify,
  paths.family,
  paths.settings,
  paths.devices,
  paths.notices,
  paths.uploads,
  paths.apps,
  paths.vouch,
  formPaths.list(),
  paths.orders,
  paths.results,
  paths.trends,
  paths.doses,
  paths.laboratory,
];

/** Pages of staff are denser. */
const AT_WORK: readonly string[] = [
  paths.clinic,
  paths.oversight,
  paths.office,
  paths.admin,
  paths.desk,
  paths.laboratory,
  appPaths.administration,
];

export function SignedInFrame() {
  const { t } = useTranslation('common');
  const { data: me } = useMe();
  const [now] = useState(() => new Date());
  const { data: unread = 0 } = useQuery(unreadQuery);
  const { data: work } = useQuery({ ...workQuery, enabled: me != null });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const accountLanguage = me?.account.language;
  useEffect(() => void followAccountLanguage(accountLanguage), [accountLanguage]);
  if (me === null)
    return path === paths.signIn ? null : <Navigate search={{ next: path }} to={paths.signIn} />;
  if (me === undefined) return null;
  if (me.account.lacksFactor === true) return <Navigate to={paths.enrol} />;
  const isAt = (href: string): boolean => path === href || path.startsWith(`${href}/`);
  const works = {
    clinician: work?.clinician != null,
    oversight: work?.answers === true || work?.audits === true,
    office: work?.memberships.some(({ role }) => role === 'records') === true,
    laboratory: work?.memberships.some(({ role }) => role === 'laboratory' || role === 'radiology') === true,
    desk: work?.memberships.some(({ role }) => role === 'desk') === true,
    brings: work?.memberships.some(({ role }) => BRINGING.includes(role)) === true,
    administers: work?.administers === true,
    audits: work?.audits === true && !work.administers,
  };
  const workplace = WORKPLACES.find((one) => works[one]);
  const shown = SECTIONS.filter((section) => !('works' in section) || works[section.works]).map(
    (section) => ({
      ...section,
      place:
        workplace === undefined || section.place === 'bar'
          ? section.place
          : 'works' in section && section.works === workplace
            ? ('both' as const)
            : section.href === paths.whoLooked
              ? ('rail' as const)
              : section.place,
    }),
  );
  const inBar = new Set<string>(shown.filter(({ place }) => place === 'both').map(({ href }) => href));
  // The rail names more pages itself than the bar: of the others it shows More as where one is.
  const isNamedByRail = shown.some(({ href, place }) => place !== 'bar' && isAt(href));
  const entries = shown.map((section): NavEntry => {
    const isMoreOf = section.href === paths.more && (section.place === 'bar' || !isNamedByRail);
    return {
      href: section.href,
      label: t(section.label),
      shortLabel: 'shortLabel' in section ? t(section.shortLabel) : undefined,
      icon: section.icon,
      place: section.place,
      current:
        isAt(section.href) ||
        (section.href === paths.record && isAt(paths.timeline)) ||
        (isMoreOf && UNDER_MORE.some((href) => isAt(href) && !inBar.has(href))),
    };
  });
  const other = lookedAfter(me);
  const actingRow =
    other === undefined
      ? {
          name: me.patient.name,
          photoUrl: me.patient.photoUrl,
          switchHref: me.actingFor.length === 0 ? undefined : paths.family,
        }
      : {
          name: other.name,
          photoUrl: undefined,
          other: {
            ageYears: ageOn(other.birthDate, now),
            relation: t('acting.youAre', { name: me.patient.name }),
            onBack: () => switchTo(undefined, paths.home),
          },
        };
  return (
    <Shell
      acting={actingRow}
      entries={entries}
      density={AT_WORK.some(isAt) ? 'compact' : 'roomy'}
      homeHref={paths.home}
      offline={isVisit(path) ? { title: t('offline.visitTitle'), text: t('offline.visitText') } : undefined}
      wide={isVisit(path)}
      notices={{ href: paths.notices, unread, current: isAt(paths.notices) }}
    >
      <Outlet />
    </Shell>
  );
}

/** Whole years on this day; undefined without a whole birth date. */
function ageOn(birthDate: string | undefined, today: Date): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate ?? '') ?? [];
  if (year === undefined) return undefined;
  const had =
    today.getMonth() + 1 > Number(month) ||
    (today.getMonth() + 1 === Number(month) && today.getDate() >= Number(day));
  return today.getFullYear() - Number(year) - (had ? 0 : 1);
}
