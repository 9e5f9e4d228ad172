// The form of any section.
import type { ComponentType } from 'react';
import type { SectionId } from '../../../core/record/facts.ts';
import { AddressForm } from './address-form.tsx';
import { AllergyForm } from './allergy-form.tsx';
import { BloodGroupForm } from './blood-group-form.tsx';
import { BodyForm } from './body-form.tsx';
import { CareTeamForm } from './care-team-form.tsx';
import { ConditionForm } from './condition-form.tsx';
import { ContactsForm } from './contacts-form.tsx';
import { DirectiveForm } from './directive-form.tsx';
import { DisabilityForm } from './disability-form.tsx';
import { DocumentForm } from './document-form.tsx';
import { IdentityForm } from './identity-form.tsx';
import { ImplantForm } from './implant-form.tsx';
import { MedicineForm } from './medicine-form.tsx';
import { OrganDonorForm } from './organ-donor-form.tsx';
import { PregnancyForm } from './pregnancy-form.tsx';
import type { FormHost } from './section-form-state.ts';
import { VaccinationForm } from './vaccination-form.tsx';

const forms: { readonly [Id in SectionId]: ComponentType<FormHost<Id>> } = {
  identity: IdentityForm,
  address: AddressForm,
  allergies: AllergyForm,
  conditions: ConditionForm,
  medicines: MedicineForm,
  disabilities: DisabilityForm,
  vaccinations: VaccinationForm,
  implants: ImplantForm,
  'blood-group': BloodGroupForm,
  body: BodyForm,
  pregnancy: PregnancyForm,
  'care-team': CareTeamForm,
  contacts: ContactsForm,
  'organ-donor': OrganDonorForm,
  directives: DirectiveForm,
  documents: DocumentForm,
};

export function SectionForm<Id extends SectionId>({
  section,
  host,
}: {
  readonly section: Id;
  readonly host: FormHost<Id>;
}) {
  const Form: ComponentType<FormHost<Id>> = forms[section];
  return <Form {...host} />;
}
