// Pages of laboratories, results, trends and one's own entries, as routes under the signed-in person.
import type { AnyRoute } from '@tanstack/react-router';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from './i18n/texts.ts';
import { clinicPaths, paths } from './paths.ts';

export function resultRoutes(signedIn: AnyRoute) {
  const area = createRoute({
    getParentRoute: () => signedIn,
    id: 'results-area',
    loader: () => Promise.all((['results', 'forms', 'clinic', 'access', 'doses'] as const).map(loadWords)),
  });
  const page = (path: string, component: ReturnType<typeof lazyRouteComponent>) =>
    createRoute({ getParentRoute: () => area, path, component });
  return area.addChildren([
    page(
      paths.laboratory,
      lazyRouteComponent(() => import('./laboratory/worklist-page.tsx'), 'WorklistPage'),
    ),
    page(
      `${paths.laboratory}/$id`,
      lazyRouteComponent(() => import('./laboratory/order-page.tsx'), 'OrderPage'),
    ),
    page(
      clinicPaths.results,
      lazyRouteComponent(() => import('./clinician/results-page.tsx'), 'ResultsPage'),
    ),
    page(
      paths.results,
      lazyRouteComponent(() => import('./patient/results/results-page.tsx'), 'ResultsPage'),
    ),
    page(
      paths.orders,
      lazyRouteComponent(() => import('./patient/orders/orders-page.tsx'), 'OrdersPage'),
    ),
    page(
      paths.trends,
      lazyRouteComponent(() => import('./patient/trends/trends-page.tsx'), 'TrendsPage'),
    ),
    page(
      paths.doses,
      lazyRouteComponent(() => import('./patient/doses/own-page.tsx'), 'OwnPage'),
    ),
    page(
      paths.reminders,
      lazyRouteComponent(() => import('./patient/doses/reminders-page.tsx'), 'RemindersPage'),
    ),
  ]);
}
