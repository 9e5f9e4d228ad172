// What matters about a person, in plain shapes that every page, the card and the emergency page share.
// Shapes only. Knows how facts look, not how FHIR writes them nor how a page shows them.

/** The sections of what matters, in the order in which a person is asked for them. */
export const sectionIds = [
  'identity',
  'address',
  'allergies',
  'conditions',
  'medicines',
  'disabilities',
  'vaccinations',
  'implants',
  'blood-group',
  'body',
  'pregnancy',
  'care-team',
  'contacts',
  'organ-donor',
  'directives',
  'documents',
] as const;

export type SectionId = (typeof sectionIds)[number];

/** One code with its system; `display` as the source wrote it. */
export type Code = { readonly system: string; readonly code: string; readonly display?: string };

/** What somebody wrote, with the codes that say the same (possibly none). `text` is never empty. */
export type CodedText = { readonly text: string; readonly codes: readonly Code[] };

/** ISO 8601 date of any precision: YYYY, YYYY-MM or YYYY-MM-DD. */
export type PartialDate = string;

export type SourceKind = 'professional' | 'organization' | 'patient' | 'guardian' | 'import';

/**
 * Who says so. `kind` comes from the tag the server set when the resource was written, nothing else.
 * `who`: the person or organization that vouches for the fact, by name.
 * `attributedTo`: only where the patient or a guardian wrote it: whom *they* name ("you said Dr Iyer said").
 * `verified`: true only for professional and organization.
 * `joinedOn`: the day on which the record that it stands in was joined to this one; absent for what stands in this one.
 */
export type FactSource = {
  readonly kind: SourceKind;
  readonly who?: string;
  readonly attributedTo?: string;
  readonly date?: PartialDate;
  readonly verified: boolean;
  readonly joinedOn?: PartialDate;
};

/** The stored resource a fact was read from. `id` and `version` are '' where the resource has none. */
export type FactResource = { readonly type: string; readonly id: string; readonly version: string };

export type Fact<T> = { readonly value: T; readonly source: FactSource; readonly resource: FactResource };

/**
 * A section is in exactly one state. *none-known*: somebody asked and said so; *not-recorded*: nobody asked;
 * *withheld*: the holder chose not to show it, whether or not there is anything.
 */
export type Section<T> =
  | { readonly state: 'recorded'; readonly facts: readonly Fact<T>[] }
  | { readonly state: 'none-known'; readonly source: FactSource; readonly resource: FactResource }
  | { readonly state: 'not-recorded' }
  | { readonly state: 'withheld' };

export type Sex = 'male' | 'female' | 'other' | 'unknown';

export type Language = { readonly code: string; readonly text: string; readonly preferred: boolean };

/** `url` may be relative; `data` is base64. At least one of the two is there. */
export type Photo = { readonly url?: string; readonly data?: string; readonly contentType?: string };

export type Identity = {
  /** Never empty. */
  readonly name: string;
  /** The same name in other scripts, by BCP 47 language. */
  readonly localNames: readonly { readonly language: string; readonly text: string }[];
  readonly birthDate?: PartialDate;
  readonly sex?: Sex;
  readonly sexAtBirth?: Sex;
  /** Preferred language first. */
  readonly languages: readonly Language[];
  readonly photo?: Photo;
  /** 14 digits without spaces. */
  readonly uhid?: string;
  readonly alias?: string;
  /** Present when the record says that the person has died. */
  readonly deceased?: { readonly date?: PartialDate };
};

export type PostalAddress = {
  readonly lines: readonly string[];
  readonly city?: string;
  readonly district?: string;
  readonly state?: string;
  readonly postalCode?: string;
  readonly country?: string;
};

/** Where the person can be reached. Section `address`. */
export type ContactDetails = {
  readonly home?: PostalAddress;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
};

export type AllergyCategory = 'food' | 'medication' | 'environment' | 'biologic';
export type Criticality = 'low' | 'high' | 'unable-to-assess';
export type Severity = 'mild' | 'moderate' | 'severe';

export type Allergy = {
  /** What the person reacts to, without the word allergy where the source allows it ("Penicillin"). */
  readonly substance: string;
  readonly codes: readonly Code[];
  readonly kind?: 'allergy' | 'intolerance';
  readonly category?: AllergyCategory;
  readonly criticality?: Criticality;
  readonly reactions: readonly CodedText[];
  readonly severity?: Severity;
  /** When it was first noticed. */
  readonly since?: PartialDate;
  /** Date of the last or the recorded reaction. */
  readonly lastReaction?: PartialDate;
  readonly note?: string;
};

export type ConditionStatus = 'active' | 'recurrence' | 'relapse' | 'remission' | 'inactive' | 'resolved';

export type Condition = {
  readonly name: string;
  readonly codes: readonly Code[];
  readonly status: ConditionStatus;
  readonly severity?: Severity;
  readonly since?: PartialDate;
  /** True where the source itself says it is not certain (provisional, differential, unconfirmed). */
  readonly uncertain: boolean;
  readonly note?: string;
};

/** `unit` as it should be shown ("mg", "tablets"). */
export type Quantity = { readonly value: number; readonly unit?: string };

