// What facts are read from. Whoever adds a source of facts adds it here: the card's page and the person's own pages read no more.

export const factTypes = [
  'Patient',
  'RelatedPerson',
  'AllergyIntolerance',
  'Condition',
  'MedicationStatement',
  'MedicationRequest',
  'Medication',
  'Immunization',
  'Device',
  'DeviceUseStatement',
  'CareTeam',
  'Consent',
  'DocumentReference',
] as const;

/** LOINC: blood group, organ donation, pregnancy and its due date, advance directive. */
export const statedObservationCodes = [
  '882-1',
  '883-9',
  '10331-7',
  '75781-5',
  '82810-3',
  '11778-8',
  '11779-6',
  '11780-4',
  '81351-9',
] as const;

/** LOINC: weight, height. Of these the newest counts. */
export const bodyObservationCodes = [
  ['29463-7', '3141-9', '3142-7'],
  ['8302-2', '3137-7', '3138-5'],
] as const;

export const factObservationCodes: readonly string[] = [
  ...statedObservationCodes,
  ...bodyObservationCodes.flat(),
];
