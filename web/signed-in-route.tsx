// The route under which every page of a signed-in person lies.
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { meQuery } from './api/session.ts';
import { paths } from './paths.ts';
import { root } from './root-route.tsx';

/** Pages of the signed-in person, inside the shell. Strangers are asked to sign in and come back. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: paths.signIn, search: { next: location.href } });
    if (me.account.lacksFactor === true) throw redirect({ to: paths.enrol });
  },
  component: lazyRouteComponent(() => import('./signed-in/frame.tsx'), 'SignedInFrame'),
});
