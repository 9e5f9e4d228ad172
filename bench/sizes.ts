// How much the database holds for each resource, with everything that belongs to it: versions, search, entries, leaves.
import pg from 'pg';

export interface Sizes {
  resources: number;
  bytes: number;
  /** Text of the resources alone. */
  textBytes: number;
}

const tables = [
  'resource',
  'resource_history',
  'entry',
  'pending_leaf',
  'outbox',
  'log_leaf',
  'log_chain',
  'log_tile',
  'log_checkpoint',
];

export async function databaseSizes(databaseUrl: string): Promise<Sizes> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Record<keyof Sizes, string>>(
      `select (select sum(pg_total_relation_size(name::regclass)) from unnest($1::text[]) as t(name)) as bytes,
              count(*) as resources, sum(octet_length(content)) as "textBytes" from resource`,
      [tables],
    );
    const [row] = rows;
    return {
      bytes: Number(row?.bytes),
      resources: Number(row?.resources),
      textBytes: Number(row?.textBytes),
    };
  } finally {
    await client.end();
  }
}
