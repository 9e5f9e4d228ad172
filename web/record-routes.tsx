// Pages of one's own record: home, card, record, timeline, the questions one by one, images and papers, sending.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { meQuery, shownPerson } from './api/session.ts';
import { loadWords } from './i18n/texts.ts';
import { paths } from './paths.ts';
import { signedIn } from './signed-in-route.tsx';

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

const patientRecord = createRoute({
  getParentRoute: () => signedIn,
  id: 'patient-record',
  loader: () =>
    Promise.all(
      (['patient-record', 'patient-forms', 'record-pages', 'sharing', 'access'] as const).map(loadWords),
    ),
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

const ownPaper = createRoute({
  getParentRoute: () => sendingArea,
  path: paths.ownPaper,
  component: lazyRouteComponent(() => import('./uploads/paper-page.tsx'), 'OwnPaperPage'),
});

const receipt = createRoute({
  getParentRoute: () => sendingArea,
  path: `${paths.uploads}/$id`,
  component: lazyRouteComponent(() => import('./uploads/receipt-page.tsx'), 'ReceiptPage'),
});

const imagingArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'imaging-area',
  loader: () => Promise.all((['imaging', 'papers'] as const).map(loadWords)),
});

const images = createRoute({
  getParentRoute: () => imagingArea,
  path: `${paths.images}/$study`,
  component: lazyRouteComponent(() => import('./imaging/images-page.tsx'), 'ImagesPage'),
});

const paper = createRoute({
  getParentRoute: () => imagingArea,
  path: `${paths.papers}/$paper`,
  component: lazyRouteComponent(() => import('./papers/paper-page.tsx'), 'PaperPage'),
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

export const recordRoutes = [
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
  timeline.addChildren([timelinePage, timelineEntryPage]),
  aboutRecord.addChildren([home, card]),
  sendingArea.addChildren([uploads, ownPaper, receipt]),
  imagingArea.addChildren([images, paper]),
  verifying.addChildren([verifyRecord, verifyEntry, verifyResource, blocks, versionBlocks]),
];
