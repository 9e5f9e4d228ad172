// The shape of one invented person: what is true of them before any of it is written down as a record.
import type {
  AllergyForm,
  Choice,
  DirectiveForm,
  ImplantForm,
  MedicineForm,
  OrganDonorForm,
} from '../core/record/forms.ts';
import type { PartialDate, Sex } from '../core/record/facts.ts';
import type { CourseKey } from './courses.ts';
import type { CityKey } from './places.ts';

export interface DemoProblem {
  course: CourseKey;
  since: PartialDate;
}

export interface DemoContact {
  /** Key of another person of the family. */
  key: string;
  /** Entry of the list of relations: what they are to this person. */
  relation: string;
}

export interface DemoPerson {
  key: string;
  family: string;
  name: string;
  hindiName: string;
  sex: Sex;
  /** YYYY-MM-DD */
  birthDate: string;
  city: CityKey;
  street: string;
  /** BCP 47, the preferred one first. */
  languages: readonly string[];
  /** Serial of the telephone number; children have none. */
  phone?: number;
  contacts: readonly DemoContact[];
  /** Signs in with this; absent: enrolled at a hospital's desk, without an account. */
  login?: string;
  roles?: readonly string[];
  problems: readonly DemoProblem[];
  /** `none`: asked, none known. Absent: nobody asked. */
  allergies?: readonly AllergyForm[] | 'none';
  /** Only where there is no problem and no medicine: asked, none known. */
  healthy?: boolean;
  bloodGroup?: { group: string; from: 'laboratory' | 'card' | 'belief' };
  /** Bought or taken without a doctor, or given by one who wrote nothing here. */
  ownMedicines?: readonly MedicineForm[];
  implants?: readonly ImplantForm[];
  disabilities?: readonly Choice[];
  organDonor?: OrganDonorForm;
  directive?: DirectiveForm;
  weightKg?: number;
  heightCm?: number;
  /** Due date in days from the day of the demo. */
  pregnantDueInDays?: number;
}
