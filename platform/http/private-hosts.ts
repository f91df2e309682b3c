// Private addresses that whoever runs the machine lets connections reach: a mail server in the house. Everything else that is
// private stays out of reach, whatever a person of a workspace enters.
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether an address that is not public may be reached; `host` is the name that led to it, or the address itself. */
export type AllowPrivate = (address: string, port: number, host: string) => boolean

interface Place {
  /** A network, or null where a name is meant. */
  readonly network: [ipaddr.IPv4 | ipaddr.IPv6, number] | null
  readonly name: string
  /** Null: every port. */
  readonly port: number | null
}

const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/
/** `host:port`, `[v6]:port`, or the same without a port. */
const PARTS = /^(?:\[([^\]]+)\]|([^:[\]]+)|([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:./]*))(?::(\d{1,5}))?$/

/**
 * Reads `mail.house.example:993, 192.168.1.5:25, 10.1.0.0/16, [fd00::5]:993`. Undefined when part of it is none of these, or
 * is everything at once (a network of no bits).
 */
export function parsePrivateHosts(text: string): AllowPrivate | undefined {
  const places = text.split(',').map((part) => parsePlace(part.trim().toLowerCase()))
  if (places.some((place) => place === undefined)) return undefined
  return (address, port, host) => places.some((place) => covers(place!, address, port, host.toLowerCase()))
}

function parsePlace(text: string): Place | undefined {
  const [, bracketed, plain, bare, portText] = PARTS.exec(text) ?? []
  const name = bracketed ?? plain ?? bare
  if (name === undefined) return undefined
  const port = portText === undefined ? null : Number(portText)
  if (port !== null && (port < 1 || port > 65_535)) return undefined
  const [address = '', bits, more] = name.split('/')
  const family = isIP(address)
  if (family === 0)
    return bits === undefined && NAME.test(name) && !/^[\d.]+$/.test(name) ? { network: null, name, port } : undefined
  if (bracketed !== undefined && family === 4) return undefined
  const widest = family === 4 ? 32 : 128
  const length = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : 0
  if (more !== undefined || length < 1 || length > widest) return undefined
  return { network: [ipaddr.parse(address), length], name, port }
}

function covers({ network, name, port: wanted }: Place, address: string, port: number, host: string): boolean {
  if (wanted !== null && wanted !== port) return false
  if (network === null) return host === name
  if (isIP(address) === 0) return false
  // An IPv4 address is the same whether it comes as itself or inside of IPv6.
  const parsed = ipaddr.process(address)
  return parsed.kind() === network[0].kind() && parsed.match(network as [ipaddr.IPv4, number])
}
