// The addresses below which nobody is answered before it is known who they are. One list: a door that reads tokens must be a door that
// asks for them.
const guarded = /^\/((api|fhir|dicom-web)\/|ws(\?|$))/;

/** `path`: as it was asked for, or a route's template; a query behind it changes nothing. */
export function isGuarded(path: string): boolean {
  return guarded.test(path);
}
