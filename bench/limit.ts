// Starts a limit beside the program.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { root } from './harness.ts'

export interface Limit extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

/** `insert`, `rows` or `frames`; see limit-server.ts. */
export async function startLimit(kind: 'insert' | 'rows' | 'frames', databaseUrl = ''): Promise<Limit> {
  const child = fork(join(root, 'bench/limit-server.ts'), [], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], LIMIT: kind, DATABASE_URL: databaseUrl },
    execArgv: [],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { url } = await Promise.race([
    new Promise<{ url: string }>((resolve) => child.once('message', resolve as never)),
    exited.then(() => {
      throw new Error(`the limit ${kind} ended before it was ready`)
    }),
  ])
  return {
    url,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
