// Every page of the web app and what it needs before it is drawn. Each area is fetched when it is first reached.
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { meQuery, shownPerson } from './api/session.ts';
import { loadWords } from './i18n/texts.ts';
import { appPaths, clinicPaths, paths, sharingPaths, witnessPath } from './paths.ts';
import { officeRoutes } from './office-routes.tsx';
import { publicRoutes } from './public-routes.tsx';
import { resultRoutes } from './result-routes.tsx';
import { root } from './root-route.tsx';
import { BrokenPage, MissingPage, PendingPage } from './public-pages/broken.tsx';

/** Pages of the signed-in person, inside the shell. Strangers are asked to sign in and come back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me === null) throw redirect({ to: paths.signIn, search: { next: location.href } });
    if (me.account.lacksFactor === true) throw redirect({ to: paths.enrol });
  },
  component: lazyRouteComponent(() => import('./signed-in/frame.tsx'), 'SignedInFrame'),
});

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
const more = createRoute({
  getParentRoute: () => signedIn,
  path: paths.more,
  component: lazyRouteComponent(() => import('./signed-in/more.tsx'), 'MorePage'),
});

const aboutRecord = createRoute({
  getParentRoute: () => signedIn,
  id: 'about-record',
  loader: async ({ context }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    const { recordQuery } = await import('./api/record.ts');
    await Promise.all([
      ...(['home', 'card', 'looks', 'account', 'patient-record'] as const).map(loadWords),
      me === null ? undefined : context.queries.ensureQueryData(recordQuery(shownPerson(me).id)),
    ]);
  },
});
const home = createRoute({
  getParentRoute: () => aboutRecord,
  path: paths.home,
  component: lazyRouteComponent(() => import('./patient/home/home-page.tsx'), 'HomePage'),
});
const card = createRoute({
  getParentRoute: () => aboutRecord,
  path: paths.card,
  component: lazyRouteComponent(() => import('./patient/card/card-page.tsx'), 'CardPage'),
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

const clinicArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'clinic-area',
  loader: () => Promise.all((['access', 'clinic', 'visit'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./clinician/clinic-outlet.tsx'), 'ClinicOutlet'),
});
const clinic = createRoute({
  getParentRoute: () => clinicArea,
  path: paths.clinic,
  component: lazyRouteComponent(() => import('./clinician/clinic-page.tsx'), 'ClinicPage'),
});
const clinicAsk = createRoute({
  getParentRoute: () => clinicArea,
  path: clinicPaths.ask,
  component: lazyRouteComponent(() => import('./clinician/ask-page.tsx'), 'AskPage'),
});
const clinicCard = createRoute({
  getParentRoute: () => clinicArea,
  path: clinicPaths.card,
  component: lazyRouteComponent(() => import('./clinician/card-page.tsx'), 'CardPage'),
});
const clinicCardShown = createRoute({
  getParentRoute: () => clinicArea,
  path: `${clinicPaths.card}/$id`,
  component: lazyRouteComponent(() => import('./clinician/card-shown-page.tsx'), 'CardShownPage'),
});
const clinicEmergency = createRoute({
  getParentRoute: () => clinicArea,
  path: clinicPaths.emergency,
  component: lazyRouteComponent(() => import('./clinician/emergency-page.tsx'), 'EmergencyPage'),
});
const clinicRequest = createRoute({
  getParentRoute: () => clinicArea,
  path: `${paths.clinic}/requests/$id`,
  component: lazyRouteComponent(() => import('./clinician/asked-page.tsx'), 'AskedPage'),
});
const clinicPatient = createRoute({
  getParentRoute: () => clinicArea,
  path: `${paths.clinic}/patients/$id`,
  component: lazyRouteComponent(() => import('./clinician/opened-record.tsx'), 'OpenedRecordPage'),
});
const clinicVisit = createRoute({
  getParentRoute: () => clinicArea,
  path: `${paths.clinic}/patients/$id/visit`,
  component: lazyRouteComponent(() => import('./clinician/visit/visit-page.tsx'), 'VisitPage'),
});
const formsArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'forms-area',
  loader: () => loadWords('forms'),
});
const formsOf = (parent: string) =>
  [
    createRoute({
      getParentRoute: () => formsArea,
      path: `${parent}/forms`,
      component: lazyRouteComponent(() => import('./forms/forms-page.tsx'), 'FormsPage'),
    }),
    createRoute({
      getParentRoute: () => formsArea,
      path: `${parent}/forms/$form`,
      component: lazyRouteComponent(() => import('./forms/form-page.tsx'), 'FormPage'),
    }),
  ] as const;
const [ownForms, ownForm] = formsOf('');
const [patientForms, patientForm] = formsOf(`${paths.clinic}/patients/$id`);
const oversight = createRoute({
  getParentRoute: () => clinicArea,
  path: paths.oversight,
  component: lazyRouteComponent(() => import('./clinician/oversight-page.tsx'), 'OversightPage'),
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

const desk = createRoute({
  getParentRoute: () => signedIn,
  path: paths.desk,
  loader: () => loadWords('desk'),
  component: lazyRouteComponent(() => import('./desk/desk-page.tsx'), 'DeskPage'),
});

const witness = createRoute({
  getParentRoute: () => signedIn,
  path: witnessPath,
  loader: () => Promise.all((['desk', 'access'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./desk/witness-page.tsx'), 'WitnessPage'),
});

/** Work: administrators, auditors, the places where one works. Acts here may want the password once more. */
const workArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'work-area',
  loader: () => Promise.all((['places', 'account'] as const).map(loadWords)),
  component: lazyRouteComponent(() => import('./proving-outlet.tsx'), 'ProvingOutlet'),
});
const organisations = createRoute({
  getParentRoute: () => workArea,
  path: paths.admin,
  component: lazyRouteComponent(() => import('./admin/organisations-page.tsx'), 'OrganisationsPage'),
});
const organisation = createRoute({
  getParentRoute: () => workArea,
  path: `${paths.admin}/organizations/$id`,
  component: lazyRouteComponent(() => import('./admin/organisation-page.tsx'), 'OrganisationPage'),
});
const acts = createRoute({
  getParentRoute: () => workArea,
  path: paths.acts,
  component: lazyRouteComponent(() => import('./admin/acts-page.tsx'), 'ActsPage'),
});
const places = createRoute({
  getParentRoute: () => workArea,
  path: paths.places,
  component: lazyRouteComponent(() => import('./admin/places-page.tsx'), 'PlacesPage'),
});
const placeInvitation = createRoute({
  getParentRoute: () => workArea,
  path: `${paths.places}/invitation/$token`,
  component: lazyRouteComponent(() => import('./admin/invitation-page.tsx'), 'InvitationPage'),
});

const sendingArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'sending-area',
  loader: () => Promise.all((['uploads', 'patient-record'] as const).map(loadWords)),
});
const uploads = createRoute({
  getParentRoute: () => sendingArea,
  path: paths.uploads,
  component: lazyRouteComponent(() => import('./uploads/upload-page.tsx'), 'UploadPage'),
});
const receipt = createRoute({
  getParentRoute: () => sendingArea,
  path: `${paths.uploads}/$id`,
  component: lazyRouteComponent(() => import('./uploads/receipt-page.tsx'), 'ReceiptPage'),
});

const imagingArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'imaging-area',
  loader: () => loadWords('imaging'),
});
const images = createRoute({
  getParentRoute: () => imagingArea,
  path: `${paths.images}/$study`,
  component: lazyRouteComponent(() => import('./imaging/images-page.tsx'), 'ImagesPage'),
});

const paper = createRoute({
  getParentRoute: () => imagingArea,
  path: `${paths.papers}/$id`,
  component: lazyRouteComponent(() => import('./imaging/paper-page.tsx'), 'PaperPage'),
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

const verifying = createRoute({
  getParentRoute: () => signedIn,
  id: 'verifying',
  loader: () => Promise.all((['verify', 'ledger', 'looks'] as const).map(loadWords)),
});
const blocks = createRoute({
  getParentRoute: () => verifying,
  path: paths.blocks,
  component: lazyRouteComponent(() => import('./verify/blocks-page.tsx'), 'BlocksPage'),
});
const versionBlocks = createRoute({
  getParentRoute: () => verifying,
  path: `${paths.blocks}/$type/$id`,
  component: lazyRouteComponent(() => import('./verify/version-blocks.tsx'), 'VersionBlocksPage'),
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

const patientRecord = createRoute({
  getParentRoute: () => signedIn,
  id: 'patient-record',
  loader: () => Promise.all((['patient-record', 'sharing', 'access'] as const).map(loadWords)),
});
const recordPage = createRoute({
  getParentRoute: () => patientRecord,
  path: paths.record,
  component: lazyRouteComponent(() => import('./patient/record/record-page.tsx'), 'RecordPage'),
});
const recordSection = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.record}/$section`,
  component: lazyRouteComponent(() => import('./patient/record/section-page.tsx'), 'SectionPage'),
});
const entryPage = lazyRouteComponent(() => import('./patient/record/entry-page.tsx'), 'EntryPage');
const recordAdd = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.record}/$section/add`,
  component: entryPage,
});
const recordChangeAll = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.record}/$section/change`,
  component: entryPage,
});
const recordChange = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.record}/$section/change/$type/$id`,
  component: entryPage,
});
const recordHistory = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.record}/$section/history/$type/$id`,
  component: lazyRouteComponent(() => import('./patient/record/history-page.tsx'), 'HistoryPage'),
});
const timeline = createRoute({
  getParentRoute: () => signedIn,
  id: 'timeline',
  loader: () =>
    Promise.all(
      (['timeline', 'patient-record', 'sharing', 'access', 'account', 'looks'] as const).map(loadWords),
    ),
});
const timelinePage = createRoute({
  getParentRoute: () => timeline,
  path: paths.timeline,
  component: lazyRouteComponent(() => import('./patient/timeline/timeline-page.tsx'), 'TimelinePage'),
});
const timelineEntryPage = createRoute({
  getParentRoute: () => timeline,
  path: `${paths.timeline}/$type/$id`,
  component: lazyRouteComponent(() => import('./patient/timeline/entry-page.tsx'), 'TimelineEntryPage'),
});
const begin = createRoute({
  getParentRoute: () => patientRecord,
  path: paths.begin,
  component: lazyRouteComponent(() => import('./patient/begin/begin-page.tsx'), 'BeginPage'),
});
const beginStep = createRoute({
  getParentRoute: () => patientRecord,
  path: `${paths.begin}/$step`,
  component: lazyRouteComponent(() => import('./patient/begin/step-page.tsx'), 'StepPage'),
});

const tree = root.addChildren([
  ...publicRoutes,
  enrol,
  signedIn.addChildren([
    patientRecord.addChildren([
      recordPage,
      recordSection,
      recordAdd,
      recordChangeAll,
      recordChange,
      recordHistory,
      begin,
      beginStep,
    ]),
    more,
    timeline.addChildren([timelinePage, timelineEntryPage]),
    aboutRecord.addChildren([home, card]),
    sharingArea.addChildren([sharing, shareNew, askDoctor, sharingRequest]),
    clinicArea.addChildren([
      clinic,
      clinicAsk,
      clinicCard,
      clinicCardShown,
      clinicEmergency,
      clinicRequest,
      clinicPatient,
      clinicVisit,
      oversight,
    ]),
    officeRoutes(() => signedIn),
    desk,
    resultRoutes(signedIn),
    witness,
    formsArea.addChildren([ownForms, ownForm, patientForms, patientForm]),
    workArea.addChildren([organisations, organisation, acts, places, placeInvitation]),
    sendingArea.addChildren([uploads, receipt]),
    imagingArea.addChildren([images, paper]),
    aboutFamily.addChildren([family, invitation, pastLooks]),
    vouching.addChildren([vouch]),
    aboutAccount.addChildren([whoLooked, notices, settings, devices]),
    appsArea.addChildren([apps, authorise, registrations, appAdministration]),
    verifying.addChildren([verifyRecord, verifyEntry, verifyResource, blocks, versionBlocks]),
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
