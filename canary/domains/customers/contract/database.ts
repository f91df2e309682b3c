// Breach: a contract goes to browsers, the database driver must not.
import type { PoolConfig } from 'pg'

export type Breach = PoolConfig
