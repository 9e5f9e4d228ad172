// How the embedded PostgreSQL is set: durable, small, silent about data, deaf to the network. Must not know folders or accounts.

/** Settings by name, given on the command line so that they follow the code and not the folder's age. */
export const embeddedSettings: Readonly<Record<string, string>> = {
  // Reached only through a socket inside the cluster's own 0700 folder.
  listen_addresses: '',
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  port: '5432',

  // Acknowledged means on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',

  // A small machine.
  max_connections: '60',
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  random_page_cost: '1.1',
  max_wal_size: '512MB',
  checkpoint_timeout: '10min',
  autovacuum_max_workers: '2',
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '1',
  max_wal_senders: '0',
  max_replication_slots: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  huge_pages: 'off',
  jit: 'off',

  // No patient data in the log: an error's text, detail and statement quote values, so only events of the server itself
  // (LOG, FATAL, PANIC) are written, and these without detail, statement or parameters.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%m [%p] ',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  log_lock_waits: 'off',

  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};
