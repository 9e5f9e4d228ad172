// Whether whoever reads may set and tick here; the server decides at each request, the page offers no button that it would refuse.
import { lookedAfter, useSignedIn } from '../../api/session.ts';

export function useMayChange(): boolean {
  const other = lookedAfter(useSignedIn());
  return other === undefined || other.level === 'act' || other.level === 'manage';
}
