// Organisations of the directory as administrators see them, and the row that is locked while it is changed who works there.
import type { Queryable } from './queryable.ts';

export interface ListedOrganization {
  organizationId: string;
  name: string | null;
  closed: boolean;
  /** Memberships that have not ended. */
  members: number;
  /** Licences that wait for a look. */
  licencesWaiting: number;
}

const listed = `r.resource_id as "organizationId", r.content::json ->> 'name' as name, coalesce(o.closed_at is not null, false) as closed,
  (select count(*)::int from organization_member m where m.organization_id = r.resource_id and m.ended_at is null) as members,
  (select count(*)::int from licence_check l join organization_member m using (member_id)
    where m.organization_id = r.resource_id and m.ended_at is null and l.finding is null) as "licencesWaiting"`;
const standing = `resource r left join organization o on o.organization_id = r.resource_id
  where r.patient_id = '' and r.resource_type = 'Organization' and not r.deleted`;

/** Those named by `ids`, or of all those whose name has these words; by name, at most `limit`. */
export async function listOrganizations(
  db: Queryable,
  by: { ids: readonly string[] } | { words: readonly string[] },
  limit: number,
): Promise<ListedOrganization[]> {
  const { rows } = await db.query(
    'ids' in by
      ? {
          name: 'list-organizations-of',
          text: `select ${listed} from ${standing} and r.resource_id = any($1::text[]) order by lower(r.content::json ->> 'name'), r.resource_id limit $2`,
          values: [by.ids, limit],
        }
      : {
          name: 'list-organizations',
          text: `select ${listed} from ${standing} and not exists (select from unnest($1::text[]) word
                    where position(word in lower(coalesce(r.content::json ->> 'name', ''))) = 0)
                  order by lower(r.content::json ->> 'name'), r.resource_id limit $2`,
          values: [by.words.map((word) => word.toLowerCase()), limit],
        },
  );
  return rows as ListedOrganization[];
}

/**
 * One change of who works there at a time, until commit. Tells whether it is closed. Of two who would each remove the other as the
 * last-but-one administrator, the second waits here and then counts anew.
 */
export async function lockOrganization(
  client: Queryable,
  organizationId: string,
): Promise<{ closed: boolean }> {
  await client.query({
    name: 'ensure-organization',
    text: `insert into organization (organization_id) values ($1) on conflict do nothing`,
    values: [organizationId],
  });
  const { rows } = await client.query({
    name: 'lock-organization',
    text: `select closed_at is not null as closed from organization where organization_id = $1 for update`,
    values: [organizationId],
  });
  return rows[0] as { closed: boolean };
}

/** Under its lock. `atMs` undefined opens it again. */
export async function setOrganizationClosed(
  client: Queryable,
  organizationId: string,
  atMs: number | undefined,
): Promise<void> {
  await client.query({
    name: 'set-organization-closed',
    text: `update organization set closed_at = to_timestamp($2::float8 / 1000) where organization_id = $1`,
    values: [organizationId, atMs ?? null],
  });
}
