// A browser calls a route by its method and path and hears an event by what it makes stale. Schemas, summaries and permissions
// are the server's: they are taken out of the contracts in the browser's bundle, and with them the library that makes them.
import { parseAst, type Plugin } from 'vite'

const serverOnly = new Set(['summary', 'access', 'params', 'query', 'body', 'reply', 'problems', 'limit', 'data'])
const contract = /\/(?:domains\/[\w-]+\/contract(?:\/[\w-]+)?|platform\/(?:contract\/kernel|realtime\/contract))\.ts$/

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

export function slimContracts(): Plugin {
  return {
    name: 'slim-contracts',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!contract.test(id.split('?')[0]!)) return null
      return { code: unusedWhenUnread(withoutServerOnly(code)), map: null }
    },
  }
}

/** Schemas are made by calls that do nothing else, which a bundler has to be told before it may leave one out. */
function unusedWhenUnread(code: string): string {
  return code.replace(/(?<![\w.])(t\.[A-Z]\w*|nullable|oneOf|pageOf|routes|events)(?=\()/g, '/* @__PURE__ */ $1')
}

function withoutServerOnly(code: string): string {
  const cuts: Node[] = []
  visit(parseAst(code, { lang: 'ts' }) as unknown as Node, (node) => {
    const call = node as Node & { callee?: { name?: string }; arguments?: (Node & { properties?: Property[] })[] }
    if (call.type !== 'CallExpression' || !['routes', 'events'].includes(call.callee?.name ?? '')) return
    for (const { value } of call.arguments?.[0]?.properties ?? [])
      for (const inner of value?.properties ?? []) if (serverOnly.has(inner.key?.name ?? '')) cuts.push(inner)
  })
  return cuts
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end).replace(/^\s*,/, ''), code)
}

interface Property extends Node {
  readonly key?: { readonly name?: string }
  readonly value?: { readonly properties?: readonly Property[] }
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const inner of Object.values(node)) {
    for (const one of Array.isArray(inner) ? inner : [inner])
      if (typeof one === 'object' && one !== null && 'type' in one) visit(one as Node, see)
  }
}
