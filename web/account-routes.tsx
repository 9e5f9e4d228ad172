// Pages of the account, of family, of whom one let in, and of apps.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from './i18n/texts.ts';
import { appPaths, paths, sharingPaths } from './paths.ts';
import { signedIn } from './signed-in-route.tsx';

const more = createRoute({
  getParentRoute: () => signedIn,
  path: paths.more,
  component: lazyRouteComponent(() => import('./signed-in/more.tsx'), 'MorePage'),
});

const aboutAccount = createRoute({
  getParentRoute: () => signedIn,
  id: 'about-account',
  loader: () => Promise.all((['card', 'looks', 'account', 'access'] as const).map(loadWords)),
});

const whoLooked = createRoute({
  getParentRoute: () => aboutAccount,
  path: paths.whoLooked,
  component: lazyRouteComponent(() => import('./patient/who-looked/who-looked-page.tsx'), 'WhoLookedPage'),
});

const notices = createRoute({
  getParentRoute: () => aboutAccount,
  path: paths.notices,
  component: lazyRouteComponent(() => import('./patient/notices/notices-page.tsx'), 'NoticesPage'),
});

const settings = createRoute({
  getParentRoute: () => aboutAccount,
  path: paths.settings,
  component: lazyRouteComponent(() => import('./patient/settings/settings-page.tsx'), 'SettingsPage'),
});

const devices = createRoute({
  getParentRoute: () => aboutAccount,
  path: paths.devices,
  component: lazyRouteComponent(() => import('./patient/sign-ins/devices-page.tsx'), 'DevicesPage'),
});

const vouching = createRoute({
  getParentRoute: () => signedIn,
  id: 'vouching',
  loader: () => Promise.all((['recovery', 'account'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./proving-outlet.tsx'), 'ProvingOutlet'),
});

const vouch = createRoute({
  getParentRoute: () => vouching,
  path: paths.vouch,
  validateSearch: (search): { readonly uhid?: string } =>
    typeof search['uhid'] === 'string' ? { uhid: search['uhid'] } : {},
  component: lazyRouteComponent(() => import('./recovery/vouch-page.tsx'), 'VouchPage'),
});

const sharingArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'sharing-area',
  loader: () => Promise.all((['access', 'sharing'] as const).map(loadWords)),
});

const sharing = createRoute({
  getParentRoute: () => sharingArea,
  path: paths.sharing,
  component: lazyRouteComponent(() => import('./patient/sharing/sharing-page.tsx'), 'SharingPage'),
});

const shareNew = createRoute({
  getParentRoute: () => sharingArea,
  path: sharingPaths.share,
  component: lazyRouteComponent(() => import('./patient/sharing/share-page.tsx'), 'SharePage'),
});

const askDoctor = createRoute({
  getParentRoute: () => sharingArea,
  path: sharingPaths.askDoctor,
  component: lazyRouteComponent(() => import('./patient/sharing/ask-doctor-page.tsx'), 'AskDoctorPage'),
});

const sharingRequest = createRoute({
  getParentRoute: () => sharingArea,
  path: `${paths.sharing}/requests/$id`,
  component: lazyRouteComponent(() => import('./patient/sharing/request-page.tsx'), 'RequestPage'),
});

const aboutFamily = createRoute({
  getParentRoute: () => signedIn,
  id: 'about-family',
  loader: () => Promise.all((['family', 'looks', 'account', 'access'] as const).map(loadWords)),
});

const family = createRoute({
  getParentRoute: () => aboutFamily,
  path: paths.family,
  component: lazyRouteComponent(() => import('./patient/family/family-page.tsx'), 'FamilyPage'),
});

const invitation = createRoute({
  getParentRoute: () => aboutFamily,
  path: `${paths.family}/invitation/$invite`,
  component: lazyRouteComponent(() => import('./patient/family/invitation-page.tsx'), 'InvitationPage'),
});

const pastLooks = createRoute({
  getParentRoute: () => aboutFamily,
  path: paths.pastLooks,
  component: lazyRouteComponent(() => import('./patient/family/past-looks-page.tsx'), 'PastLooksPage'),
});

const appsArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'apps-area',
  loader: () => loadWords('apps'),
});

const apps = createRoute({
  getParentRoute: () => appsArea,
  path: paths.apps,
  component: lazyRouteComponent(() => import('./apps/apps-page.tsx'), 'AppsPage'),
});

const authorise = createRoute({
  getParentRoute: () => appsArea,
  path: appPaths.authorise,
  validateSearch: (search): { readonly request?: string } =>
    typeof search['request'] === 'string' ? { request: search['request'] } : {},
  component: lazyRouteComponent(() => import('./apps/authorise-page.tsx'), 'AuthorisePage'),
});

const registrations = createRoute({
  getParentRoute: () => appsArea,
  path: appPaths.registrations,
  component: lazyRouteComponent(() => import('./apps/registrations-page.tsx'), 'RegistrationsPage'),
});

const appAdministration = createRoute({
  getParentRoute: () => appsArea,
  path: appPaths.administration,
  component: lazyRouteComponent(() => import('./apps/administration-page.tsx'), 'AdministrationPage'),
});

export const accountRoutes = [
  more,
  aboutAccount.addChildren([whoLooked, notices, settings, devices]),
  vouching.addChildren([vouch]),
  sharingArea.addChildren([sharing, shareNew, askDoctor, sharingRequest]),
  aboutFamily.addChildren([family, invitation, pastLooks]),
  appsArea.addChildren([apps, authorise, registrations, appAdministration]),
];
