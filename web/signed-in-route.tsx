// The route under which every page of a signed-in person lies.
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api/client.ts';
import { keptSeat } from './api/seat.ts';
import type { Me } from './api/session.ts';
import { meQuery } from './api/session.ts';
import { isVisit, paths } from './paths.ts';
import { root } from './root-route.tsx';

/** Pages of the signed-in person, inside the shell. Strangers are asked to sign in and come back. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await whoIsSignedIn(context.queries, location.pathname);
    if (me === null) throw redirect({ to: paths.signIn, search: { next: location.href } });
    if (me.account.lacksFactor === true) throw redirect({ to: paths.enrol });
  },
  component: lazyRouteComponent(() => import('./signed-in/frame.tsx'), 'SignedInFrame'),
});

/** Without network a visit is gone on with by whoever this device knows; every other page needs the server. */
async function whoIsSignedIn(queries: QueryClient, path: string): Promise<Me | null> {
  try {
    return await queries.ensureQueryData(meQuery);
  } catch (error) {
    const isUnanswered = error instanceof ApiError && error.status === 0;
    const seat = isUnanswered && isVisit(path) ? await keptSeat(Date.now()) : undefined;
    if (seat === undefined) throw error;
    // Already old: asked for again as soon as there is a network.
    queries.setQueryData(meQuery.queryKey, seat, { updatedAt: 1 });
    return seat;
  }
}
