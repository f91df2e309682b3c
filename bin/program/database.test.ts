import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { pino } from 'pino'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readConfig } from '#platform/config'
import { serverProcesses, signal } from '#platform/db/embedded-processes'
import { openProgramDatabase } from './database.ts'

test('a program that ends while its killed database comes back leaves no server behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-program-database-'))
  await chmod(folder, 0o711)
  const dataDir = join(folder, 'data')
  const lines = new PassThrough()
  try {
    const database = await openProgramDatabase({
      config: readConfig({ DATA_DIR: dataDir }),
      log: pino({ level: 'error' }, lines),
      now: new Date('2026-11-22T10:00:00Z'),
    })
    const cluster = join(dataDir, 'postgres-18')
    const { postmaster } = await serverProcesses(cluster)
    signal(postmaster!, 'SIGKILL')
    const [line] = (await once(lines, 'data')) as [Buffer]
    expect(String(line)).toContain('is started again')
    await database[Symbol.asyncDispose]()
    expect(await serverProcesses(cluster)).toMatchObject({ postmaster: null, children: [] })
    expect(await readdir(join(dataDir, 'lock'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
