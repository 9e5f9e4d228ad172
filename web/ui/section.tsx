// A page is a title and ruled sections: a 2 px ink rule opens each, hairlines part its rows.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import './section.css';

export interface PageTitleProps {
  readonly children: string;
  /** The words in the browser's tab, where they differ. */
  readonly tab?: string | undefined;
  readonly lead?: ReactNode | undefined;
  readonly action?: ReactNode | undefined;
}

/** The one h1 of a page; gets the focus when the page is reached, so that it is announced. */
export function PageTitle({ children, tab, lead, action }: PageTitleProps) {
  return (
    <header className="page-title">
      <title>{`${tab ?? children} · Medallion`}</title>
      <div className="row-apart">
        <h1 tabIndex={-1}>{children}</h1>
        {action}
      </div>
      {lead === undefined ? null : <p className="page-lead">{lead}</p>}
    </header>
  );
}

export interface SectionProps {
  readonly title?: string | undefined;
  /** For those who hear it, where several sections of a page are called the same: with what tells them apart. */
  readonly label?: string | undefined;
  /** A link or button at the end of the heading's line. */
  readonly action?: ReactNode | undefined;
  readonly note?: ReactNode | undefined;
  readonly id?: string | undefined;
  readonly children?: ReactNode;
}

export function Section({ title, label = title, action, note, id, children }: SectionProps) {
  return (
    <section aria-label={label} className="section" id={id}>
      {title === undefined ? null : (
        <div className="section-head">
          <h2>{title}</h2>
          {action}
        </div>
      )}
      {note === undefined ? null : <p className="section-note">{note}</p>}
      {children}
    </section>
  );
}

/** Rows parted by hairlines. */
export function Rows({
  children,
  label,
}: {
  readonly children: ReactNode;
  readonly label?: string | undefined;
}) {
  return (
    <ul aria-label={label} className="rows">
      {children}
    </ul>
  );
}

export interface NextRowProps {
  readonly href: string;
  readonly icon: IconName;
  /** The quiet words above: what kind of thing this is. */
  readonly kind?: string | undefined;
  readonly title: string;
  readonly detail?: string | undefined;
  /** Opens beside this page; says so to those who hear it. */
  readonly newTab?: boolean | undefined;
}

/** A row that leads somewhere: pictogram, kind, title, detail. The whole row is the link. */
export function NextRow({ href, icon, kind, title, detail, newTab }: NextRowProps) {
  const { t } = useTranslation('common');
  const beside = newTab === true ? { target: '_blank', rel: 'noopener' } : {};
  return (
    <li>
      <a className="next-row" href={href} {...beside}>
        <Icon name={icon} />
        <span className="next-row-words">
          {kind === undefined ? null : <span className="next-row-kind">{kind}</span>}
          <span className="next-row-title">{title}</span>
          {detail === undefined ? null : <span className="next-row-kind">{detail}</span>}
          {newTab === true ? <span className="visually-hidden">{t('opensBeside')}</span> : null}
        </span>
        <Icon className="next-row-go" name="forward" size={20} />
      </a>
    </li>
  );
}

/** A holder's photo in a circle, or initials on sunk; never an invented face. */
export function Avatar({
  photoUrl,
  initials,
}: {
  readonly photoUrl?: string | undefined;
  readonly initials: string;
}) {
  return photoUrl === undefined ? (
    <span aria-hidden="true" className="avatar">
      {initials}
    </span>
  ) : (
    <img alt="" className="avatar" src={photoUrl} />
  );
}

/** Static words while something is fetched: no spinner, no shimmer. */
export function Loading({ children }: { readonly children: string }) {
  return (
    <p className="loading" role="status">
      {children}
    </p>
  );
}
