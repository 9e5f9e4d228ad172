// The root of all pages: what every page is given.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';

export const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });
