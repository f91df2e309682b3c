import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clusterName, serverProcesses, signal, stopServer } from './embedded-processes.ts'

const impostor = fileURLToPath(new URL('testdata/embedded-impostor.ts', import.meta.url))
const program = '/opt/nowhere/bin/postgres'
let cluster: string
let server: ChildProcess | null = null

beforeEach(() => {
  cluster = `/nowhere/${randomBytes(6).toString('hex')}/postgres-18`
})
afterEach(async () => {
  if (server?.kill('SIGKILL')) await once(server, 'exit')
  server = null
  // Without its server a child with the server's command line passes for the server.
  const { postmaster, children } = await serverProcesses(cluster)
  for (const pid of [...(postmaster === null ? [] : [postmaster]), ...children]) signal(pid, 'SIGKILL')
})

/** A process that looks like a server of the cluster, with one child that looks as it is told. */
async function aServer(endsAt: string, child: string): Promise<{ pid: number; heard: () => string[] }> {
  const words = [impostor, '-D', cluster, '-p', '1', `--ends-at=${endsAt}`, `--child=${child}`]
  server = spawn(process.execPath, words, { argv0: program, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  server.stdout!.on('data', (data: Buffer) => (said += data))
  while (!said.includes('ready')) await once(server.stdout!, 'data')
  return { pid: server.pid!, heard: () => said.trim().split('\n').slice(1) }
}

test('a child that has not taken its own name yet is not taken for the server', async () => {
  const { pid, heard } = await aServer('SIGINT', program)
  const found = await serverProcesses(cluster)
  expect(found).toMatchObject({ postmaster: pid, recovering: false })
  expect(found.children).toHaveLength(1)
  const began = performance.now()
  expect(await stopServer(cluster)).toBe(2)
  expect(performance.now() - began).toBeLessThan(5000)
  expect(heard()).toEqual(['SIGINT'])
})

test('a server that is still recovering is not waited for: it would end its recovery first', async () => {
  const { pid, heard } = await aServer(
    'SIGQUIT',
    `postgres: ${clusterName(cluster)}: startup recovering 000000010000000000000001`,
  )
  expect(await serverProcesses(cluster)).toMatchObject({ postmaster: pid, recovering: true })
  const began = performance.now()
  await stopServer(cluster)
  expect(performance.now() - began).toBeLessThan(5000)
  expect(heard()).toEqual(['SIGQUIT'])
})

test('a server in good health is asked once to end in good order', async () => {
  const { heard } = await aServer('SIGINT', `postgres: ${clusterName(cluster)}: checkpointer`)
  await stopServer(cluster)
  expect(heard()).toEqual(['SIGINT'])
})

test('children whose server was killed are ended too', async () => {
  const { pid } = await aServer('', `postgres: ${clusterName(cluster)}: owner rapport 127.0.0.1(4711) SELECT`)
  process.kill(pid, 'SIGKILL')
  await once(server!, 'exit')
  expect(await serverProcesses(cluster)).toMatchObject({ postmaster: null, children: [expect.any(Number)] })
  await stopServer(cluster) // deaf to anything but SIGKILL
  expect(await serverProcesses(cluster)).toMatchObject({ postmaster: null, children: [] })
})

test('servers of other clusters are left alone', async () => {
  await aServer('SIGINT', program)
  expect(await stopServer(`${cluster}-other`)).toBe(0)
  expect(server!.exitCode).toBeNull()
})
