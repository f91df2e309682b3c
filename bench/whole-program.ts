// The program exactly as `rapport start` runs it: its own embedded database in its own data folder, its pages built.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { nodeFlags } from '../bin/node-flags.mjs'
import { callJson } from './load.ts'
import { root } from './harness.ts'

export interface WholeProgram extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly setupLink: string | null
  /** From the first byte of the process to the line that says it is ready. */
  readonly readyMs: number
  stop(): Promise<void>
}

export async function dataFolder(parent: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(parent, 'whole-'))
  await chmod(path, 0o711)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export async function startWhole(dataDir: string): Promise<WholeProgram> {
  const began = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'bin/rapport.ts'), 'start'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'warn',
      TRUST_PROXY: 'loopback',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let output = ''
  const ready = await new Promise<{ url: string; readyMs: number }>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const url = /Rapport is ready at (\S+)/.exec(output)?.[1]
      if (url !== undefined) resolve({ url, readyMs: performance.now() - began })
    })
    child.once('exit', (code) => reject(new Error(`the program ended (${code}) before it was ready: ${output}`)))
  })
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
  }
  return {
    ...ready,
    pid: child.pid!,
    setupLink: /https?:\/\/\S+\/setup#\S+/.exec(output)?.[0] ?? null,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Whether every stored delivery has been received, as the people who look at the connections see it. */
export async function isReceived(url: string, headers: Record<string, string>): Promise<boolean> {
  const { value } = await callJson<{ items: { waiting: number }[] }>(url, {
    method: 'GET',
    path: '/api/connections',
    headers,
  })
  return value.items.every(({ waiting }) => waiting === 0)
}
