// Allowed: the server's half of the contract kernel.
import type { RouteTable } from './kernel.ts'
import { rows } from '../db/rows.ts'

export const implement = (table: RouteTable) => ({ table, rows })
