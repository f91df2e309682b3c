import { expect, test } from 'vitest'
import { useDatabase } from '#platform/testing/database'
import { missingTables } from './library.ts'

const database = useDatabase()

test('the migrations leave the sign-in library nothing to create or add', async () => {
  expect(await missingTables(database.ownerUrl)).toBe('')
})

test('only the system role reaches accounts and log-ins', async () => {
  const { db } = database
  const scope = { workspaceId: '01936e00-0000-7000-8000-000000000000' }
  const look = db.read(scope, (tx) =>
    tx
      .selectFrom('auth.user' as never)
      .selectAll()
      .execute(),
  )
  await expect(look).rejects.toThrow(/permission denied/)
})
