// Two programs on one database, each killed now and then while the other goes on.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '#platform/db/embedded'
import { underLoad } from './kill.ts'
import type { Drill } from './run.ts'

export const twoNodes: Drill = {
  summary: 'two programs on one database, each killed at random while the other works on',
  rounds: 12,
  smoke: 2,
  async run({ rounds, say }) {
    const directory = await mkdtemp(join(tmpdir(), 'rapport-drill-shared-'))
    await chmod(directory, 0o711)
    const database = await startEmbedded({ directory })
    try {
      return await underLoad(
        rounds,
        say,
        async ({ nodes }, _random, round) => {
          const node = nodes[round % 2]!
          await node.kill()
          await node.start()
        },
        { nodes: 2, databaseUrl: database.ownerUrl },
        { senders: 4 },
      )
    } finally {
      await database.stop()
      await rm(directory, { recursive: true, force: true })
    }
  },
}
