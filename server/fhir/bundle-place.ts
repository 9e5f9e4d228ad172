// Where in a Bundle an error lies: paths of a resource become paths of the Bundle that brought it.
import { FhirError } from '../errors.ts';

/** An error inside a Bundle names the entry it came from. `at`: `Bundle.entry[3]`; undefined for a request of its own. */
export function within<T>(at: string | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof FhirError) || at === undefined) throw error;
    const issues = error.issues.map((issue) => ({
      ...issue,
      expression: (issue.expression ?? ['Resource']).map((e) =>
        e.startsWith('Bundle.') ? e : `${at}.resource${e.replace(/^[A-Za-z]+/, '')}`,
      ),
    }));
    throw new FhirError(error.status, issues, { ...error.headers });
  }
}
