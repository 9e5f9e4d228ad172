// The frame of every signed-in page: who you are looking at, where you can go, the page. Knows no routes:
// everything that leads somewhere is given to it. DOM order is reading order: brand, acting-for, navigation, page.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { initials } from '../i18n/format.ts';
import { Icon, Logo } from './icons.tsx';
import type { IconName } from './icons.tsx';
import type { OfflineWords } from './offline-band.tsx';
import { InsideMain } from './inside-main.ts';
import { OfflineBand } from './offline-band.tsx';
import { Avatar } from './section.tsx';
import { ToastPlace } from './toast.tsx';
import './brand.css';
import './shell.css';

export interface NavEntry {
  readonly href: string;
  readonly label: string;
  /** Shorter label under the pictogram of the bottom bar. */
  readonly shortLabel?: string | undefined;
  readonly icon: IconName;
  readonly current: boolean;
  /** Where it is shown: the bottom bar of phones, the rail of wide screens, or both. */
  readonly place: 'both' | 'bar' | 'rail';
}

export interface ActingFor {
  readonly name: string;
  readonly photoUrl?: string | undefined;
  /** Left out for one's own record. */
  readonly other?:
    | {
        readonly ageYears?: number | undefined;
        /** "You are Ravi, his father." */
        readonly relation: string;
        readonly onBack: () => void;
      }
    | undefined;
  /** Where another person can be chosen; left out when there is nobody else. */
  readonly switchHref?: string | undefined;
}

export interface ShellProps {
  readonly homeHref: string;
  readonly acting: ActingFor;
  readonly entries: readonly NavEntry[];
  readonly notices: { readonly href: string; readonly unread: number; readonly current: boolean };
  readonly density?: 'roomy' | 'compact' | undefined;
  /** The page needs the room: the rail of wide screens stays narrow. */
  readonly wide?: boolean | undefined;
  /** What is said without network, where it is not the usual. */
  readonly offline?: OfflineWords | undefined;
  readonly children: ReactNode;
}

function ActingForRow({ acting }: { readonly acting: ActingFor }) {
  const { t } = useTranslation('common');
  const { name, photoUrl, other } = acting;
  if (other !== undefined) {
    return (
      <div className="acting acting-other">
        <Avatar initials={initials(name)} photoUrl={photoUrl} />
        <p className="acting-words">
          <strong>
            {other.ageYears === undefined
              ? t('acting.for', { name })
              : t('acting.forWithAge', { name, age: other.ageYears })}
          </strong>
          <span>{other.relation}</span>
        </p>
        <button className="acting-go" onClick={other.onBack} type="button">
          {t('acting.back')}
        </button>
      </div>
    );
  }
  return (
    <div className="acting">
      <Avatar initials={initials(name)} photoUrl={photoUrl} />
      <p className="acting-words">
        <span>{t('acting.lookingAt')}</span>
        <strong>{t('acting.yourself', { name })}</strong>
      </p>
      {acting.switchHref === undefined ? null : (
        <a className="acting-go" href={acting.switchHref}>
          {t('acting.switch')}
        </a>
      )}
    </div>
  );
}

function NavList({
  entries,
  place,
}: {
  readonly entries: readonly NavEntry[];
  readonly place: 'bar' | 'rail';
}) {
  return (
    <ul className="nav-list">
      {entries
        .filter((entry) => entry.place === 'both' || entry.place === place)
        .map((entry) => (
          <li key={entry.href}>
            <a aria-current={entry.current ? 'page' : undefined} className="nav-link" href={entry.href}>
              <Icon name={entry.icon} />
              <span>{place === 'bar' ? (entry.shortLabel ?? entry.label) : entry.label}</span>
            </a>
          </li>
        ))}
    </ul>
  );
}

export function Shell({
  homeHref,
  acting,
  entries,
  notices,
  density = 'roomy',
  wide,
  offline,
  children,
}: ShellProps) {
  const { t } = useTranslation('common');
  return (
    <div className="shell" data-density={density} data-wide={wide === true ? '' : undefined}>
      <a className="skip-link" href="#content">
        {t('skipToContent')}
      </a>
      <header className="shell-top">
        <a className="brand" href={homeHref}>
          <Logo />
          <span>{t('medallion')}</span>
        </a>
        <a
          aria-current={notices.current ? 'page' : undefined}
          aria-label={
            notices.unread === 0 ? t('nav.notices') : t('nav.noticesUnread', { count: notices.unread })
          }
          className="bell"
          href={notices.href}
        >
          <Icon name="bell" size={26} />
          {notices.unread === 0 ? null : (
            <span aria-hidden="true" className="bell-count">
              {notices.unread > 99 ? '99+' : notices.unread}
            </span>
          )}
        </a>
        <ActingForRow acting={acting} />
      </header>
      <nav aria-label={t('mainNavigation')} className="shell-nav">
        <div className="nav-bar">
          <NavList entries={entries} place="bar" />
        </div>
        <div className="nav-rail">
          <NavList entries={entries} place="rail" />
        </div>
      </nav>
      <main className="shell-main" id="content" tabIndex={-1}>
        <OfflineBand words={offline} />
        <InsideMain value={true}>{children}</InsideMain>
      </main>
      <ToastPlace />
    </div>
  );
}
