// Staff for tests: their open sessions count as proved by a second factor. How it is proved is shown by identity-second-factor.test.ts.
import type pg from 'pg';

export async function provedTwice(pool: pg.Pool, accountId: string): Promise<void> {
  await pool.query(`update session set second = 'totp' where account_id = $1 and ended_at is null`, [
    accountId,
  ]);
}
