// Small sound resources for tests over HTTP, each about one person.

type Body = Record<string, unknown>;

export const conditionOf = (patientId: string, text = 'Asthma'): Body => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${patientId}` },
  code: { text },
});

/** Body weight; `value` goes into the text as it is, so that 71.10 can stay 71.10. */
export const weightText = (patientId: string, value: string): string =>
  `{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},` +
  `"subject":{"reference":"Patient/${patientId}"},"effectiveDateTime":"2026-03-01",` +
  `"valueQuantity":{"value":${value},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}`;

export const weightOf = (patientId: string, value = 71): Body =>
  JSON.parse(weightText(patientId, String(value))) as Body;

/** One entry of a transaction that creates the resource. */
export const postEntry = (resource: Body, fullUrl?: string): Body => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: resource['resourceType'] },
});

export const transactionOf = (...entry: Body[]): Body => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry,
});

/** The same resource with something else in it, for a PUT. */
export const changed = (text: string, change: Body): Body => ({ ...(JSON.parse(text) as Body), ...change });

export interface OutcomeBody {
  resourceType: string;
  issue: { severity: string; code: string; diagnostics: string; expression?: string[] }[];
}

export interface BundleBody {
  resourceType: string;
  type: string;
  total?: number;
  link?: { relation: string; url: string }[];
  entry?: {
    fullUrl?: string;
    resource?: { id: string; resourceType: string };
    response?: { status: string; location?: string; etag?: string };
    search?: { mode: string };
  }[];
}
