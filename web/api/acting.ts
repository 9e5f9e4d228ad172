// Whose record this window looks at: one's own, or that of somebody one looks after. The choice lives as long as the window, and every
// address of a record's own things names the person. What may be done there is decided by the server at each request.

const KEY = 'acting-for';

/** Routes that speak of a record: the own one unless the address names another. */
const OF_A_RECORD =
  /^\/api\/(emergency-card|entries|timeline|photo|files(?=\?|$)|export|notices|grants|access-requests|doctor-requests|guardians(?!\/invites)|record-parts|record\.pdf|amendments|access-rules|who-sees|origins|disputes(?!\?at=work)|merges(?=$)|corrections(?=[?]entry|$)|glass-reviews(?!\?at=work)|results\/(waiting|release)|doses|orders(?=$|\/|\.pdf)|forms\/)/;

/** Id of the record; undefined for one's own. */
export function actingFor(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepActingFor(patientId: string | undefined): void {
  try {
    if (patientId === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, patientId);
  } catch {
    // Storage is closed: one stays in one's own record.
  }
}

/** Another person's record from the first page on, loaded anew: nothing of the former one stays in memory. */
export function switchTo(patientId: string | undefined, home: string): void {
  keepActingFor(patientId);
  document.documentElement.hidden = true;
  location.assign(home);
}

/** The address with the person that is acted for, where it speaks of a record and names nobody yet. */
export function addressFor(path: string): string {
  const patient = actingFor();
  if (patient === undefined || !OF_A_RECORD.test(path) || /[?&]patient=/.test(path)) return path;
  return `${path}${path.includes('?') ? '&' : '?'}patient=${encodeURIComponent(patient)}`;
}
