// Pages of the records office, and the page on which people answer what it proposes.
import type { AnyRoute } from '@tanstack/react-router';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from './i18n/texts.ts';
import { paths } from './paths.ts';

export function officeRoutes<Parent extends AnyRoute>(parent: () => Parent) {
  const officeArea = createRoute({
    getParentRoute: parent,
    id: 'office-area',
    loader: () => Promise.all((['office', 'looks'] as const).map(loadWords)),
  });
  const office = createRoute({
    getParentRoute: () => officeArea,
    path: paths.office,
    component: lazyRouteComponent(() => import('./office/office-page.tsx'), 'OfficePage'),
  });
  const joined = createRoute({
    getParentRoute: () => officeArea,
    path: paths.joined,
    component: lazyRouteComponent(() => import('./patient/merges/joined-page.tsx'), 'JoinedPage'),
  });
  const officeEntry = createRoute({
    getParentRoute: () => officeArea,
    path: `${paths.office}/entries/$type/$id`,
    validateSearch: (search): { readonly case?: string } =>
      typeof search['case'] === 'string' ? { case: search['case'] } : {},
    component: lazyRouteComponent(() => import('./office/amend-page.tsx'), 'AmendPage'),
  });
  return officeArea.addChildren([office, officeEntry, joined]);
}
