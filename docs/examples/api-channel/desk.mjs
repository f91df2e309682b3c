// A customer's own desk in one file: what you type goes to Rapport as a customer's message, what Rapport's agents answer is
// printed. Needs Node 20 and nothing else:  node desk.mjs settings.json
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { sign, verify } from './signature.mjs'

/** @type {{ rapportUrl: string, signingSecret: string, callbackSecret: string, port: number }} */
const settings = JSON.parse(readFileSync(process.argv[2] ?? 'settings.json', 'utf8'))
const thread = { key: `desk-${randomUUID()}`, visibility: 'private', subject: 'A talk with the desk' }
const customer = { id: 'customer-1', name: 'Mira Köhler', email: 'mira@passenger.example' }
const MOST_BYTES = 8 * 1024 * 1024

/**
 * Answers that we have, by webhook-id. Yours belong into a database, stored before you say 200.
 * @type {Map<string, { externalId: string, text: string }>}
 */
const answers = new Map()

const say = (/** @type {string} */ line) => void process.stdout.write(`${line}\n`)

/**
 * Sends one event, again and again until Rapport has it. The id stays the same, so nothing is doubled.
 * @param {Record<string, unknown>} event
 */
async function post(event) {
  const id = `evt_${randomUUID()}`
  const body = JSON.stringify({ version: 1, ...event, at: new Date().toISOString() })
  for (let seconds = 1; ; seconds = Math.min(seconds * 2, 300)) {
    const status = await tryOnce(id, body)
    if (status >= 200 && status < 300) return
    if (status >= 400 && status < 500 && status !== 429) return say(`! Rapport refused this with ${status}.`)
    say(`! Rapport did not take it (${status || 'no answer'}), next try in ${seconds} s`)
    await wait(seconds * 1000)
  }
}

/**
 * @param {string} id
 * @param {string} body
 */
async function tryOnce(id, body) {
  try {
    const headers = { 'content-type': 'application/json', ...sign(settings.signingSecret, id, body) }
    const response = await fetch(settings.rapportUrl, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(15_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

const server = createServer(async (request, response) => {
  const reply = (/** @type {number} */ status, /** @type {unknown} */ body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const body = await read(request)
  if (body === null) return reply(413, { reason: 'Too large for this desk' })
  if (!verify(settings.callbackSecret, request.headers, body)) return reply(401, { reason: 'Bad signature' })

  const url = new URL(request.url ?? '/', 'http://desk')
  if (request.method === 'GET' && url.pathname === '/answers/known') {
    const known = answers.get(url.searchParams.get('id') ?? '')
    return known ? reply(200, { externalId: known.externalId }) : reply(404, { reason: 'Never seen' })
  }
  if (request.method !== 'POST' || url.pathname !== '/answers') return reply(404, { reason: 'Nothing here' })

  const event = JSON.parse(body.toString('utf8'))
  if (event.type === 'test') return reply(200, {})
  if (event.type !== 'answer') return reply(422, { reason: `This desk does not know ${event.type}` })
  const id = String(request.headers['webhook-id'])
  const before = answers.get(id)
  if (before) return reply(200, { externalId: before.externalId })
  const answer = { externalId: `desk-answer-${answers.size + 1}`, text: event.text }
  answers.set(id, answer)
  reply(200, { externalId: answer.externalId })

  say(`${event.author.name}: ${event.text}`)
  for (const file of event.media) say(`  [${file.name}, ${file.size} bytes]`)
  await post({ type: 'receipt', id: answer.externalId, state: 'delivered' })
  await post({ type: 'receipt', id: answer.externalId, state: 'read' })
})

/** @param {import('node:http').IncomingMessage} request */
async function read(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MOST_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

server.listen(settings.port, '127.0.0.1', () => {
  const address = server.address()
  say(`Waiting for answers at http://127.0.0.1:${typeof address === 'object' && address?.port}/answers`)
  say('Type a message and press Enter.')
})

for await (const text of createInterface({ input: process.stdin })) {
  if (text.trim() !== '') await post({ type: 'message', id: `desk-${randomUUID()}`, thread, author: customer, text })
}
