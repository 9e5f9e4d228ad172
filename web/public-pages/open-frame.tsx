// The frame of the pages that anybody may see: brand and ways in, the page, what the public log says now.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { logSizeQuery } from '../api/log.ts';
import { formatNumber } from '../i18n/format.ts';
import { paths } from '../paths.ts';
import { Logo } from '../ui/icons.tsx';
import { InsideMain } from '../ui/inside-main.ts';
import { OfflineBand } from '../ui/offline-band.tsx';
import { LanguageSwitch, ThemeSwitch } from '../ui/preferences.tsx';
import { Disc } from '../ui/proof-chip.tsx';
import '../ui/brand.css';
import './open-frame.css';

function LogSize() {
  const { t } = useTranslation('public-pages');
  const { data: size } = useQuery(logSizeQuery);
  if (size === undefined || size === null) return null;
  return (
    <p className="open-log">
      <Disc stage="logged" />
      <span>{t('footer.entries', { count: size, number: formatNumber(size) })}</span>
    </p>
  );
}

export function OpenFrame({ children, wide }: { readonly children: ReactNode; readonly wide?: boolean }) {
  const { t } = useTranslation(['public-pages', 'common']);
  return (
    <div className="open" data-wide={wide === true ? '' : undefined}>
      <a className="skip-link" href="#content">
        {t('common:skipToContent')}
      </a>
      <header className="open-top">
        <a className="brand" href={paths.landing}>
          <Logo size={34} />
          <span>{t('common:medallion')}</span>
        </a>
        <nav aria-label={t('common:mainNavigation')} className="open-nav">
          <a className="open-nav-wide" href={paths.howItWorks}>
            {t('nav.howItWorks')}
          </a>
          <a href={paths.helpSomeone}>{t('nav.helpSomeone')}</a>
          <LanguageSwitch />
        </nav>
      </header>
      <main className="open-main" id="content" tabIndex={-1}>
        <OfflineBand />
        <InsideMain value={true}>{children}</InsideMain>
      </main>
      <footer className="open-foot">
        <div className="open-foot-facts">
          <LogSize />
          <p>{t('footer.openSource')}</p>
          <a href={`${paths.howItWorks}#proof`}>{t('footer.prove')}</a>
        </div>
        <ThemeSwitch />
      </footer>
    </div>
  );
}
