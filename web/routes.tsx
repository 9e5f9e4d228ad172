// Every page of the web app and what it needs before it is drawn. Each area is fetched when it is first reached; its routes stand in a file
// beside this one (*-routes.tsx).
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { accountRoutes } from './account-routes.tsx';
import { meQuery } from './api/session.ts';
import { loadWords } from './i18n/texts.ts';
import { officeRoutes } from './office-routes.tsx';
import { paths } from './paths.ts';
import { BrokenPage, MissingPage, PendingPage } from './public-pages/broken.tsx';
import { publicRoutes } from './public-routes.tsx';
import { recordRoutes } from './record-routes.tsx';
import { resultRoutes } from './result-routes.tsx';
import { root } from './root-route.tsx';
import { signedIn } from './signed-in-route.tsx';
import { workRoutes } from './work-routes.tsx';

/** Staff without a second factor: this page and no other. */
const enrol = createRoute({
  getParentRoute: () => root,
  path: paths.enrol,
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: paths.signIn });
  },
  loader: () => loadWords('account'),
  component: lazyRouteComponent(() => import('./patient/sign-ins/enrol-page.tsx'), 'EnrolPage'),
});

const tree = root.addChildren([
  ...publicRoutes,
  enrol,
  signedIn.addChildren([
    ...recordRoutes,
    ...accountRoutes,
    ...workRoutes,
    officeRoutes(() => signedIn),
    resultRoutes(signedIn),
  ]),
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
