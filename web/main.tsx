// Starts the web app: words, who is signed in, pages. The only file that knows the document as a whole.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onlineManager, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ApiError } from './api/client.ts';
import { meQuery } from './api/session.ts';
import { preferredLanguage, startTexts } from './i18n/texts.ts';
import { isServerPath } from './paths.ts';
import { makeRouter } from './routes.tsx';
import { keepShell } from './shell/keep-shell.ts';
import './ui/tokens.css';
import './ui/fonts.css';
import './ui/base.css';

const queries: QueryClient = new QueryClient({
  // The session ended while a page was open: the frame sees that nobody is signed in and asks.
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) queries.setQueryData(meQuery.queryKey, null);
      // They came to work with records while the page was open: the frame leads to where a factor is added.
      if (error instanceof ApiError && error.code === 'second-factor-required')
        void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      // The client forgives one lost connection; an answer that says no is not asked for again.
      retry: (failures, error) => failures < 1 && !(error instanceof ApiError),
      staleTime: 10_000,
      // Without a network an act fails and says so, instead of waiting silently for one.
      networkMode: 'always',
      // The network is back: what failed is asked for again, what is there stays.
      refetchOnReconnect: ({ state }) => (state.status === 'error' ? 'always' : false),
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
// A page that was opened without network: else its coming back would be no news.
onlineManager.setOnline(navigator.onLine);
const router = makeRouter(queries);

/** Links are plain anchors everywhere; those that stay in the app change the page without loading it anew. */
function followLinksInside(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  if (anchor === null || anchor.href === '' || anchor.target !== '' || anchor.hasAttribute('download'))
    return;
  if (anchor.origin !== location.origin || isServerPath(anchor.pathname)) return;
  const isSamePage = anchor.pathname === location.pathname && anchor.search === location.search;
  if (isSamePage && anchor.hash !== '') return;
  event.preventDefault();
  router.history.push(`${anchor.pathname}${anchor.search}${anchor.hash}`);
}

/** A new page is announced by moving the focus to its heading. */
function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('h1');
  (heading ?? document.querySelector<HTMLElement>('main'))?.focus({ preventScroll: true });
}

document.addEventListener('click', followLinksInside);
// Left by signing out, and come back to as it was: nobody sees it again.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted && document.documentElement.hidden) location.reload();
});
router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
  if (fromLocation !== undefined && pathChanged) focusHeading();
});

const place = document.getElementById('app');
if (place === null) throw new Error('the page has no place for the app');
await startTexts(preferredLanguage());
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
keepShell();
