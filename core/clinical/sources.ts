// Where the clinical rules come from: who says it, in which year, and where it can be read. Addresses are text and are never followed.

export interface Source {
  readonly name: string;
  readonly year: number;
  readonly address: string;
}

const source = (name: string, year: number, address: string): Source => ({ name, year, address });

export const sources = {
  highPriority: source(
    'Phansalkar S, Desai AA, Bell D et al. High-priority drug-drug interactions for use in electronic health records. J Am Med Inform Assoc 19:735-743',
    2012,
    'https://doi.org/10.1136/amiajnl-2011-000612',
  ),
  simvastatin: source(
    'FDA Drug Safety Communication: new restrictions, contraindications, and dose limitations for simvastatin',
    2011,
    'https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-new-restrictions-contraindications-and-dose-limitations-zocor',
  ),
  linezolid: source(
    'FDA Drug Safety Communication: serious CNS reactions possible when linezolid is given to patients taking certain psychiatric medications',
    2011,
    'https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-serious-cns-reactions-possible-when-linezolid-zyvox-given-patients',
  ),
  opioidsAndSedatives: source(
    'FDA Drug Safety Communication: serious risks and death when combining opioid pain or cough medicines with benzodiazepines',
    2016,
    'https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-fda-warns-about-serious-risks-and-death-when-combining-opioid-pain-or',
  ),
  citalopram: source(
    'FDA Drug Safety Communication: revised recommendations for citalopram related to a potential risk of abnormal heart rhythms with high doses',
    2012,
    'https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-revised-recommendations-celexa-citalopram-hydrobromide-related',
  ),
  codeineInChildren: source(
    'FDA Drug Safety Communication: FDA restricts use of prescription codeine pain and cough medicines and tramadol pain medicines in children',
    2017,
    'https://www.fda.gov/drugs/drug-safety-and-availability/fda-drug-safety-communication-fda-restricts-use-prescription-codeine-pain-and-cough-medicines-and',
  ),
  aspirinInChildren: source(
    'Committee on Safety of Medicines: aspirin and Reye’s syndrome in children up to and including 15 years of age. Current Problems in Pharmacovigilance 28',
    2002,
    'https://www.gov.uk/drug-safety-update',
  ),
  methotrexateWeekly: source(
    'National Patient Safety Agency, Patient Safety Alert 13: improving compliance with oral methotrexate guidelines',
    2006,
    'https://www.england.nhs.uk/patient-safety/',
  ),
  formularyForChildren: source(
    'WHO Model Formulary for Children',
    2010,
    'https://iris.who.int/handle/10665/44309',
  ),
  middleEar: source(
    'Lieberthal AS, Carroll AE, Chonmaitree T et al. The diagnosis and management of acute otitis media. Pediatrics 131:e964-e999',
    2013,
    'https://doi.org/10.1542/peds.2012-3488',
  ),
  labels: source(
    'Prescribing information approved by the FDA (contraindications, warnings, drug interactions, dosage), as collected at DailyMed',
    2024,
    'https://dailymed.nlm.nih.gov/dailymed/',
  ),
  betaLactams: source(
    'Khan DA, Banerji A, Blumenthal KG et al. Drug allergy: a 2022 practice parameter update. J Allergy Clin Immunol 150:1333-1393',
    2022,
    'https://doi.org/10.1016/j.jaci.2022.08.028',
  ),
  ownList: source(
    'The list of ingredients and groups in core/clinical: the same substance under two names, or two of one group',
    2026,
    'core/clinical/ingredient-table.ts',
  ),
} as const satisfies Record<string, Source>;
