// Pages of people at work: clinicians, the front desk, administrators and auditors; and forms, which patients fill too.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from './i18n/texts.ts';
import { clinicPaths, paths, witnessPath } from './paths.ts';
import { signedIn } from './signed-in-route.tsx';

const clinicArea = createRoute({
  getParentRoute: () => signedIn,
  id: 'clinic-area',
  loader: () => Promise.all((['access', 'clinic', 'visit', 'results'] as const).map(loadWords)),
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
  validateSearch: (search): { readonly person?: string; readonly ends?: string } => ({
    ...(typeof search['person'] === 'string' ? { person: search['person'] } : {}),
    ...(/^\d{4}$/.test(String(search['ends'])) ? { ends: String(search['ends']) } : {}),
  }),
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

/** Documents and images of a record that was opened. */
const clinicImaging = createRoute({
  getParentRoute: () => clinicArea,
  id: 'clinic-imaging',
  loader: () => Promise.all((['imaging', 'papers'] as const).map(loadWords)),
});

const clinicImages = createRoute({
  getParentRoute: () => clinicImaging,
  path: `${paths.clinic}/patients/$id${paths.images}/$study`,
  component: lazyRouteComponent(() => import('./imaging/images-page.tsx'), 'ImagesPage'),
});

const clinicPaper = createRoute({
  getParentRoute: () => clinicImaging,
  path: `${paths.clinic}/patients/$id${paths.papers}/$paper`,
  component: lazyRouteComponent(() => import('./papers/paper-page.tsx'), 'PaperPage'),
});

const oversight = createRoute({
  getParentRoute: () => clinicArea,
  path: paths.oversight,
  component: lazyRouteComponent(() => import('./clinician/oversight-page.tsx'), 'OversightPage'),
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

export const workRoutes = [
  clinicArea.addChildren([
    clinic,
    clinicAsk,
    clinicCard,
    clinicCardShown,
    clinicEmergency,
    clinicRequest,
    clinicPatient,
    clinicVisit,
    clinicImaging.addChildren([clinicImages, clinicPaper]),
    oversight,
  ]),
  desk,
  witness,
  formsArea.addChildren([ownForms, ownForm, patientForms, patientForm]),
  workArea.addChildren([organisations, organisation, acts, places, placeInvitation]),
];
