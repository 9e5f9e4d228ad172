// How confidential a document is: as much as the most confidential thing in it, and never less than normal.

const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const order = ['U', 'L', 'M', 'N', 'R', 'V'] as const;
const displays = {
  U: 'unrestricted',
  L: 'low',
  M: 'moderate',
  N: 'normal',
  R: 'restricted',
  V: 'very restricted',
} as const;

export type Confidentiality = (typeof order)[number];

const label =
  /\{[^{}]*"code":"([ULMNRV])"[^{}]*"system":"http:\/\/terminology\.hl7\.org\/CodeSystem\/v3-Confidentiality"[^{}]*\}/g;

/** The labels of a resource's canonical text. */
export function confidentialityOf(text: string): Confidentiality[] {
  if (!text.includes(system)) return [];
  return [...text.matchAll(label)].map(([, code]) => code as Confidentiality);
}

export function highest(marks: ReadonlySet<Confidentiality>): {
  code: Confidentiality;
  coding: { system: string; code: string; display: string };
} {
  const code = order.findLast((one) => one === 'N' || marks.has(one)) ?? 'N';
  return { code, coding: { system, code, display: displays[code] } };
}
