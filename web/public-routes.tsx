// Pages that anybody may open: the front door, the public log, the way back in.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from './i18n/texts.ts';
import { paths } from './paths.ts';
import { root } from './root-route.tsx';

/** Pages for everybody. */
const open = createRoute({
  getParentRoute: () => root,
  id: 'open',
  loader: () => loadWords('public-pages'),
});
const landing = createRoute({
  getParentRoute: () => open,
  path: paths.landing,
  component: lazyRouteComponent(() => import('./public-pages/landing.tsx'), 'LandingPage'),
});
const signIn = createRoute({
  getParentRoute: () => open,
  path: paths.signIn,
  validateSearch: (search): { readonly next?: string } =>
    typeof search['next'] === 'string' ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('./public-pages/sign-in.tsx'), 'SignInPage'),
});
const signUp = createRoute({
  getParentRoute: () => open,
  path: paths.signUp,
  component: lazyRouteComponent(() => import('./public-pages/sign-up.tsx'), 'SignUpPage'),
});
const claim = createRoute({
  getParentRoute: () => open,
  path: paths.claim,
  component: lazyRouteComponent(() => import('./public-pages/claim.tsx'), 'ClaimPage'),
});
const setup = createRoute({
  getParentRoute: () => open,
  path: paths.setup,
  validateSearch: (search): { readonly token?: string } =>
    typeof search['token'] === 'string' ? { token: search['token'] } : {},
  component: lazyRouteComponent(() => import('./public-pages/setup.tsx'), 'SetupPage'),
});
const howItWorks = createRoute({
  getParentRoute: () => open,
  path: paths.howItWorks,
  component: lazyRouteComponent(() => import('./public-pages/how-it-works.tsx'), 'HowItWorksPage'),
});
const helpSomeone = createRoute({
  getParentRoute: () => open,
  path: paths.helpSomeone,
  component: lazyRouteComponent(() => import('./public-pages/help-someone.tsx'), 'HelpSomeonePage'),
});
/** The public log, as anybody may read it. */
const publicLog = createRoute({
  getParentRoute: () => root,
  id: 'public-log',
  loader: () => Promise.all((['public-pages', 'ledger'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./public-pages/open-outlet.tsx'), 'OpenOutlet'),
});
const explorer = createRoute({
  getParentRoute: () => publicLog,
  path: paths.explorer,
  component: lazyRouteComponent(() => import('./verify/explorer-page.tsx'), 'ExplorerPage'),
});
const explorerPlace = createRoute({
  getParentRoute: () => publicLog,
  path: `${paths.explorer}/$index`,
  component: lazyRouteComponent(() => import('./verify/explorer-place.tsx'), 'ExplorerPlacePage'),
});
const transactions = createRoute({
  getParentRoute: () => publicLog,
  path: paths.transactions,
  component: lazyRouteComponent(() => import('./verify/transactions-page.tsx'), 'TransactionsPage'),
});
const printedCode = createRoute({
  getParentRoute: () => publicLog,
  path: '/v/$index/$hash',
  component: lazyRouteComponent(() => import('./verify/printed-code.tsx'), 'PrintedCodePage'),
});
/** Getting back in, for somebody who cannot sign in. */
const recovering = createRoute({
  getParentRoute: () => root,
  id: 'recovering',
  loader: () => Promise.all((['public-pages', 'recovery'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./public-pages/open-outlet.tsx'), 'OpenOutlet'),
});
const recover = createRoute({
  getParentRoute: () => recovering,
  path: paths.recover,
  component: lazyRouteComponent(() => import('./recovery/recover-page.tsx'), 'RecoverPage'),
});
const stopRecovery = createRoute({
  getParentRoute: () => recovering,
  path: paths.stopRecovery,
  component: lazyRouteComponent(() => import('./recovery/stop-page.tsx'), 'StopRecoveryPage'),
});

export const publicRoutes = [
  open.addChildren([landing, signIn, signUp, claim, setup, howItWorks, helpSomeone]),
  recovering.addChildren([recover, stopRecovery]),
  publicLog.addChildren([explorer, explorerPlace, transactions, printedCode]),
] as const;