/** `times` per `period` `unit`: twice a day is 2, 1, 'd'. Units: s min h d wk mo a. */
export type Frequency = {
  readonly times: number;
  readonly period: number;
  readonly unit: 's' | 'min' | 'h' | 'd' | 'wk' | 'mo' | 'a';
};

export type Medicine = {
  readonly name: string;
  readonly codes: readonly Code[];
  /** Taken: somebody says the person takes it. Prescribed: an order stands. */
  readonly basis: 'taken' | 'prescribed';
  /** Dose and timing in the words of the source ("5 mg, once a day, evening"). */
  readonly doseText?: string;
  readonly dose?: Quantity;
  readonly frequency?: Frequency;
  readonly route?: CodedText;
  readonly asNeeded: boolean;
  readonly reason?: string;
  readonly since?: PartialDate;
  readonly note?: string;
};

export type Disability = {
  readonly name: string;
  readonly codes: readonly Code[];
  readonly since?: PartialDate;
  /** What helps ("Speak slowly, facing me"). */
  readonly note?: string;
};

export type Vaccination = {
  readonly vaccine: string;
  readonly codes: readonly Code[];
  readonly date?: PartialDate;
  readonly doseNumber?: string;
  readonly lot?: string;
};

export type MriSafety = 'safe' | 'conditional' | 'unsafe' | 'unknown';

export type Implant = {
  readonly kind: string;
  readonly codes: readonly Code[];
  readonly since?: PartialDate;
  readonly mri: MriSafety;
  readonly model?: string;
  readonly note?: string;
};

/** How somebody knows their blood group: they saw a laboratory's report, a donor or hospital card, or only believe it. */
export type BloodGroupOrigin = 'lab-report' | 'card' | 'belief';

export type BloodGroup = {
  /** "A+", "AB", or the words of the source where they name no group. */
  readonly text: string;
  readonly abo?: 'A' | 'B' | 'AB' | 'O';
  readonly rhesus?: 'positive' | 'negative';
  /** Only where the person said so. */
  readonly knownFrom?: BloodGroupOrigin;
};

/** Weight always in kg, height always in cm. */
export type BodyMeasure =
  | { readonly kind: 'weight'; readonly value: number; readonly unit: 'kg'; readonly date?: PartialDate }
  | { readonly kind: 'height'; readonly value: number; readonly unit: 'cm'; readonly date?: PartialDate };

export type Pregnancy = {
  readonly state: 'pregnant' | 'not-pregnant' | 'possible' | 'unknown';
  readonly due?: PartialDate;
  /** When this was true. */
  readonly date?: PartialDate;
};

/** Section `care-team`: the preferred doctor and hospital. */
export type CareProvider = {
  readonly role: 'doctor' | 'hospital';
  readonly name: string;
  readonly specialty?: string;
  readonly place?: string;
  readonly phone?: string;
};

export type EmergencyContact = {
  readonly name: string;
  /** v3 RoleCode where known ("HUSB"), with the words of the source. */
  readonly relation?: CodedText;
  readonly phone?: string;
  /** 1 is called first. */
  readonly order: number;
};

export type OrganDonorWish = {
  readonly answer: 'yes' | 'no' | 'some' | 'unsure' | 'relatives';
  /** Only where the answer is 'some'. */
  readonly organs: readonly CodedText[];
  readonly date?: PartialDate;
};

export type DirectiveKind =
  'dnr' | 'living-will' | 'care-plan' | 'power-of-attorney' | 'portable-order' | 'other';

export type Directive = {
  readonly kind: DirectiveKind;
  readonly title: string;
  /** Where the signed paper is, or whom to ask. */
  readonly whereToFind?: string;
  readonly date?: PartialDate;
  readonly url?: string;
};

export type DocumentKind =
  | 'prescription'
  | 'lab-report'
  | 'imaging'
  | 'discharge-summary'
  | 'visit-note'
  | 'insurance'
  | 'identity'
  | 'other';

export type DocumentFact = {
  readonly title: string;
  readonly kind: DocumentKind;
  readonly date?: PartialDate;
  /** The last part of the attachment's address; '' where the file is inside the resource or absent. */
  readonly fileId: string;
  readonly url?: string;
  readonly contentType?: string;
  readonly sizeBytes?: number;
};

/** The value of each section. */
export type SectionValues = {
  readonly identity: Identity;
  readonly address: ContactDetails;
  readonly allergies: Allergy;
  readonly conditions: Condition;
  readonly medicines: Medicine;
  readonly disabilities: Disability;
  readonly vaccinations: Vaccination;
  readonly implants: Implant;
  readonly 'blood-group': BloodGroup;
  readonly body: BodyMeasure;
  readonly pregnancy: Pregnancy;
  readonly 'care-team': CareProvider;
  readonly contacts: EmergencyContact;
  readonly 'organ-donor': OrganDonorWish;
  readonly directives: Directive;
  readonly documents: DocumentFact;
};

/** Everything that matters about one person, one section each. */
export type RecordFacts = { readonly [Id in SectionId]: Section<SectionValues[Id]> };
