// Every page of the web app and what it needs before it is drawn. Each area is fetched when it is first reached.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { meQuery } from './api/session.ts';
import { loadWords } from './i18n/texts.ts';
import { paths } from './paths.ts';
import { BrokenPage, MissingPage, PendingPage } from './public-pages/broken.tsx';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

interface SignInSearch {
  readonly next?: string;
}

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
  validateSearch: (search): SignInSearch =>
    typeof search['next'] === 'string' ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('./public-pages/sign-in.tsx'), 'SignInPage'),
});
const signUp = createRoute({
  getParentRoute: () => open,
  path: paths.signUp,
  component: lazyRouteComponent(() => import('./public-pages/sign-up.tsx'), 'SignUpPage'),
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

/** Pages of the signed-in person, inside the shell. Strangers are asked to sign in and come back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: paths.signIn, search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import('./signed-in/frame.tsx'), 'SignedInFrame'),
});
const more = createRoute({
  getParentRoute: () => signedIn,
  path: paths.more,
  component: lazyRouteComponent(() => import('./signed-in/more.tsx'), 'MorePage'),
});

const verifying = createRoute({
  getParentRoute: () => signedIn,
  id: 'verifying',
  loader: () => loadWords('verify'),
});
const verifyRecord = createRoute({
  getParentRoute: () => verifying,
  path: paths.verify,
  component: lazyRouteComponent(() => import('./verify/verify-record.tsx'), 'VerifyRecordPage'),
});
const verifyEntry = createRoute({
  getParentRoute: () => verifying,
  path: `${paths.verify}/entry/$entryId`,
  component: lazyRouteComponent(() => import('./verify/verify-entry.tsx'), 'VerifyEntryPage'),
});
const verifyResource = createRoute({
  getParentRoute: () => verifying,
  path: `${paths.verify}/$type/$id`,
  component: lazyRouteComponent(() => import('./verify/verify-entry.tsx'), 'VerifyEntryPage'),
});

const tree = root.addChildren([
  open.addChildren([landing, signIn, signUp, setup, howItWorks, helpSomeone]),
  signedIn.addChildren([more, verifying.addChildren([verifyRecord, verifyEntry, verifyResource])]),
]);

/** The router over all pages; asks `queries` who is signed in. */
export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
    defaultPendingComponent: PendingPage,
    defaultPendingMs: 400,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
