// One PostgreSQL for the whole run, with a migrated template that each test file clones: a second's work, not a minute's.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../db/embedded.ts'
import { migrate } from '../db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    ownerUrl: string
  }
}

export const TEMPLATE = 'rapport_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A developer may keep a server running and name it here, to save its start on every run.
  const given = process.env['RAPPORT_TEST_DATABASE_URL']
  const directory = await mkdtemp(join(tmpdir(), 'rapport-test-'))
  // As root the database runs as another user, who must be able to pass.
  await chmod(directory, 0o711)
  const embedded = given ? null : await startEmbedded({ directory })
  const ownerUrl = given ?? embedded!.ownerUrl
  await makeTemplate(ownerUrl)
  project.provide('ownerUrl', ownerUrl)
  return async () => {
    await embedded?.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

async function makeTemplate(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`drop database if exists ${TEMPLATE} with (force)`)
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  const url = new URL(ownerUrl)
  url.pathname = `/${TEMPLATE}`
  await migrate(url.href, { now: new Date() })
}
