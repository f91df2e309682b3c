// Under which name somebody is a customer on the demo's public pages.
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME_COOKIE = 'demo_guest'

export function guestOf({ headers }: FastifyRequest): string {
  const found = new RegExp(`(?:^|; )${NAME_COOKIE}=([^;]*)`).exec(headers.cookie ?? '')?.[1]
  try {
    return decodeURIComponent(found ?? 'Guest')
  } catch {
    return 'Guest'
  }
}

export function keepGuest(reply: FastifyReply, name: string): FastifyReply {
  return reply.header('set-cookie', `${NAME_COOKIE}=${encodeURIComponent(name)}; Path=/demo; SameSite=Lax; HttpOnly`)
}
