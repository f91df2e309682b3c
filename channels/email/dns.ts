// Questions to the DNS that end in time and tell "there is none" from "nobody answered".
import { Resolver } from 'node:dns/promises'

/** As `resolve` of node:dns/promises: throws ENOTFOUND or ENODATA for none, anything else for no answer. */
export type DnsQuery = (name: string, type: string) => Promise<readonly unknown[]>

export type DnsAnswer<T> =
  | { readonly state: 'found'; readonly values: readonly T[] }
  | { readonly state: 'none' }
  | { readonly state: 'failed' }

const resolver = new Resolver({ timeout: 3000, tries: 2 })

export const machineDns: DnsQuery = async (name, type) => (await resolver.resolve(name, type)) as unknown[]

export async function askDns(query: DnsQuery, name: string, type: 'TXT'): Promise<DnsAnswer<string>>
export async function askDns(query: DnsQuery, name: string, type: 'MX'): Promise<DnsAnswer<MxRecord>>
export async function askDns(query: DnsQuery, name: string, type: 'SRV'): Promise<DnsAnswer<SrvRecord>>
export async function askDns(query: DnsQuery, name: string, type: string): Promise<DnsAnswer<unknown>> {
  try {
    const values = await Promise.race([query(name, type), tooLate()])
    if (values.length === 0) return { state: 'none' }
    return { state: 'found', values: type === 'TXT' ? values.map((parts) => [parts].flat().join('')) : values }
  } catch (error) {
    const { code } = error as { code?: string }
    return { state: code === 'ENOTFOUND' || code === 'ENODATA' ? 'none' : 'failed' }
  }
}

export interface MxRecord {
  readonly exchange: string
  readonly priority: number
}

export interface SrvRecord {
  readonly name: string
  readonly port: number
  readonly priority: number
}

const MOST_WAIT_MS = 8000

function tooLate(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('No answer in time')), MOST_WAIT_MS).unref())
}
