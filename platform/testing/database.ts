// A database of its own for a test file, cloned from the migrated template, behind the same roles as in production.
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'
import { openDatabase, type Database } from '../db/database.ts'
import { ensureLoginRole } from '../db/roles.ts'
import { TEMPLATE } from './global-setup.ts'

export interface TestDatabase {
  readonly db: Database
  /** Address as the owner, for looking from outside. */
  readonly ownerUrl: string
  /** Address as the program's pool signs in. */
  readonly url: string
}

/** Makes the database before the file's tests and drops it after them; read its fields inside tests only. */
export function useDatabase(): TestDatabase {
  let made: (TestDatabase & { drop: () => Promise<void> }) | null = null
  beforeAll(async () => {
    made = await cloneDatabase(inject('ownerUrl'))
  })
  afterAll(() => made?.drop())
  const open = (): TestDatabase => {
    if (!made) throw new Error('the database is there once the tests run')
    return made
  }
  return {
    get db() {
      return open().db
    },
    get ownerUrl() {
      return open().ownerUrl
    },
    get url() {
      return open().url
    },
  }
}

export async function cloneDatabase(ownerUrl: string): Promise<TestDatabase & { drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const admin = new pg.Client({ connectionString: ownerUrl })
  await admin.connect()
  // Two files cloning at once find the template in use for a moment.
  for (let tries = 0; ; tries++) {
    try {
      await admin.query(`create database ${name} template ${TEMPLATE}`)
      break
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || tries > 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const own = new URL(ownerUrl)
  own.pathname = `/${name}`
  const owner = new pg.Client({ connectionString: own.href })
  await owner.connect()
  const url = await ensureLoginRole(owner, own.href, 'test')
  await owner.end()
  const db = openDatabase({ url, size: 6 })
  return {
    db,
    ownerUrl: own.href,
    url,
    drop: async () => {
      await db[Symbol.asyncDispose]()
      await admin.query(`drop database ${name} with (force)`)
      await admin.query(`drop role if exists rapport_login_${name}`)
      await admin.end()
    },
  }
}
