// The disk of the data folder fills up under load, and is made free again. A small disk in memory stands for it, which needs root.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { underLoad } from './kill.ts'
import type { Drill } from './run.ts'

const run = promisify(execFile)

export const diskFull: Drill = {
  summary: 'the disk is full for seconds: nothing accepted is lost, and all goes on when there is room',
  rounds: 3,
  smoke: 1,
  async run({ rounds, say }) {
    const directory = await mkdtemp(join(tmpdir(), 'rapport-drill-full-'))
    const data = join(directory, 'data')
    await mkdir(data)
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=0711', 'tmpfs', data]).then(
      () => null,
      (error: Error) => error,
    )
    if (mounted !== null) {
      await rm(directory, { recursive: true })
      return `a small disk can't be mounted here (${mounted.message.split('\n')[1] ?? 'needs root'})`
    }
    try {
      return await underLoad(
        rounds,
        say,
        async (house, _random, round) => {
          await fill(join(data, 'ballast'), data)
          await sleep(4000)
          const healthy = await fetch(`${house.url()}/healthz`).then(
            (one) => one.ok,
            () => false,
          )
          await rm(join(data, 'ballast'))
          say(
            `round ${round}: full for 4 s, the program ${healthy ? 'answered meanwhile' : 'did not answer meanwhile'}`,
          )
          await ready(house.url())
        },
        { directory },
        // Enough to need new room at once.
        { pace: 5 },
      )
    } finally {
      await run('umount', ['--lazy', data]).catch(() => {})
      await rm(directory, { recursive: true, force: true })
    }
  },
}

async function fill(path: string, folder: string): Promise<void> {
  const file = await open(path, 'w')
  const block = Buffer.alloc(1 << 20)
  try {
    for (;;) {
      const { bavail, bsize } = await statfs(folder)
      if (bavail === 0) return
      await file.write(block, 0, Math.min(block.length, bavail * bsize))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    await file.close()
  }
}

async function ready(url: string): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (
      await fetch(`${url}/readyz`).then(
        (one) => one.ok,
        () => false,
      )
    )
      return
    await sleep(250)
  }
  throw new Error('half a minute after there was room again, the program is not ready')
}
