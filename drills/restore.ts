// A backup under load by the command that people use, restored in another folder; the old house goes on for a while, so that what
// the copy does not know has really happened.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { checkBackup } from '#platform/db/backup/restore'
import { equal, between, settle, type Line } from './count.ts'
import { openCopy, openHouse } from './house.ts'
import { startLoad } from './load.ts'
import type { Drill } from './run.ts'

const rapport = (dataDir: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../bin/rapport.ts'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir },
  })

export const restore: Drill = {
  summary:
    'a backup under load, restored elsewhere: same counts, nothing sent until a person says so, nothing sent twice',
  rounds: 1,
  smoke: 1,
  async run({ say }) {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-drill-copy-'))
    await using house = await openHouse()
    const lines: Line[] = []
    try {
      const load = startLoad(house, { answerEvery: 120 })
      // Longer than the undo time, so that answers of every state are about.
      await sleep(14_000)
      const file = join(folder, 'house.rapport')
      const knownBefore = load.accepted.size
      const { stdout } = await rapport(join(house.directory, 'data'), 'backup', file, '--with-key')
      say(stdout.split('\n')[0]!)
      const knownAfter = load.accepted.size
      await sleep(12_000)
      await load.stop()
      await house.nodes[0]!.stop()
      lines.push(equal('the backup is whole', (await checkBackup(file)).version, 1))

      const target = join(folder, 'data')
      await rapport(target, 'restore', file, '--into', target)
      const twice = await rapport(target, 'restore', file, '--into', target).then(
        () => 'done',
        (error: { stderr: string }) => (/empty database only/.test(error.stderr) ? 'refused' : error.stderr),
      )
      lines.push(equal('restored a second time', twice, 'refused'))

      await using copy = await openCopy(folder, house)
      const takenBefore = [...house.platform.taken.values()].reduce((sum, times) => sum + times, 0)
      const [rows] = await copy.ask(`select (select count(*)::int from messages where kind = 'in') as messages,
        (select count(*)::int from messages where kind = 'in') - (select count(distinct external_id)::int from messages where kind = 'in') as doubled,
        (select count(*)::int from messages where state in ('held', 'queued', 'sending')) as under_way,
        (select count(*)::int from messages where state = 'unknown') as unknown,
        (select count(*)::int from auth.session) as logins`)
      // What was delivered and not taken in yet when the backup was made is taken in now.
      lines.push(
        between('messages in the copy', Number(rows!['messages']), knownBefore - 10, knownAfter + 10),
        equal('messages doubled', Number(rows!['doubled']), 0),
        equal('answers under way by themselves', Number(rows!['under_way']), 0),
        between('answers in doubt, to be looked at', Number(rows!['unknown']), 1, 10_000),
        equal('log-ins', Number(rows!['logins']), 0),
      )
      await sleep(4000)
      const sum = (): number => [...house.platform.taken.values()].reduce((total, times) => total + times, 0)
      lines.push(equal('sent before a person said so', sum() - takenBefore, 0))
      const confirmed = await copy.call('POST', '/api/workspace/outbound/confirm')
      say(`outbound confirmed: ${confirmed.status}`)
      lines.push(equal('a person lets outbound go on', confirmed.status, 200))
      await settle(copy)
      lines.push(
        equal('answers taken twice', [...house.platform.taken.values()].filter((times) => times > 1).length, 0),
      )
      return lines
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
