// What can be asked of the one path of writes, and what it answers.
import type { Resource } from '../../core/fhir/types.ts';
import type { Patch } from './patch.ts';

interface Asked {
  readonly type: string;
  /** Where it stands in a Bundle, for errors: `Bundle.entry[3]`. */
  readonly at?: string;
  /** By which others in the Bundle refer to it. */
  readonly fullUrl?: string;
}

/**
 * A write. With `where`, a search in FHIR's words (`identifier=a|b`), the resource is the one it finds; `id` is then the id of
 * the one that is made where nothing is found, and means nothing for patch and delete.
 */
export type WriteOperation = Asked &
  (
    | {
        method: 'create';
        id: string;
        resource: Resource;
        /** Create only where this search finds nothing. */ ifNoneExist?: string;
      }
    | {
        method: 'update';
        id: string;
        resource: Resource;
        where?: string;
        ifMatch?: number;
        /** Write only where nothing stands. */
        ifNoneMatch?: boolean;
      }
    | { method: 'patch'; id: string; patch: Patch; where?: string; ifMatch?: number }
    | { method: 'delete'; id: string; where?: string; ifMatch?: number }
  );

export interface Written {
  type: string;
  id: string;
  version: number;
  created: boolean;
  deleted: boolean;
  lastUpdatedMs: number;
  content: string;
  entryId: string;
  /** Nothing was written: it stood already, or there was nothing to delete (then `version` is 0). */
  unchanged?: boolean;
  /** Set where a person came to be. */
  uhid?: string;
}

/** An operation whose resource is known: no search is left in it. */
export type Settled =
  | { method: 'create'; type: string; id: string; resource: Resource; at?: string }
  | {
      method: 'update';
      type: string;
      id: string;
      resource: Resource;
      ifMatch?: number;
      ifNoneMatch?: boolean;
      at?: string;
    }
  | { method: 'patch'; type: string; id: string; patch: Patch; ifMatch?: number; at?: string }
  | { method: 'delete'; type: string; id: string; ifMatch?: number; at?: string }
  /** A conditional create that found what it would make. */
  | { method: 'keep'; type: string; id: string; at?: string }
  /** A conditional delete that found nothing. */
  | { method: 'nothing'; type: string; id: string; at?: string };
