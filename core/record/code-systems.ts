// The addresses of the code systems that the record reads and writes.
// Addresses only; what a code means is said where it is used.

export const snomed = 'http://snomed.info/sct';
export const loinc = 'http://loinc.org';
export const rxNorm = 'http://www.nlm.nih.gov/research/umls/rxnorm';
export const atc = 'http://www.whocc.no/atc';
export const cvx = 'http://hl7.org/fhir/sid/cvx';
export const icd10 = 'http://hl7.org/fhir/sid/icd-10';
export const icd10Cm = 'http://hl7.org/fhir/sid/icd-10-cm';
export const ucum = 'http://unitsofmeasure.org';
export const bcp47 = 'urn:ietf:bcp:47';
export const v3RoleCode = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
export const contactRole = 'http://terminology.hl7.org/CodeSystem/v2-0131';
export const organDonorCode = 'http://terminology.hl7.org/CodeSystem/v2-0316';
export const observationCategory = 'http://terminology.hl7.org/CodeSystem/observation-category';
export const conditionCategory = 'http://terminology.hl7.org/CodeSystem/condition-category';
export const conditionClinical = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
export const conditionVerification = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
export const allergyClinical = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
export const allergyVerification = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
export const consentScope = 'http://terminology.hl7.org/CodeSystem/consentscope';
export const consentCategory = 'http://terminology.hl7.org/CodeSystem/consentcategorycodes';
/** NCI Thesaurus, which the R4 value set device-safety takes its MR safety codes from. */
export const nciThesaurus = 'urn:oid:2.16.840.1.113883.3.26.1.1';
/** IPS 1.x: "no known …" and "no information about …". Gone from IPS 2.0, still read everywhere. */
export const absentUnknown = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';
/** "None known" for sections that IPS has no code for. */
export const ownNoneKnown = 'urn:medallion:none-known';
/** Who wrote a resource, set by the server. */
export const authorTag = 'urn:medallion:author';
export const uhidSystem = 'urn:medallion:uhid';
export const aliasSystem = 'urn:medallion:alias';
/** Marks the one CareTeam that holds the preferred doctor and hospital. */
export const ownCareTeam = 'urn:medallion:care-team';
/** How a person knows their blood group. */
export const ownKnownFrom = 'urn:medallion:known-from';
/** Kind of a stored document, where no LOINC code was given. */
export const ownDocumentKind = 'urn:medallion:document-kind';
