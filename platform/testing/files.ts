// A file store of a test's own, gone after its file's tests.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openFileStore, type FileStore } from '../files/store.ts'

const made: string[] = []
afterAll(async () => {
  for (const directory of made.splice(0)) await rm(directory, { recursive: true, force: true })
})

export async function aFileStore(): Promise<FileStore> {
  const directory = await mkdtemp(join(tmpdir(), 'rapport-files-'))
  made.push(directory)
  return openFileStore({ directory })
}
