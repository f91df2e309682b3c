import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Answers only to virtual machines of one large host, from the public range. */
const hostInternal = new Set(['168.63.129.16'])

/**
 * Whether an address belongs to the public internet. Loopback, private, link-local, carrier, multicast, documentation and
 * reserved ranges don't. IPv4 inside IPv6 (mapped, NAT64) counts as the IPv4; tunnels (6to4, Teredo) don't count at all.
 */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js alone would also take spellings such as 2130706433, which sockets take for names.
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast' && !hostInternal.has(parsed.toString())
  if (parsed.isIPv4MappedAddress()) return isPublicAddress(parsed.toIPv4Address().toString())
  const bytes = parsed.toByteArray()
  // 64:ff9b::/96; ipaddr.js counts the local-use 64:ff9b:1::/48 to the same range, which is never public.
  if (parsed.match(ipaddr.IPv6.parse('64:ff9b::'), 96)) return isPublicAddress(bytes.slice(12).join('.'))
  // Only 2000::/3 is given out; this also excludes the old ::a.b.c.d.
  return parsed.range() === 'unicast' && (bytes[0]! & 0xe0) === 0x20
}
