// Under which canonical address an operation's definition stands, where it is not `http://hl7.org/fhir/OperationDefinition/[Type]-[name]`.
// A route with `$name` in its address is an operation; what is listed in the CapabilityStatement is read off the routes.

const elsewhere: Readonly<Record<string, string>> = {
  $export: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export',
  'Patient/$export': 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export',
  'Group/$export': 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export',
  $import: 'urn:medallion:operation:import',
  'QuestionnaireResponse/$extract':
    'http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract',
  'Patient/$summary': 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
};

/** @param type undefined for an operation on the whole system */
export function operationDefinition(name: string, type: string | undefined): string {
  const known = elsewhere[type === undefined ? `$${name}` : `${type}/$${name}`];
  return known ?? `http://hl7.org/fhir/OperationDefinition/${type ?? 'System'}-${name}`;
}
