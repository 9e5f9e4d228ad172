// Every act there is, in the order in which they are walked: some need what those before them leave.
import { accountActs } from './account-acts.ts';
import { appActs } from './app-acts.ts';
import { cardActs } from './card-acts.ts';
import { consentActs } from './consent-acts.ts';
import { deskActs } from './desk-acts.ts';
import { doseActs } from './dose-acts.ts';
import { doctorActs } from './doctor-acts.ts';
import { factorActs } from './factor-acts.ts';
import { fileActs } from './file-acts.ts';
import { fhirActs } from './fhir-acts.ts';
import { fhirOperationActs } from './fhir-operation-acts.ts';
import { guardianActs } from './guardian-acts.ts';
import { logActs } from './log-acts.ts';
import { officeActs } from './office-acts.ts';
import { organizationActs } from './organization-acts.ts';
import { recoveryActs } from './recovery-acts.ts';
import { resultActs } from './result-acts.ts';
import { timelineActs } from './timeline-acts.ts';
import type { Act } from './world.ts';

export const acts: readonly Act[] = [
  ...fhirActs,
  ...fhirOperationActs,
  ...consentActs,
  ...officeActs,
  ...doctorActs,
  ...guardianActs,
  ...organizationActs,
  ...deskActs,
  ...accountActs,
  ...factorActs,
  ...recoveryActs,
  ...appActs,
  ...cardActs,
  ...fileActs,
  ...logActs,
  ...timelineActs,
  ...resultActs,
  ...doseActs,
];
