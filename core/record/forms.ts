// What the forms ask, one shape a section. Shared by the pages that ask and the code that stores.
// Types only; what is allowed in them is in validate-forms.ts.

import type {
  AllergyCategory,
  BloodGroupOrigin,
  Criticality,
  DirectiveKind,
  DocumentKind,
  Frequency,
  MriSafety,
  OrganDonorWish,
  PartialDate,
  Pregnancy,
  SectionId,
  Severity,
  Sex,
} from './facts.ts';

/** Words the person chose or typed; `listId` names the entry of the code list they chose from. */
export type Choice = { readonly text: string; readonly listId?: string };

export type IdentityForm = {
  readonly name: string;
  readonly localNames?: readonly { readonly language: string; readonly text: string }[];
  readonly birthDate?: PartialDate;
  readonly sex?: Sex;
  readonly sexAtBirth?: Sex;
  /** BCP 47 codes, the preferred language first. */
  readonly languages?: readonly string[];
  /** Address of a stored picture; null takes the picture away, absent leaves it. */
  readonly photo?: { readonly url: string; readonly contentType: string } | null;
};

export type AddressForm = {
  readonly phone?: string;
  readonly email?: string;
  readonly lines?: readonly string[];
  readonly city?: string;
  readonly district?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
};

export type AllergyForm = {
  readonly substance: Choice;
  readonly category?: AllergyCategory;
  readonly criticality?: Criticality;
  readonly reactions?: readonly Choice[];
  readonly severity?: Severity;
  readonly since?: PartialDate;
  readonly lastReaction?: PartialDate;
  readonly note?: string;
};

export type ConditionForm = {
  readonly condition: Choice;
  readonly severity?: Severity;
  readonly since?: PartialDate;
  readonly note?: string;
};

export type MedicineForm = {
  readonly medicine: Choice;
  readonly doseText?: string;
  readonly doseValue?: number;
  readonly doseUnit?: string;
  readonly frequency?: Frequency;
  /** Entry of the list of routes. */
  readonly route?: string;
  readonly asNeeded?: boolean;
  readonly reason?: string;
  readonly since?: PartialDate;
  readonly note?: string;
};

export type DisabilityForm = {
  readonly disability: Choice;
  readonly since?: PartialDate;
  readonly note?: string;
};

export type VaccinationForm = {
  readonly vaccine: Choice;
  readonly date: PartialDate;
  readonly doseNumber?: number;
  readonly lot?: string;
};

export type ImplantForm = {
  readonly implant: Choice;
  readonly since?: PartialDate;
  readonly mri?: MriSafety;
  readonly model?: string;
  readonly note?: string;
};

/** `group`: entry of the list of blood groups ("o-negative"). */
export type BloodGroupForm = {
  readonly group: string;
  readonly knownFrom?: BloodGroupOrigin;
  readonly date?: PartialDate;
};

export type BodyForm = {
  readonly weightKg?: number;
  readonly heightCm?: number;
  readonly date?: PartialDate;
};

export type PregnancyForm = { readonly state: Pregnancy['state']; readonly due?: PartialDate };

export type ProviderForm = {
  readonly name: string;
  readonly specialty?: string;
  readonly place?: string;
  readonly phone?: string;
};

export type CareTeamForm = { readonly doctor?: ProviderForm; readonly hospital?: ProviderForm };

export type ContactForm = { readonly name: string; readonly relation?: Choice; readonly phone: string };

/** All emergency contacts at once, the first to call first. */
export type ContactsForm = { readonly contacts: readonly ContactForm[] };

export type OrganDonorForm = {
  readonly answer: OrganDonorWish['answer'];
  readonly organs?: readonly Choice[];
};

export type DirectiveForm = {
  readonly kind: DirectiveKind;
  readonly whereToFind?: string;
  readonly date?: PartialDate;
};

export type DocumentForm = {
  readonly title: string;
  readonly kind: DocumentKind;
  readonly date?: PartialDate;
  readonly url: string;
  readonly contentType: string;
  readonly sizeBytes: number;
};

export type SectionForms = {
  readonly identity: IdentityForm;
  readonly address: AddressForm;
  readonly allergies: AllergyForm;
  readonly conditions: ConditionForm;
  readonly medicines: MedicineForm;
  readonly disabilities: DisabilityForm;
  readonly vaccinations: VaccinationForm;
  readonly implants: ImplantForm;
  readonly 'blood-group': BloodGroupForm;
  readonly body: BodyForm;
  readonly pregnancy: PregnancyForm;
  readonly 'care-team': CareTeamForm;
  readonly contacts: ContactsForm;
  readonly 'organ-donor': OrganDonorForm;
  readonly directives: DirectiveForm;
  readonly documents: DocumentForm;
};

/** Holds at compile time that every section has a form. */
export type FormOf<Id extends SectionId> = SectionForms[Id];
