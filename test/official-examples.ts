// The official R4 examples and those of the International Patient Summary, as their packages hold them, and the few
// official ones that break the very definitions they are examples of: each with the rule and where it is broken.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const packageFolder = (name: string): string => path.dirname(require.resolve(`${name}/package.json`));

export interface ExampleFile {
  readonly name: string;
  readonly text: string;
}

/** Every resource of hl7.fhir.r4.examples, in the order of their names. */
export function officialExamples(): ExampleFile[] {
  return resourcesIn(packageFolder('hl7.fhir.r4.examples'));
}

/** The examples of the International Patient Summary 2.0.0, documents and single resources. */
export function summaryExamples(): ExampleFile[] {
  return resourcesIn(path.join(packageFolder('hl7.fhir.uv.ips'), 'example'));
}

function resourcesIn(folder: string): ExampleFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'package.json')
    .sort()
    .map((name) => ({ name: name.slice(0, -5), text: readFileSync(path.join(folder, name), 'utf8') }));
}

const noBase = 'element-missing SearchParameter.base';

/** File to `rule expression` of its first error. What the definitions say stands beside each group. */
export const unsoundExamples: Readonly<Record<string, string>> = {
  // SearchParameter.base is 1..*; these parameters of extensions name no resource type.
  'SearchParameter-codesystem-extensions-CodeSystem-author': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-effective': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-end': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-keyword': noBase,
  'SearchParameter-codesystem-extensions-CodeSystem-workflow': noBase,
  'SearchParameter-valueset-extensions-ValueSet-author': noBase,
  'SearchParameter-valueset-extensions-ValueSet-effective': noBase,
  'SearchParameter-valueset-extensions-ValueSet-end': noBase,
  'SearchParameter-valueset-extensions-ValueSet-keyword': noBase,
  'SearchParameter-valueset-extensions-ValueSet-workflow': noBase,
  // An id has at most 64 characters; this one has 67, and two implementation guides refer to it.
  'SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject':
    'id-malformed SearchParameter.id',
  'ImplementationGuide-fhir':
    'reference-malformed ImplementationGuide.manifest.resource[11904].reference.reference',
  'ig-r4': 'reference-malformed ImplementationGuide.manifest.resource[11904].reference.reference',
  // txt-2: the narrative has nothing but white space.
  'ActivityDefinition-blood-tubes-supply': 'narrative-empty ActivityDefinition.text.div',
  'ActivityDefinition-heart-valve-replacement': 'narrative-empty ActivityDefinition.text.div',
  'EventDefinition-example': 'narrative-empty EventDefinition.text.div',
  'Questionnaire-zika-virus-exposure-assessment': 'narrative-empty Questionnaire.text.div',
  // Device, not DeviceDefinition; no Procedure among the reasons; Organization only; no Encounter performs.
  'DeviceMetric-example': 'reference-target DeviceMetric.parent.reference',
  'DeviceUseStatement-example': 'reference-target DeviceUseStatement.reasonReference[0].reference',
  'MedicationRequest-medrx0301': 'reference-target MedicationRequest.dispenseRequest.performer.reference',
  'Observation-clinical-gender': 'reference-target Observation.performer[0].reference',
  // Questionnaire.item.linkId is 1..1.
  'Questionnaire-qs1': 'element-missing Questionnaire.item[0].item[0].linkId',
  // A code ends in a no-break space.
  'CodeSystem-v2-0550': 'code-malformed CodeSystem.concept[74].code',
  // sdf-4: what is not abstract has a base definition; these patterns of the specification have none.
  'StructureDefinition-Definition': 'sdf-4 StructureDefinition',
  'StructureDefinition-Event': 'sdf-4 StructureDefinition',
  'StructureDefinition-FiveWs': 'sdf-4 StructureDefinition',
  'StructureDefinition-Request': 'sdf-4 StructureDefinition',
  // bdl-7: data elements of Quantity stand three times under one full URL.
  'Bundle-dataelements': 'bdl-7 Bundle',
};
